"""Fields that a company added to its records, without a migration."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_core.models.base import Base


class CustomField(Base):
    """The declaration of a custom field. Its values stand in each record's `custom`, under `key`.

    Values are stored as JSON: numbers as numbers, money as whole minor units, dates as ISO text.
    """

    __tablename__ = "custom_fields"
    __table_args__ = (UniqueConstraint("entity", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entity: Mapped[str]
    key: Mapped[str]
    label: Mapped[str]
    kind: Mapped[str]
    words: Mapped[list[str]] = mapped_column(default=list)
