"""Mails written for a person to send."""

from enum import StrEnum

from sqlalchemy.orm import Mapped

from crm_core.models.base import EntityInfo, Kind, Record, Role, field, reference


class Purpose(StrEnum):
    """What a mail is for."""

    AFTER_MEETING = "after_meeting"
    NO_REPLY = "no_reply"
    REPLY = "reply"
    PROPOSAL = "proposal"
    OBJECTION = "objection"
    RENEWAL = "renewal"
    INTRODUCTION = "introduction"
    THANK_YOU = "thank_you"


class MadeBy(StrEnum):
    """Whether somebody asked for it, or an event brought it about."""

    ASKED = "asked"
    AUTO = "auto"


class Draft(Record):
    """A mail to a contact or a lead that a person approved and may send. The address is not here: it is their own.

    `sources` lists the facts that the text rests on, a line each: "interaction 4711 · call, 2026-07-03 · the quote".
    `wishes` are the asker's own on top of purpose, tone and length, a line each: "mention: the pilot". `thread` is
    that of the mail which it answers; `reason` says why it was made, where nobody asked for it.
    """

    __tablename__ = "drafts"
    __entity__ = EntityInfo(
        name="draft",
        words=("draft", "email draft"),
        owned_by=("user", "deal.owner", "account.owner", "lead.owner"),
        title=("subject", "external_id"),
        is_fact=True,
    )

    subject: Mapped[str] = field(words=("subject",), role=Role.TITLE)
    body: Mapped[str] = field(words=("body", "text"), kind=Kind.LONG_TEXT)
    purpose: Mapped[str] = field(words=("purpose",), kind=Kind.CHOICE, default=Purpose.AFTER_MEETING)
    language: Mapped[str] = field(words=("language",), kind=Kind.CHOICE, default="en")
    tone: Mapped[str | None] = field(words=("tone",), ask=False)
    length: Mapped[str | None] = field(words=("length",), ask=False)
    made_by: Mapped[str] = field(words=("made by",), default=MadeBy.ASKED, ask=False)
    reason: Mapped[str | None] = field(words=("reason",), ask=False)
    wishes: Mapped[str | None] = field(words=("wishes",), kind=Kind.LONG_TEXT, ask=False)
    sources: Mapped[str | None] = field(words=("sources",), kind=Kind.LONG_TEXT, ask=False)
    thread: Mapped[str | None] = field(words=("thread",), ask=False, index=True)
    contact_id: Mapped[int | None] = reference("contacts", words=("contact",), inverse="drafts")
    lead_id: Mapped[int | None] = reference("leads", words=("lead",), inverse="drafts")
    account_id: Mapped[int | None] = reference("accounts", words=("account",), inverse="drafts")
    deal_id: Mapped[int | None] = reference("deals", words=("deal",), inverse="drafts")
    user_id: Mapped[int | None] = reference("users", words=("sender",), role=Role.OWNER, inverse="drafts")
