"""Lists that people keep."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_core.ids import new_id
from crm_core.models.base import Base


class SegmentRow(Base):
    """A list that somebody keeps under a name: the question behind it, never the records."""

    __tablename__ = "segments"
    __table_args__ = (UniqueConstraint("owner_id", "entity", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=new_id)
    owner_id: Mapped[int]  # 0: the built-in administrator
    entity: Mapped[str]
    name: Mapped[str]
    spec: Mapped[dict[str, Any]]
    is_shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
