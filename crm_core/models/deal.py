"""Sales in progress, who takes part, what is in them and how they moved."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from crm_core.models.base import EntityInfo, Kind, Record, Role, field, listed_by_name, reference


class Deal(Record):
    """A sale in progress. Amounts are whole minor units of `currency`; None: not known yet."""

    __tablename__ = "deals"
    __entity__ = EntityInfo(name="deal", words=("deal", "opportunity", "opp"), owned_by=("owner",), is_fact=True)

    name: Mapped[str | None] = field(words=("name", "deal name"), role=Role.TITLE, index=True)
    amount_minor: Mapped[int | None] = field(
        words=("amount", "value", "size", "deal size", "deal value", "worth"),
        kind=Kind.MONEY,
        role=Role.AMOUNT,
    )
    currency: Mapped[str | None] = field(words=("currency",), kind=Kind.CURRENCY, index=True)
    started_on: Mapped[date | None] = field(
        words=("start date", "started", "opened", "engage date", "created date", "kick-off"),
        role=Role.OPENED,
        index=True,  # lists begin with the latest
    )
    closes_on: Mapped[date | None] = field(
        words=("expected close date", "expected close", "closing", "closes", "due to close", "target date"),
        role=Role.DUE,
        index=True,
    )
    closed_on: Mapped[date | None] = field(
        words=("close date", "closed", "closed date", "signing date"), role=Role.CLOSED, index=True
    )
    lost_reason: Mapped[str | None] = field(
        words=("lost reason", "loss reason", "reason for losing", "reason lost"), kind=Kind.CHOICE
    )
    next_step: Mapped[str | None] = field(words=("next step", "next action"))
    source: Mapped[str | None] = field(words=("deal source", "source"), kind=Kind.CHOICE)
    account_id: Mapped[int | None] = reference("accounts", words=("account",), inverse="deals")
    stage_id: Mapped[int] = reference("stages", words=("stage",), role=Role.STAGE, inverse="deals")
    owner_id: Mapped[int | None] = reference(
        "users", words=("owner", "deal owner", "rep"), role=Role.OWNER, inverse="deals"
    )
    product_id: Mapped[int | None] = reference("products", words=("product", "main product"), inverse="deals")


class DealContact(Record):
    """A contact's part in a deal."""

    __tablename__ = "deal_contacts"
    __entity__ = EntityInfo(
        name="deal_contact", words=("deal contact", "stakeholder"), owned_by=("deal.owner",), title=("role",)
    )

    role: Mapped[str | None] = field(words=("stakeholder role", "buying role"), kind=Kind.CHOICE)
    deal_id: Mapped[int] = reference("deals", words=("deal",), inverse="deal_contacts")
    contact_id: Mapped[int] = reference("contacts", words=("contact",), inverse="deal_contacts")


class DealLine(Record):
    """One product in a deal, with its quantity and price."""

    __tablename__ = "deal_lines"
    __entity__ = EntityInfo(
        name="deal_line", words=("line item", "deal line"), owned_by=("deal.owner",), title=("external_id",)
    )

    quantity: Mapped[Decimal | None] = field(words=("quantity", "units", "seats"))
    unit_price_minor: Mapped[int | None] = field(words=("unit price",), kind=Kind.MONEY)
    currency: Mapped[str | None] = field(words=("currency",), kind=Kind.CURRENCY, index=True)
    discount_pct: Mapped[Decimal | None] = field(words=("discount", "line discount"), kind=Kind.PERCENT)
    deal_id: Mapped[int] = reference("deals", words=("deal",), inverse="deal_lines")
    product_id: Mapped[int | None] = reference("products", words=("product",), inverse="deal_lines")


class StageChange(Record):
    """A deal's move from one stage to the next. The first one has no `from_stage`."""

    __tablename__ = "stage_changes"
    __entity__ = EntityInfo(
        name="stage_change",
        words=("stage change", "stage move"),
        owned_by=("deal.owner",),
        is_fact=True,
        title=("external_id",),
    )

    changed_on: Mapped[date] = field(words=("moved", "stage change date"), role=Role.HAPPENED)
    deal_id: Mapped[int] = reference("deals", words=("deal",), inverse="stage_changes")
    from_stage_id: Mapped[int | None] = reference("stages", words=("previous stage", "from stage"))
    to_stage_id: Mapped[int] = reference("stages", words=("new stage", "to stage"))
    user_id: Mapped[int | None] = reference("users", words=("moved by",))


# With `deleted_at` at their end these answer pipeline and activity questions without reading the table.
Index("ix_deals_open", Deal.stage_id, Deal.closes_on, Deal.owner_id, Deal.amount_minor, Deal.deleted_at)
Index("ix_deals_closed", Deal.stage_id, Deal.closed_on, Deal.owner_id, Deal.amount_minor, Deal.deleted_at)
Index("ix_deals_amount_minor", Deal.amount_minor)
listed_by_name(Deal, "name", "external_id")
Index("ix_stage_changes_deal_changed", StageChange.deal_id, StageChange.changed_on, StageChange.deleted_at)
