"""What the store knows of itself and of its roles."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_core.models.base import Base


class StoreInfo(Base):
    """Name and value: `revision` grows with every write, `base_currency` is what totals are told in."""

    __tablename__ = "store_info"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class RoleScope(Base):
    """How far a role reads and writes: its own records, its team's, or all."""

    __tablename__ = "role_scopes"
    __table_args__ = (
        CheckConstraint("reads IN ('own', 'team', 'all')", name="reads"),
        CheckConstraint("writes IN ('none', 'own', 'team', 'all')", name="writes"),
    )

    role: Mapped[str] = mapped_column(primary_key=True)
    reads: Mapped[str]
    writes: Mapped[str]
