"""How drafts are made without being asked for."""

from sqlalchemy.orm import Mapped, mapped_column

from crm_core.models.base import Base


class AutoDraftSetting(Base):
    """What somebody chose for a person, a team or all: `user:17`, `team:East` or `all`. None: not chosen here."""

    __tablename__ = "auto_draft_settings"

    scope: Mapped[str] = mapped_column(primary_key=True)
    is_on: Mapped[bool | None]
    unanswered_days: Mapped[int | None]
    quiet_from: Mapped[str | None]  # 18:00
    quiet_until: Mapped[str | None]
    working_days: Mapped[str | None]  # mon-fri
    time_zone: Mapped[str | None]  # IANA
