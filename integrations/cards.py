"""The card of a change set as it stands now: what every door shows of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import select

from crm_core.access import Actor
from crm_core.changes import (
    Change,
    ChangeSet,
    Origin,
    State,
    find_change_set,
    list_deciders,
    may_apply,
    may_decide,
    propose,
    read_changes,
)
from crm_core.changes.draft import edited, risk_of, summarise, told
from crm_core.db import Store
from crm_core.models import ChangeDecision
from integrations.mails import Mail, read_mail

UNDO_FOR = timedelta(hours=24)
MOST_DECIDERS = 5  # who are named
MANY = 10  # changes from which on the number is typed


@dataclass(frozen=True)
class Card:
    """A change set as it is shown.

    Attributes:
        found: the set.
        changes: as a person reads them (`crm_core.changes.draft.told`).
        exact: the same as they are kept.
        risk: low, medium or high.
        decided_by: who decided on it last.
        decided_at: when.
        mail: that it makes or changes, where it is about one draft.
    """

    found: ChangeSet
    changes: tuple[dict[str, Any], ...]
    exact: tuple[Change, ...]
    risk: str
    decided_by: str = ""
    decided_at: datetime | None = None
    mail: Mail | None = None

    def may_be_undone(self, now: datetime) -> bool:
        """Whether the card offers to take it back."""
        is_new = self.decided_at is not None and now - self.decided_at < UNDO_FOR
        return self.found.state is State.APPLIED and is_new


@dataclass(frozen=True)
class Allowed:
    """What a person may do with a card now; the core checks it again.

    Attributes:
        approve: and correct it.
        reject: decide against it.
        undo: take it back.
        deciders: who else may decide, where this person may not approve it.
    """

    approve: bool = False
    reject: bool = False
    undo: bool = False
    deciders: tuple[str, ...] = ()


def what_is_allowed(store: Store, card: Card, actor: Actor) -> Allowed:
    """What this person may do with it."""
    found, changes = card.found, card.exact
    with store.read(actor) as connection:
        schema = store.schema_at(connection)
        if found.state is State.APPLIED:
            return Allowed(undo=may_apply(connection, schema, actor, [one.inverse for one in changes]))
        if found.state is not State.PROPOSED:
            return Allowed()
        may = may_decide(actor, found)
        if may and may_apply(connection, schema, actor, changes):
            return Allowed(approve=True, reject=True)
        others = [one for one in list_deciders(store, found) if one.id != actor.id]
        able = (one.name for one in others if may_apply(connection, schema, one, changes))
        return Allowed(reject=may, deciders=tuple(islice(able, MOST_DECIDERS)))


def read_card(store: Store, change_set: str, actor: Actor) -> Card:
    """The card of a change set.

    Raises:
        NotFound: none that the actor may see.
    """
    with store.read() as connection:
        found = find_change_set(connection, actor, change_set)
        exact = tuple(change for seq, change in read_changes(connection, found.id) if seq >= 0)
        decided = connection.execute(
            select(ChangeDecision.actor, ChangeDecision.at)
            .where(ChangeDecision.change_set_id == found.id)
            .order_by(ChangeDecision.id.desc())
            .limit(1)
        ).first()
    kept = found.head.origin.get("quotes")
    quotes = {int(at): str(words) for at, words in kept.items()} if isinstance(kept, dict) else {}
    changes = tuple(told(store, exact, actor=actor, quotes=quotes))
    by, at = (str(decided.actor), decided.at) if decided else ("", None)
    mail = read_mail(store, found, exact, actor)
    return Card(found, changes, exact, risk_of(exact, store.schema), by, at, mail)


def correct(
    store: Store, card: Card, typed: Mapping[tuple[int, str], str], *, actor: Actor, today: date, door: str
) -> ChangeSet:
    """Put a corrected proposal in the place of one that waits.

    Args:
        store: where it waits.
        card: as the person saw it.
        typed: new values as people write them, by position of the change and field.
        actor: who corrects it.
        today: the day that relative dates count from.
        door: through which.

    Raises:
        Conflict: it waits no longer.
        Invalid, NotFound, Forbidden: as `crm_core.changes.draft.edited`.
    """
    agent, head = store.for_agent, card.found.head
    changes = edited(agent, card.exact, typed, actor=actor, today=today)
    origin = Origin(door=door, turn=head.turn, tainted=head.tainted)
    summary = summarise(changes, agent.schema)
    return propose(agent, changes, actor=actor, summary=summary, origin=origin, instead_of=card.found.id)
