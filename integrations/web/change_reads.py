"""What the page of changes reads: one change set in full, and the state of the audit trail."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import func, select

from crm_core.access import Actor, Scope
from crm_core.changes import (
    ChangeSet,
    Event,
    Fault,
    State,
    check_audit,
    find_change_set,
    may_apply,
    read_changes,
    read_events,
)
from crm_core.changes.draft import look_up
from crm_core.db import ReadStore
from crm_core.models import AuditEntry, ChangeRow

READ = 200  # changes of a set


@dataclass(frozen=True)
class Opened:
    """A change set with its changes in words, how many there are, what became of it; whether one may take it back."""

    found: ChangeSet
    changes: list[dict[str, Any]]
    count: int
    events: tuple[Event, ...]
    may_undo: bool


@dataclass(frozen=True)
class Audit:
    """How many lines the trail has, and what is wrong with it; None: it was not looked at."""

    entries: int
    wrong: tuple[Fault, ...] | None


def open_set(store: ReadStore, change_set: str, actor: Actor) -> Opened:
    """A change set in full, as far as a page shows it.

    Raises:
        NotFound: none that the actor may see.
    """
    found, changes = look_up(store, change_set, actor=actor, limit=READ)
    with store.read(actor) as connection:
        found = find_change_set(connection, actor, found.id)
        asked = (ChangeRow.change_set_id == found.id, ChangeRow.seq >= 0)
        count = connection.execute(select(func.count()).where(*asked)).scalar_one()
        exact = (one for seq, one in read_changes(connection, found.id) if seq >= 0)
        back = [one.inverse for one in islice(exact, READ)] if found.state is State.APPLIED else []
        may_undo = bool(back) and may_apply(connection, store.schema_at(connection), actor, back)
        return Opened(found, changes, int(count), read_events(connection, found), may_undo)


def read_audit(store: ReadStore, *, most: int | None = None) -> Audit:
    """The state of the trail; with more than `most` lines it is only counted."""
    with store.read() as connection:
        entries = int(connection.execute(select(func.count()).select_from(AuditEntry)).scalar_one())
        if most is not None and entries > most:
            return Audit(entries, None)
        return Audit(entries, tuple(check_audit(connection)))


def sees_audit(actor: Actor) -> bool:
    """Whether somebody is told of the whole trail."""
    return actor.reads is Scope.ALL
