"""Webhooks: who is told of changes, and how the telling went."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from crm_core.models.base import Base, JsonObject


class Webhook(Base):
    """An address that hears of applied change sets. `seq` is the last row of the outbox that it was put down for."""

    __tablename__ = "webhooks"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    url: Mapped[str]
    secret: Mapped[str]  # signs what is sent, so it has to be kept; no question reaches it
    kinds: Mapped[list[str]] = mapped_column(JsonObject)  # of records; empty: all
    created_by_id: Mapped[int]
    created_at: Mapped[datetime]
    disabled: Mapped[str | None]  # why
    seq: Mapped[int]


class WebhookDelivery(Base):
    """One change set for one webhook: waiting, delivered, or dead after the last try."""

    __tablename__ = "webhook_deliveries"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    webhook_id: Mapped[int] = mapped_column(index=True)
    change_set_id: Mapped[str]
    state: Mapped[str]
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(index=True)
    made_at: Mapped[datetime]
    answer: Mapped[str | None]  # of the last try
