"""Words by which a company calls what it keeps: its "ACV" is the amount of a deal."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_core.ids import new_id
from crm_core.models.base import Base, JsonObject


class CompanyWord(Base):
    """A word of this store and what it means here; one word may mean several things.

    `target` is a field ("deal.amount"), a kind of record ("user") or a metric ("metric:bookings"). `source` is where it
    came from: "import" or "person". A word for some of the records of a kind has the target "where:account" and the
    condition, as a `QuerySpec` filter, in `meaning`.
    """

    __tablename__ = "company_words"
    __table_args__ = (UniqueConstraint("phrase", "target"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=new_id)
    phrase: Mapped[str]  # lower case
    target: Mapped[str]
    source: Mapped[str]
    meaning: Mapped[dict[str, Any] | None] = mapped_column(JsonObject)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
