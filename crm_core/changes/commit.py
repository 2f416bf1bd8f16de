"""Writing a change set: its records, itself and its events, in one transaction."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, groupby
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Table, func, insert, select
from sqlalchemy.exc import DataError, IntegrityError

from crm_core.access import Actor
from crm_core.changes.audit import append_audit
from crm_core.changes.change import Change, Digest, Head, Json, Op, State
from crm_core.changes.stages import StageHistory
from crm_core.changes.writer import Writer
from crm_core.db import Store
from crm_core.errors import Conflict, Invalid
from crm_core.ids import new_id
from crm_core.models import ChangeDecision, ChangeEvent, ChangeRow, ChangeSetRow, OutboxRow
from crm_core.schema import Schema, pluralize

CHUNK = 1000
MOST_HELD = 10_000_000  # characters of the changes that are written together


@dataclass
class Written:
    """What a commit wrote: changes by (op, entity), without the stage changes that it added by itself."""

    counts: dict[tuple[Op, str], int] = field(default_factory=dict)
    sha256: str = ""

    @property
    def total(self) -> int:
        """The number of changes."""
        return sum(self.counts.values())

    def __str__(self) -> str:
        parts = [f"{op} {n:,} {entity if n == 1 else pluralize(entity)}" for (op, entity), n in self.counts.items()]
        return ", ".join(parts)


def commit_changes(
    store: Store,
    changes: Iterable[Change],
    *,
    actor: Actor,
    kind: str,
    summary: str,
    door: str,
    origin: Mapping[str, Json] | None = None,
    turn: str | None = None,
    at: datetime | None = None,
    record_stages: bool = True,
    id: str | None = None,
) -> str:
    """Apply `changes` as one set that is approved at once: a person's own edit, an import.

    Args:
        store: where to.
        changes: read once, in chunks; records must come before what refers to them, except within one kind.
        actor: who does it.
        kind: edit | import | undo.
        summary: one line for a person.
        door: what it came through.
        origin: where it came from.
        turn: the conversation turn.
        at: the moment, default now.
        record_stages: write the stage history of deals; False where the set holds it.
        id: of the change set, a UUID, where the caller has to know it before; default a new one.

    Returns:
        The change set's id.

    Raises:
        Invalid: nothing to change, or a change that makes no sense.
        Conflict: a record moved on since its `base_version`; nothing was written.
        Forbidden, NotFound: beyond the actor's rights.
    """
    head = Head(id or str(uuid4()), kind, summary, actor.name, actor.id, door, turn, origin=dict(origin or {}))
    with store.write() as connection:
        schema = store.schema_at(connection)
        written = commit_on(connection, schema, changes, head, actor=actor, at=at, record_stages=record_stages)
        if not written.total:
            raise Invalid("There is nothing to change.")
    return head.id


def commit_on(
    connection: Connection,
    schema: Schema,
    changes: Iterable[Change],
    head: Head,
    *,
    actor: Actor,
    at: datetime | None = None,
    record_stages: bool = True,
) -> Written:
    """Apply `changes` inside the running transaction of `connection`; see `commit_changes`.

    Writes nothing at all when there is no change.
    """
    at = at or datetime.now(UTC)
    changes = iter(changes)
    first = next(changes, None)
    if first is None:
        return Written()
    with explained():
        append_decisions(connection, head.id, [State.APPROVED], actor, head.door, at)
        written = apply_changes(
            connection,
            schema,
            chain([first], changes),
            head,
            actor=actor,
            at=at,
            record_stages=record_stages,
            keeps=True,
        )
        append_set(connection, head, written.sha256, at)
        append_event(connection, head.id, State.PROPOSED, actor, at)
        seal(connection, head, written, actor=actor, door=head.door, at=at)
    return written


def apply_changes(
    connection: Connection,
    schema: Schema,
    changes: Iterable[Change],
    head: Head,
    *,
    actor: Actor,
    at: datetime,
    record_stages: bool = True,
    keeps: bool,
) -> Written:
    """Write the records, and what the changes bring about; with `keeps` the changes themselves too.

    The approval has been entered before: the database takes effects beside no other set.
    """
    history = StageHistory(connection, today=at.date(), user_id=actor.id or None, is_import=head.kind == "import")
    writer = Writer(
        connection,
        schema,
        actor=actor,
        at=at,
        history=history if record_stages else None,
        strict=head.kind == "edit",
    )
    written = _stream(writer, changes, head, keeps=keeps)
    writer.finish()
    return written


def seal(connection: Connection, head: Head, written: Written, *, actor: Actor, door: str, at: datetime) -> None:
    """What follows the records in the same transaction: what came of it, the audit entry and the outbox row."""
    append_decisions(connection, head.id, [State.APPLIED], actor, door, at, note=str(written))
    append_audit(connection, head, written.sha256, actor=actor, door=door, at=at)
    last = connection.execute(select(func.max(OutboxRow.seq))).scalar() or 0
    connection.execute(insert(OutboxRow), [{"seq": last + 1, "change_set_id": head.id, "at": at}])


def append_event(
    connection: Connection, change_set_id: str, state: State, actor: Actor, at: datetime, note: str | None = None
) -> None:
    """Append what its asker made of a change set."""
    row = {"id": new_id(), "change_set_id": change_set_id, "state": str(state), "actor": actor.name,
           "actor_id": actor.id, "at": at, "note": note}  # fmt: skip
    connection.execute(insert(ChangeEvent), [row])


def append_decisions(
    connection: Connection,
    change_set_id: str,
    states: Iterable[State],
    actor: Actor,
    door: str,
    at: datetime,
    note: str | None = None,
) -> None:
    """Append the states that a person's decision led to, in order; `note` stands with the last one."""
    rows = [
        {"id": new_id(), "change_set_id": change_set_id, "state": str(state), "actor": actor.name,
         "actor_id": actor.id, "door": door, "at": at, "note": None}
        for state in states
    ]  # fmt: skip
    rows[-1]["note"] = note
    connection.execute(insert(ChangeDecision), rows)


def _stream(writer: Writer, changes: Iterable[Change], head: Head, *, keeps: bool) -> Written:
    digest, written, seq = Digest(head), Written(), 0
    table = ChangeRow.__table__
    assert isinstance(table, Table)
    for op, entity, batch in _batches(changes):
        effects = writer.write(op, entity, batch)
        rows = [change_row(head.id, seq + i, change) for i, change in enumerate(batch)] if keeps else []
        rows += [change_row(head.id, effect_seq(seq + i), effect) for i, effect in effects]
        if rows:
            writer.insert(table, rows)
        for change in batch:
            digest.add(change)
        seq += len(batch)
        written.counts[op, entity] = written.counts.get((op, entity), 0) + len(batch)
    written.sha256 = digest.hex()
    return written


def effect_seq(seq: int) -> int:
    """Where the effect of change `seq` stands: below zero, out of what was asked for and of the hash."""
    return -seq - 1


def _batches(changes: Iterable[Change]) -> Iterator[tuple[Op, str, list[Change]]]:
    for (op, entity), run in groupby(changes, key=lambda change: (change.op, change.entity)):
        while batch := _some(run):
            yield op, entity, batch


def _some(run: Iterator[Change]) -> list[Change]:
    """The next changes, fewer where they hold long texts."""
    batch: list[Change] = []
    held = 0
    for change in run:
        batch.append(change)
        held += sum(len(new) for _, new in change.set.values() if new.__class__ is str)
        if len(batch) == CHUNK or held > MOST_HELD:
            break
    return batch


def change_row(change_set_id: str, seq: int, change: Change) -> dict[str, Any]:
    """A change as it is kept."""
    return {
        "change_set_id": change_set_id, "seq": seq, "op": str(change.op), "entity": change.entity,
        "record_id": change.record_id, "base_version": change.base_version, "set": dict(change.set),
    }  # fmt: skip


def append_set(connection: Connection, head: Head, sha256: str, at: datetime) -> None:
    """Keep a change set, after its changes: it closes them."""
    row = {
        "id": head.id, "kind": head.kind, "summary": head.summary, "asked_by": head.asked_by,
        "asked_by_id": head.asked_by_id, "door": head.door, "turn": head.turn, "tainted": head.tainted,
        "sha256": sha256, "origin": dict(head.origin), "undoes": head.undoes, "created_at": at,
        "expires_at": head.expires_at,
    }  # fmt: skip
    connection.execute(insert(ChangeSetRow), [row])


@contextmanager
def explained() -> Iterator[None]:
    """The database's refusals in words that a person may read."""
    try:
        yield
    except IntegrityError as error:
        text = str(error.orig).lower()
        if "foreign key" in text:
            raise Invalid("A change refers to a record that does not exist.") from error
        if "not null" in text:
            raise Invalid(f"A record lacks something that it needs ({error.orig}).") from error
        raise Conflict(f"A record exists already ({error.orig}).") from error
    except (DataError, OverflowError, UnicodeEncodeError) as error:
        raise Invalid("A value is too large or holds characters that cannot be stored.") from error
