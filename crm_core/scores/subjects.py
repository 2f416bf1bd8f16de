"""The records that scores are about: whether each ended, how, and the day as of which it is seen.

A record that ended is seen at an age drawn from the ages of all, and is left out where it had ended by then: so what
is learned from is made up as the open records of any day are. Seen on a day of its own life instead, each would tell
by its age how long it was going to live, and with that how it ended. Where the day of the end is not known (a lead
that came to nothing), a life as long as another's is drawn, so that the length tells nothing.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from crm_core.models import ChangeDecision, ChangeRow, LeadStatus, StageKind
from crm_core.schema import Entity, Schema
from crm_core.scoring.values import as_outcome

_STATUSES = {LeadStatus.CONVERTED: True, LeadStatus.UNQUALIFIED: False}
_STAGES = {StageKind.WON: True, StageKind.LOST: False}


@dataclass(frozen=True)
class Subject:
    """A record: `outcome` is None while it is open; days are None where they are not known."""

    id: int
    outcome: bool | None
    opened: date | None
    ended: date | None


@dataclass(frozen=True)
class Seen:
    """A record as of the end of a day; None: the day is not known, and nothing is counted in days."""

    id: int
    moment: date | None
    outcome: bool | None = None
    ended: date | None = None


def subjects_of(
    connection: Connection, schema: Schema, entity: Entity, ids: Collection[int] | None = None
) -> list[Subject]:
    """Every record of a kind that has scores, or those of `ids`: leads converted or not, deals won or lost, open ones.

    Own words of imported data count too: a lead whose status says "lost" ended badly.
    """
    read = _deals if entity.name == "deal" else _leads
    among = None if ids is None else list(ids)
    return sorted(read(connection, schema, among), key=lambda one: one.id)


def seen_today(subjects: Sequence[Subject], today: date) -> list[Seen]:
    """The open ones, as they are."""
    return [Seen(one.id, today) for one in subjects if one.outcome is None]


def seen_before_the_end(subjects: Sequence[Subject], today: date) -> list[Seen]:
    """Those that ended, each on a day of its open life. What lies in the future is left out."""
    ended = [one for one in subjects if one.outcome is not None and not _is_ahead(one, today)]
    lives = sorted(max((one.ended - one.opened).days, 0) for one in ended if one.ended and one.opened)
    return [seen for one in ended if (seen := _seen(one, lives))]


def _is_ahead(one: Subject, today: date) -> bool:
    return any(day is not None and day > today for day in (one.opened, one.ended))


def _seen(one: Subject, lives: Sequence[int]) -> Seen | None:
    if one.opened is None:
        day = None if one.ended is None else one.ended - timedelta(days=1)
        return Seen(one.id, day, one.outcome, one.ended)
    life = (one.ended - one.opened).days if one.ended else _one_of(lives, one.id, "life")
    age = int(_drawn(one.id, "day") * _one_of(lives, one.id, "age"))
    if age >= max(life, 1):
        return None
    return Seen(one.id, one.opened + timedelta(days=age), one.outcome, one.ended)


def _one_of(lives: Sequence[int], id_: int, what: str) -> int:
    return lives[int(_drawn(id_, what) * len(lives))] if lives else 0


def _drawn(id_: int, what: str) -> float:
    """From 0 to under 1, the same each time."""
    return int.from_bytes(hashlib.blake2b(f"{what} {id_}".encode(), digest_size=6).digest(), "big") / 2**48


def _deals(connection: Connection, schema: Schema, ids: list[int] | None) -> list[Subject]:
    deals, stages = schema.entities["deal"].table.c, schema.entities["stage"].table.c
    rows = connection.execute(
        select(deals.id, deals.started_on, deals.closed_on, stages.kind)
        .join_from(deals.id.table, stages.id.table, stages.id == deals.stage_id)
        .where(deals.deleted_at.is_(None), *_among(deals.id, ids))
    )
    return [Subject(row.id, _STAGES.get(row.kind), row.started_on, row.closed_on) for row in rows]


def _leads(connection: Connection, schema: Schema, ids: list[int] | None) -> list[Subject]:
    leads = schema.entities["lead"].table.c
    rows = connection.execute(
        select(leads.id, leads.created_on, leads.converted_on, leads.status).where(
            leads.deleted_at.is_(None), *_among(leads.id, ids)
        )
    ).all()
    given_up = {id_: at.date() for id_, at in connection.execute(_when_given_up(ids)).all()}
    return [
        Subject(row.id, outcome, row.created_on, row.converted_on or (None if outcome else given_up.get(row.id)))
        for row in rows
        for outcome in [_lead_outcome(row)]
    ]


def _lead_outcome(row: Any) -> bool | None:
    if row.converted_on is not None:
        return True
    return _STATUSES[row.status] if row.status in _STATUSES else as_outcome(row.status)


def _among(column: ColumnElement[int], ids: list[int] | None) -> list[ColumnElement[bool]]:
    return [] if ids is None else [column.in_(ids)]


def _when_given_up(ids: list[int] | None) -> Select[int, datetime]:
    """When somebody set a lead's status to unqualified, the last time."""
    set_to = ChangeRow.set[("status", 1)].as_string()
    return (
        select(ChangeRow.record_id, ChangeDecision.at)
        .join(ChangeDecision, ChangeDecision.change_set_id == ChangeRow.change_set_id)
        .where(ChangeRow.entity == "lead", ChangeRow.op == "update", ChangeDecision.state == "applied")
        .where(set_to == str(LeadStatus.UNQUALIFIED), *_among(ChangeRow.__table__.c.record_id, ids))
        .order_by(ChangeDecision.at)
    )
