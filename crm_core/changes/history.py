"""Looking up change sets and their changes."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from crm_core.access import Actor, Scope
from crm_core.changes.change import Change, ChangeSet, Head, Op, State
from crm_core.db import Store
from crm_core.errors import Invalid, NotFound
from crm_core.models import ChangeEvent, ChangeRow, ChangeSetRow


def list_changes(store: Store, actor: Actor, *, limit: int = 20) -> tuple[ChangeSet, ...]:
    """The newest change sets that the actor may see: by the people whose records they may read."""
    query = _sets(actor).order_by(ChangeSetRow.created_at.desc(), ChangeEvent.id.desc()).limit(limit)
    with store.read() as connection:
        return tuple(_change_set(row) for row in connection.execute(query))


def find_change_set(connection: Connection, actor: Actor, id_or_prefix: str) -> ChangeSet:
    """The change set with this id, or the only one whose id begins so (at least 4 characters).

    Raises:
        NotFound: none that the actor may see.
        Invalid: several.
    """
    prefix = id_or_prefix.strip().lower()
    if len(prefix) < 4:
        raise Invalid(f"{id_or_prefix!r} is too short: give at least 4 characters of the change's id.")
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


def _sets(actor: Actor) -> Select[Any]:
    newest = (
        select(ChangeEvent.id)
        .where(ChangeEvent.change_set_id == ChangeSetRow.id)
        .order_by(ChangeEvent.id.desc())
        .limit(1)
        .correlate(ChangeSetRow)
        .scalar_subquery()
    )
    query = select(ChangeSetRow.__table__, ChangeEvent.state, ChangeEvent.note).join(
        ChangeEvent, ChangeEvent.id == newest
    )
    if actor.reads is Scope.ALL:
        return query
    seen = actor.team if actor.reads is Scope.TEAM else {actor.id}
    return query.where(ChangeSetRow.asked_by_id.in_(list(seen)))


def _change_set(row: Row[Any]) -> ChangeSet:
    head = Head(
        row.id, row.kind, row.summary, row.asked_by, row.asked_by_id, row.door, row.turn, row.tainted, row.origin,
        row.undoes,
    )  # fmt: skip
    return ChangeSet(head, row.sha256, row.created_at, State(row.state), row.note)
