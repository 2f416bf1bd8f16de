"""The change set: the only way that a record changes (DESIGN 3.3)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from crm_core.models.base import Base


class ChangeSetRow(Base):
    """Exact changes proposed together, who asked, through which door, and the SHA-256 of it all."""

    __tablename__ = "change_sets"

    id: Mapped[str] = mapped_column(primary_key=True)  # a UUID made by the client
    kind: Mapped[str]  # edit | import | undo
    summary: Mapped[str]
    asked_by: Mapped[str]  # the name, as it was then
    asked_by_id: Mapped[int]
    door: Mapped[str]
    turn: Mapped[str | None]
    tainted: Mapped[bool] = mapped_column(default=False)
    sha256: Mapped[str]
    origin: Mapped[dict[str, Any]] = mapped_column(default=dict)  # an import: files and their hashes
    undoes: Mapped[str | None]
    created_at: Mapped[datetime]


class ChangeRow(Base):
    """One record's change: field → [old, new]. `base_version` is what the record must still be at.

    `seq` counts what was asked for, from 0. Below 0 stands what the commit added by itself: the stage change for
    the deal at `-seq - 1`. It is undone with its cause and is no part of the hash.
    """

    __tablename__ = "changes"

    change_set_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    op: Mapped[str]  # create | update | delete | restore
    entity: Mapped[str]
    record_id: Mapped[int]
    base_version: Mapped[int | None]
    set: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ChangeEvent(Base):
    """A state that a change set reached. The newest one is its state; none is ever altered."""

    __tablename__ = "change_events"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    change_set_id: Mapped[str] = mapped_column(index=True)
    state: Mapped[str]  # proposed approved applied rejected expired superseded conflicted undone
    actor: Mapped[str]
    actor_id: Mapped[int]
    at: Mapped[datetime]
    note: Mapped[str | None]


Index("ix_changes_record", ChangeRow.entity, ChangeRow.record_id)
