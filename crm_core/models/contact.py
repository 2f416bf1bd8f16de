"""People at accounts."""

from enum import StrEnum

from sqlalchemy.orm import Mapped

from crm_core.models.base import EntityInfo, Kind, Record, Role, field, listed_by_name, reference


class Consent(StrEnum):
    """Whether the person agreed to be written to."""

    GRANTED = "granted"
    WITHHELD = "withheld"
    UNKNOWN = "unknown"


class Contact(Record):
    """A person at an account."""

    __tablename__ = "contacts"
    __entity__ = EntityInfo(
        name="contact", words=("contact", "person", "contact person"), owned_by=("owner", "account.owner")
    )

    name: Mapped[str] = field(words=("name", "full name", "contact name"), role=Role.TITLE, mask=True, index=True)
    title: Mapped[str | None] = field(words=("title", "job title", "position"))
    email: Mapped[str | None] = field(words=("email", "email address"), kind=Kind.EMAIL, mask=True, index=True)
    phone: Mapped[str | None] = field(
        words=("phone", "phone number", "telephone", "mobile"), kind=Kind.PHONE, mask=True
    )
    consent: Mapped[str] = field(words=("consent", "marketing consent"), kind=Kind.CHOICE, default=Consent.UNKNOWN)
    do_not_contact: Mapped[bool] = field(words=("do not contact", "opted out"), default=False)
    source: Mapped[str | None] = field(words=("contact source", "source"), kind=Kind.CHOICE)
    account_id: Mapped[int | None] = reference("accounts", words=("account",), inverse="contacts")
    owner_id: Mapped[int | None] = reference(
        "users", words=("contact owner", "owner"), role=Role.OWNER, inverse="contacts"
    )


listed_by_name(Contact, "name")
