"""Taking a change set back, as a new change set."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import Connection

from crm_core.access import Actor
from crm_core.changes.audit import check_whole
from crm_core.changes.change import COMPANY_WORD, CUSTOM_FIELD, Change, ChangeSet, Head, Op, State
from crm_core.changes.commit import append_decisions, commit_on, effect_seq
from crm_core.changes.history import find_change_set, list_changes, read_changes
from crm_core.changes.moved import Key, Left, Moved
from crm_core.db import Store
from crm_core.errors import Conflict, NotFound


@dataclass(frozen=True)
class UndoResult:
    """What an undo did.

    Attributes:
        undone: the change set that was taken back.
        change_set_id: of the undo itself; None where nothing could be put back.
        records: how many records were put back, by entity; declarations stand under "custom_field", "company_word" and
            "role_scope".
        left: records that stay as they are, each with the reason.
    """

    undone: ChangeSet
    change_set_id: str | None
    records: dict[str, int]
    left: tuple[Left, ...]


def undo(
    store: Store,
    change_set: str,
    *,
    actor: Actor,
    door: str,
    turn: str | None = None,
    at: datetime | None = None,
) -> UndoResult:
    """Put back what the change set did, in one transaction; what moved on since is named and left.

    Created records are deleted softly, declarations of custom fields that nothing else uses and words are removed.
    An undo is a change set too and can be undone.

    Args:
        store: where.
        change_set: its id, or at least 4 characters that only it begins with.
        actor: needs the right to change each of the records.
        door: what the request came through.
        turn: the conversation turn.
        at: the moment, default now.

    Raises:
        NotFound: no such change set that the actor may see.
        Conflict: it was never applied, or is undone already.
        Forbidden: beyond the actor's rights.
    """
    at = at or datetime.now(UTC)
    with store.write() as connection:
        target = find_change_set(connection, actor, change_set)
        if target.state is not State.APPLIED:
            done = "is undone already" if target.state is State.UNDONE else f"is {target.state}, not applied"
            raise Conflict(f"The change {target.id[:8]} ({target.head.summary}) {done}.")
        check_whole(connection, target.id)
        schema = store.schema_at(connection)
        moved = Moved(connection, schema, target.id)
        left = moved.find()
        head = Head(
            str(uuid4()), "undo", f"Undo of: {target.head.summary}", actor.name, actor.id, door, turn,
            undoes=target.id,
        )  # fmt: skip
        changes = _inverses(connection, target.id, moved)
        written = commit_on(connection, schema, changes, head, actor=actor, at=at, record_stages=False)
        if written.total:
            note = f"by {head.id}" + (f"; {len(left)} left" if left else "")
            append_decisions(connection, target.id, [State.UNDONE], actor, door, at, note=note)
    counts: dict[str, int] = {}
    for (_, entity), n in written.counts.items():
        counts[entity] = counts.get(entity, 0) + n
    return UndoResult(target, head.id if written.total else None, counts, tuple(left.values()))


def undo_turn(store: Store, turn: str, *, actor: Actor, door: str) -> tuple[UndoResult, ...]:
    """Take back all that one turn of a conversation led to, the newest change first; each is a change set of its own.

    Raises:
        NotFound: the turn led to no change that the actor may see and that is still in force.
        Forbidden: beyond the actor's rights.
    """
    applied = [one for one in list_changes(store, actor, limit=1000, turn=turn) if one.state is State.APPLIED]
    if not applied:
        raise NotFound(f"No change in force comes from the turn {turn!r}.")
    return tuple(undo(store, one.id, actor=actor, door=door) for one in applied)


def _inverses(connection: Connection, change_set_id: str, moved: Moved) -> Iterator[Change]:
    """Effects stand last in a newest-first reading, so the causes that stay are known by then."""
    kept_causes: set[int] = set()
    used: dict[str, set[str]] = {}
    for seq, change in read_changes(connection, change_set_id, newest_first=True):
        if _stays(change, moved, used):
            kept_causes.add(seq)
        elif seq >= 0 or effect_seq(seq) not in kept_causes:
            yield change.inverse


def _stays(change: Change, moved: Moved, used: dict[str, set[str]]) -> bool:
    if change.entity == COMPANY_WORD:
        return False
    if change.entity != CUSTOM_FIELD:
        key: Key = (change.entity, change.record_id)
        return key in moved.left
    if change.op not in (Op.CREATE, Op.RESTORE):
        return False  # what was renamed or deleted can always be so again
    declared = {name: new for name, (_, new) in change.set.items()}
    entity, field = str(declared["entity"]), str(declared["key"])
    if entity not in used:
        used[entity] = moved.uses(entity)
    return field in used[entity]
