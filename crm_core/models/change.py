"""The change set: the only way that a record changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
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
    created_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime | None] = mapped_column(index=True)  # as `origin` has it, to find what waits


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
    """What its asker made of a change set: proposed, withdrawn or superseded. The agent may add these for its asker."""

    __tablename__ = "change_events"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    change_set_id: Mapped[str] = mapped_column(index=True)
    state: Mapped[str]
    actor: Mapped[str]
    actor_id: Mapped[int]
    at: Mapped[datetime]
    note: Mapped[str | None]


class ChangeDecision(Base):
    """What a person decided about a change set, and what came of it. The agent cannot write here.

    The newest decision is the set's state; without one the newest event is. A state is reached once.
    """

    __tablename__ = "change_decisions"
    __table_args__ = (UniqueConstraint("change_set_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    change_set_id: Mapped[str] = mapped_column(index=True)
    state: Mapped[str]  # approved applied rejected expired conflicted undone
    actor: Mapped[str]
    actor_id: Mapped[int]
    door: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str | None]


class AuditEntry(Base):
    """One line of the audit trail: a set that was applied or undone. Each holds the hash of the line before it."""

    __tablename__ = "audit_entries"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    change_set_id: Mapped[str] = mapped_column(index=True)
    action: Mapped[str]  # applied
    asked_by_id: Mapped[int]
    approved_by: Mapped[str]
    approved_by_id: Mapped[int]
    door: Mapped[str]
    at: Mapped[datetime]
    sha256: Mapped[str]  # of the set's changes
    previous: Mapped[str]
    hash: Mapped[str]


class OutboxRow(Base):
    """An applied change set that the search index, webhooks and posts still have to hear of, in order of commit."""

    __tablename__ = "outbox"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    change_set_id: Mapped[str]
    at: Mapped[datetime]


Index("ix_changes_record", ChangeRow.entity, ChangeRow.record_id)
