"""What was written to records after the moment as of which they are seen, and how to take it back."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from crm_core.models import ChangeDecision, ChangeRow

_FEWEST, _SHARE = 12, 0.2  # records, and of those that hold the field, from which it counts as written afterwards


@dataclass(frozen=True)
class Write:
    """An applied update of one record: public name → (old, new)."""

    on: date
    set: Mapping[str, Sequence[Any]]


@dataclass
class Afterwards:
    """How often each field was filled with the outcome or later, of how many records that hold it."""

    held: Counter[str] = field(default_factory=Counter)
    late: Counter[str] = field(default_factory=Counter)

    def refused(self) -> dict[str, str]:
        """Fields that such records would not have yet: name → why."""
        return {
            name: f"it was filled with the outcome or after it in {late:,} of {self.held[name]:,} records"
            for name, late in self.late.items()
            if late >= _FEWEST and late >= _SHARE * self.held[name]
        }


def writes_to(connection: Connection, entity: str, ids: Iterable[int]) -> dict[int, list[Write]]:
    """The updates of these records, the newest first. What created a record says nothing of its days."""
    rows = connection.execute(
        select(ChangeRow.record_id, ChangeRow.set, ChangeDecision.at)
        .join(ChangeDecision, ChangeDecision.change_set_id == ChangeRow.change_set_id)
        .where(ChangeRow.entity == entity, ChangeRow.op == "update", ChangeRow.record_id.in_(list(ids)))
        .where(ChangeDecision.state == "applied")
        .order_by(ChangeDecision.at.desc(), ChangeRow.seq.desc())
    )
    found: dict[int, list[Write]] = defaultdict(list)
    for row in rows:
        found[row.record_id].append(Write(row.at.date(), row.set))
    return found


def as_of(stored: Mapping[str, Any], writes: Sequence[Write], moment: date | None) -> Mapping[str, Any]:
    """The record's values with everything taken back that was written after `moment`."""
    if moment is None or not writes or writes[0].on <= moment:
        return stored
    before = dict(stored)
    for write in writes:
        if write.on > moment:
            before.update({name: old for name, (old, _) in write.set.items()})
    return before


def count_late(seen: Afterwards, stored: Mapping[str, Any], writes: Sequence[Write], ended: date | None) -> None:
    """Take one record that ended into the count."""
    seen.held.update(name for name, value in stored.items() if value not in (None, ""))
    late = {
        name
        for write in writes
        if ended is not None and write.on >= ended
        for name, (old, new) in write.set.items()
        if old in (None, "") and new not in (None, "")
    }
    seen.late.update(late)
