"""Why a draft is made by itself."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from copilot.context import Lang
from crm_core.models import Purpose
from crm_core.reaching import Recipient

_OURS = UUID("5f0c1a52-7d0b-4b8e-9a3f-2f6d1e0c7b11")


@dataclass(frozen=True)
class Cause:
    """Something that calls for a mail.

    Attributes:
        key: of the record that it is; it causes one draft for a person, ever.
        whom: to.
        deal_id: that it is about, where the record says so.
        thread: of the mail that waits for an answer.
        purpose: of the mail; None: it is read off the history.
        reason: for the person, with the words of the record.
        lang: of the reason.
        day: when it came about or falls due.
    """

    key: str
    whom: Recipient
    deal_id: int | None
    thread: str | None
    purpose: Purpose | None
    reason: str
    lang: Lang
    day: date

    def proposal_id(self, user_id: int) -> str:
        """What the proposal is called: the same each time, so that no cause makes two."""
        return str(uuid5(_OURS, f"{self.key}/{user_id}"))
