"""Records as rows that the scorer reads: one path for one record and for a million, in chunks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from crm_core.schema import Entity, Schema
from crm_core.scores.columns import Column, columns_of
from crm_core.scores.deals import DEAL_FEATURES, deal_cells
from crm_core.scores.past import Afterwards, as_of, count_late, writes_to
from crm_core.scores.rates import Rates
from crm_core.scores.stored import Stored, read_stored
from crm_core.scores.subjects import Seen
from crm_core.scores.touches import TOUCHES, touch_cells, touches_of

CHUNK = 2_000  # records at a time
SEEN_ON, AGE = "seen on", "age_days"
_OPENED = {"lead": "created_on", "deal": "started_on"}

Row = dict[str, object]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Reader:
    """Reads rows of one kind of record; `today` is the day of those that are open."""

    schema: Schema
    entity: Entity
    columns: tuple[Column, ...]
    rates: Rates
    today: date

    @classmethod
    def of(cls, schema: Schema, entity: str, rates: Rates, today: date) -> "Reader":
        """With all that the registry has of this kind of record."""
        found = schema.entities[entity]
        return cls(schema, found, columns_of(schema, found), rates, today)

    @property
    def names(self) -> tuple[str, ...]:
        """Every feature that a row may have."""
        own = tuple(column.name for column in self.columns)
        return (*own, AGE, *(DEAL_FEATURES if self.entity.name == "deal" else ()), *TOUCHES)

    def rows(
        self, connection: Connection, seen: Sequence[Seen], *, late: Afterwards | None = None
    ) -> list[tuple[Seen, Row]]:
        """The rows of at most CHUNK records, each as of its moment; `late` gathers what was written after the end."""
        ids = [one.id for one in seen]
        stored = read_stored(connection, self.schema, self.entity, ids)
        is_past = any(one.moment != self.today for one in seen)
        writes = writes_to(connection, self.entity.name, ids) if is_past else {}
        touches = touches_of(connection, self.schema, self.entity, ids)
        more = deal_cells(connection, self.schema, seen, stored) if self.entity.name == "deal" else {}
        found = []
        for one in seen:
            if one.id not in stored:
                continue
            own, beyond = stored[one.id]
            if late is not None:
                count_late(late, own, writes.get(one.id, ()), one.ended)
            cells = self._cells(as_of(own, writes.get(one.id, ()), one.moment), beyond, one.moment)
            said = touch_cells(touches.get(one.id, ()), one.moment)
            found.append((one, cells | said | more.get(one.id, {})))
        return found

    def _cells(self, own: Stored, beyond: Mapping[str, Stored], moment: date | None) -> Row:
        row: Row = {SEEN_ON: moment}
        for column in self.columns:
            source = own if column.via is None else beyond[column.via.name]
            row[column.name] = column.read(source, moment, self.rates)
        opened = own.get(_OPENED[self.entity.name])
        if moment is not None and isinstance(opened, date) and opened <= moment:
            row[AGE] = (moment - opened).days
        return row


def chunks(seen: Sequence[Seen]) -> Iterator[Sequence[Seen]]:
    """A few at a time."""
    for start in range(0, len(seen), CHUNK):
        yield seen[start : start + CHUNK]
