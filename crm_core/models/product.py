"""What is sold."""

from sqlalchemy.orm import Mapped

from crm_core.models.base import EntityInfo, Kind, Record, Role, field


class Product(Record):
    """Something on the price list."""

    __tablename__ = "products"
    __entity__ = EntityInfo(name="product", words=("product", "item", "sku", "solution"))

    name: Mapped[str] = field(words=("name", "product name"), role=Role.TITLE, index=True)
    family: Mapped[str | None] = field(
        words=("product family", "family", "series", "product line", "product series", "category"),
        kind=Kind.CHOICE,
    )
    list_price_minor: Mapped[int | None] = field(
        words=("list price", "price", "sales price", "retail price", "catalog price", "sticker price"),
        kind=Kind.MONEY,
    )
    currency: Mapped[str | None] = field(words=("currency",), kind=Kind.CURRENCY)
    description: Mapped[str | None] = field(words=("description",), kind=Kind.LONG_TEXT)
    is_active: Mapped[bool] = field(words=("sold now", "on sale"), default=True)
