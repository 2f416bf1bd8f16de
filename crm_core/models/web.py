"""Signing in to the web page. Of passwords and keys only hashes are kept."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from crm_core.models.base import Base


class WebUser(Base):
    """How somebody signs in, and how they like the page."""

    __tablename__ = "web_users"

    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 0: the built-in administrator
    password: Mapped[str | None]  # argon2id
    lang: Mapped[str | None]  # en or zh; None: what the browser asks for
    theme: Mapped[str | None]  # light or dark; None: what the browser prefers


class WebSession(Base):
    """Somebody who is signed in, in one browser. Only the SHA-256 of what its cookie holds is kept."""

    __tablename__ = "web_sessions"

    digest: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(index=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class WebLink(Base):
    """A link that lets somebody in, or lets them choose a password. It goes when it is used."""

    __tablename__ = "web_links"

    digest: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int]
    purpose: Mapped[str]
    expires_at: Mapped[datetime]
