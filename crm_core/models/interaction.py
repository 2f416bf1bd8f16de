"""What was said: emails, calls, meetings, notes, chats."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from crm_core.models.base import EntityInfo, Kind, Record, Role, field, reference


class InteractionKind(StrEnum):
    """How it was said."""

    EMAIL = "email"
    CALL = "call"
    MEETING = "meeting"
    NOTE = "note"
    CHAT = "chat"


class Interaction(Record):
    """Something said to, by or about a customer. Its text is untrusted.

    Of a mail: `thread` is the external id of the mail that began it, `counterpart` the other side as the mail names it
    ("Eva Novak <eva@norrvik.example>"), `attachments` names and sizes, a line each, `split_off` the mails quoted in it
    and the signature.
    """

    __tablename__ = "interactions"
    __entity__ = EntityInfo(
        name="interaction",
        words=("interaction", "activity", "touch", "touchpoint", "communication"),
        owned_by=("user", "deal.owner", "account.owner", "lead.owner"),
        title=("subject", "external_id"),
        is_fact=True,
    )

    kind: Mapped[str] = field(words=("kind", "type", "activity type"), kind=Kind.CHOICE, default=InteractionKind.NOTE)
    direction: Mapped[str | None] = field(words=("direction",), kind=Kind.CHOICE)
    happened_on: Mapped[date] = field(words=("date", "happened", "took place"), role=Role.HAPPENED, index=True)
    happened_at: Mapped[datetime | None] = field(words=("time",), ask=False)
    subject: Mapped[str | None] = field(words=("subject", "topic"), role=Role.TITLE)
    body: Mapped[str | None] = field(words=("body", "text", "note", "content"), kind=Kind.LONG_TEXT)
    thread: Mapped[str | None] = field(words=("thread",), ask=False, edit=False, index=True)
    counterpart: Mapped[str | None] = field(words=("counterpart",), ask=False, edit=False)
    attachments: Mapped[str | None] = field(
        words=("attachments", "attachment", "attached files"), kind=Kind.LONG_TEXT, edit=False
    )
    split_off: Mapped[str | None] = field(words=("quoted text",), kind=Kind.LONG_TEXT, ask=False, edit=False)
    account_id: Mapped[int | None] = reference("accounts", words=("account",), inverse="interactions", index=False)
    contact_id: Mapped[int | None] = reference("contacts", words=("contact",), inverse="interactions")
    deal_id: Mapped[int | None] = reference("deals", words=("deal",), inverse="interactions", index=False)
    lead_id: Mapped[int | None] = reference("leads", words=("lead",), inverse="interactions")
    user_id: Mapped[int | None] = reference(
        "users", words=("logged by", "rep", "author"), role=Role.OWNER, inverse="interactions"
    )


Index("ix_interactions_account_happened", Interaction.account_id, Interaction.happened_on, Interaction.deleted_at)
Index("ix_interactions_deal_happened", Interaction.deal_id, Interaction.happened_on, Interaction.deleted_at)
