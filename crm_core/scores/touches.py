"""What was said with a record's people up to a day: how much, how lately, from which side, how quickly they answer."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from crm_core.models import Interaction, InteractionKind
from crm_core.schema import Entity, Schema

LATELY_DAYS = 30
COUNTS = {str(kind): f"{kind}s" for kind in InteractionKind}  # kind → the feature that counts it
TOUCHES = (
    "interactions", "recent_interactions", "received", *COUNTS.values(), "days_since_interaction",
    "days_since_received", "reply_days",
)  # fmt: skip


@dataclass(frozen=True)
class Touch:
    """An interaction; `side` is "in" from the customer, "out" from us, None for a meeting or a note."""

    on: date
    kind: str
    side: str | None


def touches_of(connection: Connection, schema: Schema, entity: Entity, ids: Iterable[int]) -> dict[int, list[Touch]]:
    """The interactions of these records, the oldest first."""
    child = schema.entities["interaction"].fields[entity.name]
    table = Interaction.__table__.c
    link = table[str(child.column)]
    rows = connection.execute(
        select(link.label("id"), table.happened_on, table.kind, table.direction)
        .where(link.in_(list(ids)), table.deleted_at.is_(None))
        .order_by(table.happened_on, table.happened_at)
    )
    found: dict[int, list[Touch]] = defaultdict(list)
    for row in rows:
        found[row.id].append(Touch(row.happened_on, row.kind, row.direction))
    return found


def touch_cells(touches: Sequence[Touch], moment: date | None) -> dict[str, object]:
    """The features of TOUCHES as of the end of `moment`; without a day only what needs none."""
    known = [one for one in touches if moment is None or one.on <= moment]
    kinds = [one.kind for one in known]
    cells: dict[str, object] = {"interactions": len(known), "received": sum(one.side == "in" for one in known)}
    cells |= {name: kinds.count(kind) for kind, name in COUNTS.items()}
    if moment is not None:
        cells |= dict(_recency(known, moment))
    replies = _reply_days(known)
    if replies:
        cells["reply_days"] = sum(replies) / len(replies)
    return cells


def with_touch(cells: Mapping[str, object], kind: str) -> dict[str, object]:
    """The same features after one more interaction today, from our side."""
    more = {name: int(str(cells.get(name) or 0)) + 1 for name in ("interactions", "recent_interactions", COUNTS[kind])}
    return {**cells, **more, "days_since_interaction": 0}


def _recency(known: Sequence[Touch], moment: date) -> Iterator[tuple[str, object]]:
    yield "recent_interactions", sum((moment - one.on).days < LATELY_DAYS for one in known)
    if known:
        yield "days_since_interaction", (moment - known[-1].on).days
    received = [one.on for one in known if one.side == "in"]
    if received:
        yield "days_since_received", (moment - received[-1]).days


def _reply_days(known: Sequence[Touch]) -> list[int]:
    """From each thing that we said to the customer's next, in days."""
    found, asked = [], None
    for one in known:
        if one.side == "out":
            asked = asked or one.on
        elif one.side == "in" and asked:
            found.append((one.on - asked).days)
            asked = None
    return found
