"""What customers bought: orders and their lines."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from crm_core.models.base import EntityInfo, Kind, Record, Role, field, reference


class Order(Record):
    """A purchase by an account."""

    __tablename__ = "orders"
    __entity__ = EntityInfo(
        name="order",
        words=("order", "purchase", "purchase order", "invoice"),
        owned_by=("owner", "account.owner"),
        is_fact=True,
    )

    name: Mapped[str | None] = field(words=("order number", "name"), role=Role.TITLE, index=True)
    ordered_on: Mapped[date | None] = field(
        words=("order date", "ordered", "purchase date", "purchased"), role=Role.HAPPENED, index=True
    )
    status: Mapped[str | None] = field(words=("order status", "status"), kind=Kind.CHOICE)
    amount_minor: Mapped[int | None] = field(
        words=("amount", "order amount", "order value", "total"), kind=Kind.MONEY, role=Role.AMOUNT
    )
    currency: Mapped[str | None] = field(words=("currency",), kind=Kind.CURRENCY, index=True)
    account_id: Mapped[int | None] = reference("accounts", words=("account",), inverse="orders")
    contact_id: Mapped[int | None] = reference("contacts", words=("contact",), inverse="orders")
    owner_id: Mapped[int | None] = reference("users", words=("owner", "rep"), role=Role.OWNER, inverse="orders")


class OrderLine(Record):
    """One product of an order."""

    __tablename__ = "order_lines"
    __entity__ = EntityInfo(
        name="order_line",
        words=("order line", "order item"),
        owned_by=("order.owner", "order.account.owner"),
        title=("external_id",),
        is_fact=True,
    )

    quantity: Mapped[Decimal | None] = field(words=("quantity", "units", "pieces"))
    unit_price_minor: Mapped[int | None] = field(words=("unit price",), kind=Kind.MONEY)
    amount_minor: Mapped[int | None] = field(words=("line amount", "amount"), kind=Kind.MONEY, role=Role.AMOUNT)
    currency: Mapped[str | None] = field(words=("currency",), kind=Kind.CURRENCY, index=True)
    order_id: Mapped[int] = reference("orders", words=("order",), inverse="order_lines")
    product_id: Mapped[int | None] = reference("products", words=("product",), inverse="order_lines")
