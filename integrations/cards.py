"""The card of a change set as it stands now: what every door shows of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from crm_core.access import Actor
from crm_core.changes import Change, ChangeSet, Origin, State, find_change_set, propose, read_changes
from crm_core.changes.draft import edited, risk_of, summarise, told
from crm_core.db import Store
from crm_core.models import ChangeDecision
from integrations.mails import Mail, read_mail

UNDO_FOR = timedelta(hours=24)
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
