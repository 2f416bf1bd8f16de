"""Mails that a person sent, or tried to."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from crm_core.models.base import Base


class SendState(StrEnum):
    """What became of a mail.

    CLAIMED: being handed over. Where the sender died in between it stays so, and nobody knows whether the mail went.
    SENT: the server took it. FAILED: it certainly did not. UNKNOWN: the connection broke off before its answer.
    EXPORTED: written into a file for a person to send.
    """

    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    EXPORTED = "exported"


class Send(Base):
    """The one send that an approval of a draft allows. The row is there before the mail leaves."""

    __tablename__ = "sends"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    approval: Mapped[str] = mapped_column(unique=True)  # the change set that made the draft what it is
    draft_id: Mapped[int] = mapped_column(index=True)
    contact_id: Mapped[int | None]
    lead_id: Mapped[int | None]
    recipient: Mapped[str]
    subject: Mapped[str]
    sender: Mapped[str]
    sender_id: Mapped[int]
    door: Mapped[str]
    message_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    attempts: Mapped[int]
    claimed_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    note: Mapped[str | None]
