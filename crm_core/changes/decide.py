"""Approving and rejecting: what an authenticated person does with a proposal. No agent and no tool reaches this."""

from datetime import UTC, datetime

from sqlalchemy import Connection

from crm_core.access import Actor, Scope
from crm_core.changes.change import Change, ChangeSet, Digest, State, storable
from crm_core.changes.commit import append_decisions, apply_changes, explained, seal
from crm_core.changes.history import list_changes, read_changes
from crm_core.changes.propose import check_waits, hold
from crm_core.db import ReadStore, Store
from crm_core.errors import Conflict, Forbidden
from crm_core.users import list_actors

_MOST_WAITING = 10_000


def approve(
    store: Store, proposal: str, *, sha256: str, actor: Actor, door: str, at: datetime | None = None
) -> ChangeSet:
    """Apply a proposal exactly as it was shown, in one transaction with its approval, audit entry and outbox row.

    Args:
        store: where.
        proposal: its id, or at least 4 characters that only it begins with.
        sha256: of the changes that the person saw.
        actor: who approves: the asker, or somebody with the write right over the asker's records; in both cases the
            right to change each record is checked again now.
        door: what the approval came through.
        at: the moment, default now.

    Returns:
        The change set, applied.

    Raises:
        NotFound: no such proposal that the actor may see.
        Conflict: it waits no longer, is not what was shown, or a record moved on (then it is conflicted for good).
        Forbidden: the actor may not decide on it, or may not change one of the records.
        Invalid: a change makes no sense any more.
    """
    at = at or datetime.now(UTC)
    try:
        with store.write() as connection:
            found = _waiting(connection, proposal, actor)
            changes = _as_shown(connection, found, sha256)
            schema = store.schema_at(connection)
            append_decisions(connection, found.id, [State.APPROVED], actor, door, at)
            with explained():
                written = apply_changes(
                    connection, schema, changes, found.head, actor=actor, at=at, keeps=False
                )  # fmt: skip
                seal(connection, found.head, written, actor=actor, door=door, at=at)
    except _Moved:
        raise
    except Conflict as error:
        _note_conflict(store, proposal, error, actor=actor, door=door, at=at)
        raise
    return ChangeSet(found.head, found.sha256, found.created_at, State.APPLIED, str(written))


def reject(
    store: Store, proposal: str, *, actor: Actor, door: str, reason: str | None = None, at: datetime | None = None
) -> ChangeSet:
    """Decide against a proposal. It stays on record and changes nothing.

    Raises:
        NotFound, Conflict, Forbidden: as for `approve`.
    """
    with store.write() as connection:
        found = _waiting(connection, proposal, actor)
        note = None if reason is None else storable(reason)
        append_decisions(connection, found.id, [State.REJECTED], actor, door, at or datetime.now(UTC), note=note)
    return ChangeSet(found.head, found.sha256, found.created_at, State.REJECTED, reason)


def may_decide(actor: Actor, proposal: ChangeSet) -> bool:
    """Whether the actor may decide on it: it is theirs, or by somebody whose records they may change."""
    asker = proposal.head.asked_by_id
    return actor.id == asker or actor.writes is Scope.ALL or (actor.writes is Scope.TEAM and asker in actor.team)


def list_deciders(store: ReadStore, proposal: ChangeSet) -> tuple[Actor, ...]:
    """The active people who may decide on it: its asker, those above them, then those who may change everything."""
    asker = proposal.head.asked_by_id
    found = [one for one in list_actors(store) if may_decide(one, proposal)]
    return tuple(sorted(found, key=lambda one: (one.id != asker, one.writes is Scope.ALL)))


def list_waiting(store: ReadStore, actor: Actor, *, limit: int = 200) -> tuple[ChangeSet, ...]:
    """The proposals that wait for this person: those that they may decide on, the newest first."""
    found = list_changes(store, actor, limit=_MOST_WAITING, waiting=True)
    return tuple(one for one in found if may_decide(actor, one))[:limit]


class _Moved(Conflict):
    """The proposal itself is not what it was; there is nothing to note on it."""


def _waiting(connection: Connection, proposal: str, actor: Actor) -> ChangeSet:
    found = hold(connection, actor, proposal)
    if not may_decide(actor, found):
        raise Forbidden(f"{actor.name} may not decide on what {found.head.asked_by} proposed.")
    try:
        check_waits(found)
    except Conflict as error:
        raise _Moved(str(error)) from None
    return found


def _as_shown(connection: Connection, found: ChangeSet, sha256: str) -> list[Change]:
    """The changes, if they are what was shown, what was proposed, and nothing was added beside them."""
    changes, digest = [], Digest(found.head)
    for seq, change in read_changes(connection, found.id):  # read once: what is checked is what is applied
        if seq < 0:
            raise _Moved(f"Something was added to the proposal {found.id[:8]}; it cannot be approved.")
        digest.add(change)
        changes.append(change)
    if sha256 != found.sha256 or digest.hex() != found.sha256:
        raise _Moved(f"The proposal {found.id[:8]} is not what was shown. Look at it again.")
    return changes


def _note_conflict(store: Store, proposal: str, error: Conflict, *, actor: Actor, door: str, at: datetime) -> None:
    """The approval came too late: the proposal ends here, unless somebody ended it in between."""
    with store.write() as connection:
        found = hold(connection, actor, proposal)
        if found.state is State.PROPOSED:
            append_decisions(connection, found.id, [State.CONFLICTED], actor, door, at, note=str(error))
