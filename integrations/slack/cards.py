"""The card of a change set as it stands now: what is read for it, and what its buttons carry."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from copilot.context import Lang
from crm_core.access import Actor
from crm_core.changes import Change, ChangeSet, State, find_change_set, read_changes
from crm_core.changes.draft import risk_of, told
from crm_core.db import Store
from crm_core.models import ChangeDecision
from integrations.slack.mails import Mail, read_mail

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


@dataclass(frozen=True)
class Pressed:
    """What a button of a card carries: which set, and the hash of what was shown."""

    lang: Lang
    id: str
    sha256: str

    def packed(self) -> str:
        """As the button has it."""
        return f"{self.lang} {self.id} {self.sha256}"

    @staticmethod
    def unpacked(value: str) -> "Pressed | None":
        """What `packed` made; None for anything else."""
        told = value.split(" ")
        if len(told) != 3 or len(value) > 200:
            return None
        return Pressed("zh" if told[0] == "zh" else "en", told[1], told[2])


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
