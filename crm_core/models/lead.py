"""People and companies that showed interest and are not customers yet."""

from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Mapped

from crm_core.models.base import EntityInfo, Kind, Record, Role, field, listed_by_name, reference
from crm_core.models.contact import Consent


class LeadStatus(StrEnum):
    """How far a lead has come."""

    NEW = "new"
    WORKING = "working"
    QUALIFIED = "qualified"
    UNQUALIFIED = "unqualified"
    CONVERTED = "converted"


class Lead(Record):
    """Someone who showed interest. When converted, it points to what it became."""

    __tablename__ = "leads"
    __entity__ = EntityInfo(
        name="lead",
        words=("lead", "prospect", "inquiry", "enquiry"),
        owned_by=("owner",),
        is_fact=True,
        title=("name", "company", "external_id"),
    )

    name: Mapped[str | None] = field(words=("name", "lead name"), role=Role.TITLE, mask=True, index=True)
    company: Mapped[str | None] = field(words=("lead company",))
    title: Mapped[str | None] = field(words=("title", "job title"))
    email: Mapped[str | None] = field(words=("email",), kind=Kind.EMAIL, mask=True)
    phone: Mapped[str | None] = field(words=("phone",), kind=Kind.PHONE, mask=True)
    consent: Mapped[str] = field(words=("lead consent", "consent"), kind=Kind.CHOICE, default=Consent.UNKNOWN)
    do_not_contact: Mapped[bool] = field(words=("do not contact", "opted out"), default=False)
    status: Mapped[str] = field(words=("lead status", "status"), kind=Kind.CHOICE, default=LeadStatus.NEW)
    source: Mapped[str | None] = field(words=("lead source", "source", "channel", "origin"), kind=Kind.CHOICE)
    industry: Mapped[str | None] = field(words=("lead industry", "industry"), kind=Kind.CHOICE)
    country: Mapped[str | None] = field(words=("lead country", "country"), kind=Kind.CHOICE, role=Role.PLACE)
    created_on: Mapped[date | None] = field(words=("lead date", "came in", "received"), role=Role.OPENED, index=True)
    converted_on: Mapped[date | None] = field(words=("conversion date", "converted"), role=Role.CLOSED)
    description: Mapped[str | None] = field(words=("description", "notes"), kind=Kind.LONG_TEXT)
    owner_id: Mapped[int | None] = reference("users", words=("lead owner", "owner"), role=Role.OWNER, inverse="leads")
    account_id: Mapped[int | None] = reference("accounts", words=("account",), inverse="leads")
    contact_id: Mapped[int | None] = reference("contacts", words=("contact",))
    deal_id: Mapped[int | None] = reference("deals", words=("deal",))


listed_by_name(Lead, "name", "company", "external_id")
