"""Proposing changes, and what their asker may still do: the only part of changing that an agent can reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import Connection, func, insert, select

from crm_core.access import Actor
from crm_core.changes.change import Change, ChangeSet, Digest, Head, Json, State, storable
from crm_core.changes.commit import append_event, append_set, change_row, explained
from crm_core.changes.history import find_change_set
from crm_core.db import AgentStore
from crm_core.errors import Conflict, Forbidden, Invalid
from crm_core.models import ChangeRow

LASTS = timedelta(hours=24)
MOST_CHANGES = 10_000


@dataclass(frozen=True)
class Origin:
    """Where a proposal comes from.

    Attributes:
        door: what it came through: cli, web, slack, api, mcp.
        turn: the conversation turn.
        tainted: untrusted text had been read before.
        model: who proposed it: a model's name, "offline", or None for a person.
        prompt: fingerprint of the prompt that the model had.
        quotes: by position of a change, the words that it rests on.
    """

    door: str
    turn: str | None = None
    tainted: bool = False
    model: str | None = None
    prompt: str | None = None
    quotes: Mapping[int, str] = field(default_factory=dict)

    def as_json(self, expires_at: datetime) -> dict[str, Json]:
        """As it is kept and hashed."""
        quotes: dict[str, Json] = {str(position): storable(words) for position, words in self.quotes.items()}
        named: Mapping[str, Json] = {"model": self.model, "prompt": self.prompt, "quotes": quotes}
        return {"expires_at": expires_at.isoformat(), **{k: v for k, v in named.items() if v}}


def propose(
    store: AgentStore,
    changes: Sequence[Change],
    *,
    actor: Actor,
    summary: str,
    origin: Origin,
    instead_of: str | None = None,
    at: datetime | None = None,
    lasts: timedelta = LASTS,
    proposal_id: str | None = None,
) -> ChangeSet:
    """Keep `changes` for a person to approve; no record is touched.

    Args:
        store: the agent's.
        changes: exact, as `draft` makes them.
        actor: who asks.
        summary: one line for a person, made by code from the changes.
        origin: where it comes from.
        instead_of: the actor's own waiting proposal that this one replaces.
        at: the moment, default now.
        lasts: how long it may be approved.
        proposal_id: a UUID made from what it answers to, so that it is proposed once; None: a new one.

    Raises:
        Invalid: no changes, or too many.
        Conflict: `instead_of` waits no longer, or there is a proposal `proposal_id`.
        Forbidden, NotFound: `instead_of` is another person's, or not there.
    """
    if not 0 < len(changes) <= MOST_CHANGES:
        raise Invalid(f"A proposal holds 1 to {MOST_CHANGES:,} changes, not {len(changes):,}.")
    at = at or datetime.now(UTC)
    head = Head(
        proposal_id or str(uuid4()), "edit", summary, actor.name, actor.id, origin.door, origin.turn, origin.tainted,
        origin.as_json(at + lasts),
    )  # fmt: skip
    digest = Digest(head)
    for change in changes:
        digest.add(change)
    with explained(), store.proposals(actor) as connection:
        if instead_of is not None:
            _end(connection, instead_of, State.SUPERSEDED, actor, at, note=f"by {head.id}")
        connection.execute(insert(ChangeRow), [change_row(head.id, seq, one) for seq, one in enumerate(changes)])
        append_set(connection, head, digest.hex(), at)
        append_event(connection, head.id, State.PROPOSED, actor, at)
    return ChangeSet(head, digest.hex(), at, State.PROPOSED)


def withdraw(store: AgentStore, proposal: str, *, actor: Actor, at: datetime | None = None) -> ChangeSet:
    """Take back the actor's own waiting proposal.

    Raises:
        NotFound: there is none with this id.
        Forbidden: it is another person's.
        Conflict: it waits no longer.
    """
    with store.proposals(actor) as connection:
        return _end(connection, proposal, State.WITHDRAWN, actor, at or datetime.now(UTC))


def _end(
    connection: Connection, proposal: str, state: State, actor: Actor, at: datetime, note: str | None = None
) -> ChangeSet:
    found = hold(connection, actor, proposal)
    if found.head.asked_by_id != actor.id:
        raise Forbidden(f"The proposal {found.id[:8]} is {found.head.asked_by}'s; only they may take it back.")
    check_waits(found)
    append_event(connection, found.id, state, actor, at, note)
    return found


def hold(connection: Connection, actor: Actor, proposal: str) -> ChangeSet:
    """The change set with this id, as `find_change_set` has it, for nobody else to end until the transaction ends.

    SQLite has one writer at a time anyway; on PostgreSQL the agent may lock no row, since it may update none.
    """
    found = find_change_set(connection, actor, proposal)
    if connection.dialect.name == "sqlite":
        return found
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(found.id, 0))))
    return find_change_set(connection, actor, found.id)


def check_waits(found: ChangeSet) -> None:
    """Conflict unless the change set waits for approval; says what became of it."""
    if found.state is not State.PROPOSED:
        told = "was approved already; undo it to take it back" if found.state is State.APPLIED else f"is {found.state}"
        raise Conflict(f"The proposal {found.id[:8]} ({found.head.summary}) {told}.")
