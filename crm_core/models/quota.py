"""What was promised to be sold, and what one currency is worth in another."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from crm_core.models.base import EntityInfo, Kind, Record, Role, field, reference


class Quota(Record):
    """A user's sales target for a period; both dates inclusive."""

    __tablename__ = "quotas"
    __entity__ = EntityInfo(
        name="quota",
        words=("quota", "target", "sales target", "goal"),
        owned_by=("owner",),
        title=("external_id",),
        is_fact=True,
    )

    starts_on: Mapped[date] = field(words=("quota start", "period start"), role=Role.OPENED)
    ends_on: Mapped[date] = field(words=("quota end", "period end"), role=Role.CLOSED)
    amount_minor: Mapped[int] = field(words=("quota amount", "amount"), kind=Kind.MONEY, role=Role.AMOUNT)
    currency: Mapped[str | None] = field(words=("currency",), kind=Kind.CURRENCY)
    owner_id: Mapped[int] = reference("users", words=("owner", "rep"), role=Role.OWNER, inverse="quotas")


class ExchangeRate(Record):
    """One unit of `from_currency` is worth `rate` units of `to_currency` from `valid_on` on."""

    __tablename__ = "exchange_rates"
    __entity__ = EntityInfo(
        name="exchange_rate", words=("exchange rate", "currency rate"), title=("from_currency", "external_id")
    )

    from_currency: Mapped[str] = field(words=("from currency",), kind=Kind.CURRENCY)
    to_currency: Mapped[str] = field(words=("to currency",), kind=Kind.CURRENCY)
    rate: Mapped[Decimal] = field(words=("rate",))
    valid_on: Mapped[date] = field(words=("valid from", "rate date"))
