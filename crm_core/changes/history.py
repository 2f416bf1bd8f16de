"""Looking up change sets and their changes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, ScalarSelect, Select, func, select
from sqlalchemy.orm import aliased

from crm_core.access import Actor, Scope
from crm_core.changes.change import Change, ChangeSet, Head, Op, State
from crm_core.changes.rights import visible_ids
from crm_core.db import ReadStore
from crm_core.errors import Invalid, NotFound
from crm_core.models import ChangeDecision, ChangeEvent, ChangeRow, ChangeSetRow


@dataclass(frozen=True)
class Sought:
    """Which change sets are looked for; None: any.

    Attributes:
        record: entity and id of a record that they changed, one that the actor may see.
        asked_by_id: who asked for them.
        door: what they came through.
        kind: edit | import | undo.
        since, until: when they were made, days in UTC, inclusive.
    """

    record: tuple[str, int] | None = None
    asked_by_id: int | None = None
    door: str | None = None
    kind: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Event:
    """A state that a change set came to: who brought it there, when, through which door, and what was noted."""

    state: State
    by: str
    at: datetime
    door: str
    note: str | None


_NO_ID = re.compile(r"[^0-9a-f-]")


def list_changes(
    store: ReadStore, actor: Actor, *, limit: int = 20, offset: int = 0, waiting: bool = False,
    turn: str | None = None, sought: Sought | None = None,
) -> tuple[ChangeSet, ...]:  # fmt: skip
    """The newest change sets that the actor may see: by the people whose records they may read.

    Args:
        store: where.
        actor: who asks.
        limit: how many.
        offset: how many of the newest to pass over.
        waiting: only those that wait for approval.
        turn: only those of this conversation turn.
        sought: only those.
    """
    query = _sets(actor).order_by(ChangeSetRow.created_at.desc(), ChangeEvent.id.desc())
    if waiting:
        late = aliased(ChangeSetRow)
        query = query.where(
            ChangeSetRow.id.in_(select(late.id).where(late.expires_at >= datetime.now(UTC))),
            ChangeDecision.id.is_(None),
            ChangeEvent.state == State.PROPOSED,
        )
    query = query.limit(limit).offset(offset)
    if turn is not None:
        query = query.where(ChangeSetRow.turn == turn)
    with store.read(actor) as connection:
        if sought is not None and sought.record and not _may_see(connection, store, actor, *sought.record):
            return ()
        query = query if sought is None else query.where(*_tests(sought))
        found = tuple(_change_set(row) for row in connection.execute(query))
    return tuple(one for one in found if not waiting or one.state is State.PROPOSED)


def read_events(connection: Connection, one: ChangeSet) -> tuple[Event, ...]:
    """What became of a change set, in order."""
    made = select(ChangeEvent.__table__).where(ChangeEvent.change_set_id == one.id)
    decided = select(ChangeDecision.__table__).where(ChangeDecision.change_set_id == one.id)
    events = [Event(State(r.state), r.actor, r.at, one.head.door, r.note) for r in connection.execute(made)]
    events += [
        Event(State(r.state), r.actor, r.at, r.door, r.note)
        for r in connection.execute(decided.order_by(ChangeDecision.id))
    ]
    return tuple(sorted(events, key=lambda event: event.at))


def find_change_set(connection: Connection, actor: Actor, id_or_prefix: str) -> ChangeSet:
    """The change set with this id, or the only one whose id begins so (at least 4 characters).

    Raises:
        NotFound: none that the actor may see.
        Invalid: several.
    """
    prefix = id_or_prefix.strip().lower()
    if len(prefix) < 4:
        raise Invalid(f"{id_or_prefix!r} is too short: give at least 4 characters of the change's id.")
    if _NO_ID.search(prefix) or len(prefix) > 36:
        raise NotFound("There is no such change.")
    query = _sets(actor).where(ChangeSetRow.id.startswith(prefix, autoescape=True)).limit(3)
    found = [_change_set(row) for row in connection.execute(query)]
    if not found:
        raise NotFound(f"There is no change {id_or_prefix!r}.")
    if len(found) > 1:
        raise Invalid(f"Several changes begin with {id_or_prefix!r}: " + ", ".join(one.id for one in found))
    return found[0]


def read_changes(
    connection: Connection, change_set_id: str, *, newest_first: bool = False
) -> Iterator[tuple[int, Change]]:
    """The changes of a set with their position, streamed.

    A position below 0 is what the commit added by itself (a stage change for the deal at `-position - 1`); it stands
    outside the hash.
    """
    order = ChangeRow.seq.desc() if newest_first else ChangeRow.seq
    query = select(ChangeRow.__table__).where(ChangeRow.change_set_id == change_set_id).order_by(order)
    for row in connection.execute(query.execution_options(yield_per=1000)):
        yield row.seq, Change(Op(row.op), row.entity, row.record_id, row.base_version, _pairs(row.set))


def _pairs(stored: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {name: (old, new) for name, (old, new) in stored.items()}


def find_head(connection: Connection, change_set_id: str) -> Head:
    """The head of a change set that is known to be there."""
    query = select(ChangeSetRow.__table__).where(ChangeSetRow.id == change_set_id)
    return _head(connection.execute(query).one())


def _sets(actor: Actor) -> Select[Any]:
    query = (
        select(ChangeSetRow.__table__, *_STATE)
        .join(ChangeEvent, ChangeEvent.id == _newest(ChangeEvent))
        .outerjoin(ChangeDecision, ChangeDecision.id == _newest(ChangeDecision))
    )
    if actor.reads is Scope.ALL:
        return query
    seen = actor.team if actor.reads is Scope.TEAM else {actor.id}
    return query.where(ChangeSetRow.asked_by_id.in_(list(seen)))


def _tests(sought: Sought) -> Iterator[ColumnElement[bool]]:
    sets = ChangeSetRow
    for column, wanted in ((sets.asked_by_id, sought.asked_by_id), (sets.door, sought.door), (sets.kind, sought.kind)):
        if wanted is not None:
            yield column == wanted
    if sought.since is not None:
        yield sets.created_at >= datetime.combine(sought.since, time(), UTC)
    if sought.until is not None:
        yield sets.created_at < datetime.combine(sought.until + timedelta(days=1), time(), UTC)
    if sought.record is not None:
        entity, record_id = sought.record
        of_record = select(ChangeRow.change_set_id).where(ChangeRow.entity == entity, ChangeRow.record_id == record_id)
        yield sets.id.in_(of_record)


def _may_see(connection: Connection, store: ReadStore, actor: Actor, entity: str, record_id: int) -> bool:
    declared = store.schema_at(connection).entity(entity)
    return record_id in visible_ids(connection, store.schema_at(connection), actor, declared, {record_id})


def _newest(model: type[ChangeEvent] | type[ChangeDecision]) -> ScalarSelect[Any]:
    of_set = select(model.id).where(model.change_set_id == ChangeSetRow.id).correlate(ChangeSetRow)
    return of_set.order_by(model.id.desc()).limit(1).scalar_subquery()


_STATE = (
    func.coalesce(ChangeDecision.state, ChangeEvent.state).label("state"),
    func.coalesce(ChangeDecision.note, ChangeEvent.note).label("note"),
)


def _change_set(row: Row[Any]) -> ChangeSet:
    head, state = _head(row), State(row.state)
    until = head.expires_at
    if state is State.PROPOSED and until is not None and until < datetime.now(UTC):
        state = State.EXPIRED
    return ChangeSet(head, row.sha256, row.created_at, state, row.note)


def _head(row: Row[Any]) -> Head:
    return Head(
        row.id, row.kind, row.summary, row.asked_by, row.asked_by_id, row.door, row.turn, row.tainted, row.origin,
        row.undoes,
    )  # fmt: skip
