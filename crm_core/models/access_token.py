"""Personal access tokens, and the requests that their holders may send twice."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from crm_core.models.base import Base, JsonObject


class AccessToken(Base):
    """What a program shows to act in a person's name. Only the SHA-256 of the token is kept."""

    __tablename__ = "access_tokens"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[int]  # 0: the built-in administrator
    name: Mapped[str]  # what it is for
    digest: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]] = mapped_column(JsonObject)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class RequestKey(Base):
    """An Idempotency-Key and what was answered under it; no status: it is being worked on, or its process died."""

    __tablename__ = "request_keys"

    token_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(primary_key=True)
    request: Mapped[str]  # SHA-256 of method, address and body
    at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[int | None]
    headers: Mapped[dict[str, str] | None] = mapped_column(JsonObject)
    body: Mapped[str | None]
