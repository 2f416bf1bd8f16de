"""Companies that buy or might buy."""

from sqlalchemy.orm import Mapped

from crm_core.models.base import EntityInfo, Kind, Record, Role, field, listed_by_name, reference


class Account(Record):
    """A company. `revenue_minor` is its own yearly revenue, never what it bought from us."""

    __tablename__ = "accounts"
    __entity__ = EntityInfo(
        name="account",
        words=("account", "customer", "company", "client", "organization"),
        owned_by=("owner",),
    )

    name: Mapped[str] = field(words=("name", "account name", "company name"), role=Role.TITLE, index=True)
    industry: Mapped[str | None] = field(words=("industry", "sector", "vertical"), kind=Kind.CHOICE, index=True)
    revenue_minor: Mapped[int | None] = field(
        words=("annual revenue", "company revenue", "yearly revenue", "annual turnover"), kind=Kind.MONEY, index=True
    )
    currency: Mapped[str | None] = field(words=("currency",), kind=Kind.CURRENCY, index=True)
    employees: Mapped[int | None] = field(
        words=("employees", "number of employees", "employee count", "headcount", "staff", "workforce")
    )
    founded_year: Mapped[int | None] = field(
        words=("year founded", "founded", "founding year", "year established", "established"), kind=Kind.YEAR
    )
    country: Mapped[str | None] = field(
        words=("country", "headquarters", "hq", "office location", "location"),
        kind=Kind.CHOICE,
        role=Role.PLACE,
    )
    city: Mapped[str | None] = field(words=("city", "town"), kind=Kind.CHOICE)
    website: Mapped[str | None] = field(words=("website", "web site", "homepage", "domain"), kind=Kind.URL)
    phone: Mapped[str | None] = field(words=("phone", "phone number"), kind=Kind.PHONE, mask=True)
    source: Mapped[str | None] = field(words=("account source", "source"), kind=Kind.CHOICE)
    description: Mapped[str | None] = field(words=("description", "notes"), kind=Kind.LONG_TEXT)
    parent_id: Mapped[int | None] = reference(
        "accounts",
        words=("parent", "parent company", "parent account", "holding"),
        role=Role.PARENT,
        inverse="subsidiaries",
        inverse_words=("subsidiaries", "subsidiary", "daughter company", "child account"),
    )
    owner_id: Mapped[int | None] = reference(
        "users", words=("account owner", "account manager", "owner"), role=Role.OWNER, inverse="accounts"
    )


listed_by_name(Account, "name")
