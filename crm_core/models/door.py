"""What doors to the outside keep: events that they have acknowledged, who a stranger there is here, what was told."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_core.ids import new_id
from crm_core.models.base import Base


class InboxRow(Base):
    """An event that a door has taken and acknowledged: it is worked once, whatever happens to the process.

    Attributes:
        key: of the event, the same each time that it is delivered.
        lane: events of one lane are worked one after the other, in the order in which they came.
        is_urgent: a click waits behind no question.
        payload: JSON in ASCII; emptied when it is done.
        state: waiting | done | failed.
        held_until: a worker that still lives holds it until then, and renews that.
        not_before: when it may be tried again.
        note: id of the log entry where it failed.
    """

    __tablename__ = "inbox"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=new_id)
    door: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    lane: Mapped[str]
    is_urgent: Mapped[bool] = mapped_column(default=False)
    payload: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    held_by: Mapped[str | None]
    held_until: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    note: Mapped[str | None]
    received_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class DoorLink(Base):
    """Who somebody outside is here, where their address does not say it: an administrator has approved it."""

    __tablename__ = "door_links"
    __table_args__ = (UniqueConstraint("door", "outsider"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=new_id)
    door: Mapped[str]
    outsider: Mapped[str]  # such as T0123/U0456
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    approved_by: Mapped[str]
    approved_at: Mapped[datetime]


class NoticeSetting(Base):
    """What somebody wants to be told without asking, and where.

    Attributes:
        outsider: who they are outside, such as T0123/U0456.
        digest_hour: of their day at which it comes, 0 to 23; None: it does not.
        reminder_hour: the same for tasks that are due.
        asks: whether they are asked about deals that nobody wrote of for long.
        reports: whether a manager gets the report of the week.
        weekends: whether anything comes on Saturdays and Sundays.
        time_zone: IANA, as the door last knew it.
    """

    __tablename__ = "notice_settings"
    __table_args__ = (UniqueConstraint("door", "outsider"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=new_id)
    door: Mapped[str]
    outsider: Mapped[str]
    digest_hour: Mapped[int | None]
    reminder_hour: Mapped[int | None]
    asks: Mapped[bool]
    reports: Mapped[bool]
    weekends: Mapped[bool]
    time_zone: Mapped[str]


class Notice(Base):
    """Something that a person was told without asking. The row is there before it is said, so it is said once.

    Attributes:
        key: who, what and for which day, once each.
        kind: digest | reminder | report | question.
        state: claimed | sent. A claim that nobody settled stays one: it may have been said.
        record_id: of the deal that was asked about.
        message: the door's name of it, so that an answer to it finds it.
    """

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=new_id)
    door: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    state: Mapped[str]
    record_id: Mapped[int | None]
    message: Mapped[str | None] = mapped_column(index=True)
    at: Mapped[datetime]


Index("ix_inbox_state_lane_id", InboxRow.state, InboxRow.lane, InboxRow.id)
