"""What has to be done, by whom and when."""

from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Mapped

from crm_core.models.base import EntityInfo, Kind, Record, Role, field, reference


class TaskStatus(StrEnum):
    """Whether it is done; what was called off is neither."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class Task(Record):
    """Something to do; a reminder is a task."""

    __tablename__ = "tasks"
    __entity__ = EntityInfo(
        name="task",
        words=("task", "to-do", "todo", "reminder", "follow-up"),
        owned_by=("owner", "deal.owner", "account.owner"),
        title=("title", "external_id"),
        is_fact=True,
    )

    title: Mapped[str] = field(words=("title", "task title"), role=Role.TITLE)
    due_on: Mapped[date | None] = field(words=("due date", "due", "deadline"), role=Role.DUE, index=True)
    status: Mapped[str] = field(words=("task status", "status"), kind=Kind.CHOICE, default=TaskStatus.OPEN)
    done_on: Mapped[date | None] = field(words=("done date", "completed", "done"), role=Role.CLOSED)
    priority: Mapped[str | None] = field(words=("priority", "urgency"), kind=Kind.CHOICE)
    description: Mapped[str | None] = field(words=("description", "notes"), kind=Kind.LONG_TEXT)
    owner_id: Mapped[int | None] = reference("users", words=("owner", "assignee"), role=Role.OWNER, inverse="tasks")
    account_id: Mapped[int | None] = reference("accounts", words=("account",), inverse="tasks")
    contact_id: Mapped[int | None] = reference("contacts", words=("contact",), inverse="tasks")
    deal_id: Mapped[int | None] = reference("deals", words=("deal",), inverse="tasks")
    lead_id: Mapped[int | None] = reference("leads", words=("lead",), inverse="tasks")
