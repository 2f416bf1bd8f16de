"""Sending an approved draft, for every door: claimed, handed to the mail server, settled; once for each approval."""

from collections.abc import Callable
from dataclasses import dataclass

from crm_core.access import Actor
from crm_core.db import Store
from crm_core.sending import Delivery, Letter, claim, settle


@dataclass(frozen=True)
class Outcome:
    """What became of a mail.

    Attributes:
        letter: as it left.
        delivery: what is known of it.
        logged: the change set of the interaction that it became; None: none was made.
    """

    letter: Letter
    delivery: Delivery
    logged: str | None


@dataclass(frozen=True)
class Mailer:
    """A way for mail to leave.

    Attributes:
        deliver: hands a letter over, once, and says what is known then.
        sender: the address that all mail leaves from; empty: each person's own.
    """

    deliver: Callable[[Letter], Delivery]
    sender: str = ""

    def send(self, store: Store, draft_id: int, *, actor: Actor, door: str, shown: str) -> Outcome:
        """Send a draft in the name of the person whose it is.

        Args:
            store: where it is.
            draft_id: of the approved draft.
            actor: who pressed or typed it.
            door: through which.
            shown: the approval of the draft that they saw.

        Raises:
            NotFound, Forbidden, Invalid, Conflict: as `crm_core.sending.claim`; nothing left.
        """
        letter = claim(store, draft_id, actor=actor, door=door, shown=shown, sender=self.sender)
        delivery = self.deliver(letter)
        return Outcome(letter, delivery, settle(store, letter, delivery, actor=actor))
