"""Who gets drafts without asking for them, and when: chosen for a person, a team or all, the nearest choice counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, insert, select

from crm_core.access import Actor, Scope
from crm_core.db import Store
from crm_core.errors import Forbidden, Invalid
from crm_core.models import AutoDraftSetting, User, UserRole

EVERYBODY = "all"
_MOST_DAYS = 60
_DAYS, _WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun"), 7


@dataclass(frozen=True)
class Rules:
    """How drafts are made for a person.

    Attributes:
        is_on: they are.
        unanswered_days: after so many days a customer's mail counts as left unanswered.
        quiet_from, quiet_until: nothing is made between these, "HH:MM" in `time_zone`; the same: never quiet. What
            falls due then is made afterwards.
        working_days: "mon-fri", "sun-thu" or "mon,wed,fri"; nothing is made on the others.
        time_zone: IANA name.
    """

    is_on: bool = True
    unanswered_days: int = 3
    quiet_from: str = "19:00"
    quiet_until: str = "07:00"
    working_days: str = "mon-fri"
    time_zone: str = "UTC"

    def local(self, now: datetime) -> datetime:
        """A moment on the person's clock."""
        return now.astimezone(ZoneInfo(self.time_zone))

    def is_quiet(self, now: datetime) -> bool:
        """Whether nothing is to be made at this moment."""
        begins, ends = time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until)
        at = self.local(now).time()
        is_late = begins <= at < ends if begins <= ends else at >= begins or at < ends
        return is_late or self.local(now).weekday() not in read_days(self.working_days)

    def days_off_before(self, day: date) -> int:
        """How many days without work came right before `day`: what fell due then is made up for."""
        working = read_days(self.working_days)
        return next(count for count in range(_WEEK) if (day - timedelta(days=count + 1)).weekday() in working)


def read_days(text: str) -> frozenset[int]:
    """Days of the week, Monday is 0, as in "mon-fri", "sun-thu" or "mon,wed,fri".

    Raises:
        Invalid: it names none.
    """
    days: set[int] = set()
    for part in text.lower().replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first[:3] not in _DAYS or (last and last[:3] not in _DAYS):
            raise Invalid(f"{text!r} names no days of the week; write them like mon-fri, sun-thu or mon,wed,fri.")
        start, end = _DAYS.index(first[:3]), _DAYS.index((last or first)[:3])
        days |= {at % _WEEK for at in range(start, end + 1 if start <= end else end + 1 + _WEEK)}
    return frozenset(days)


def rules_of(connection: Connection, user_id: int, *, time_zone: str) -> Rules:
    """The rules of a person; `time_zone` where neither they nor their team chose one."""
    team = connection.execute(select(User.team).where(User.id == user_id)).scalar()
    chosen: dict[str, Any] = {"time_zone": time_zone}
    for scope in (EVERYBODY, f"team:{team}", f"user:{user_id}"):
        chosen |= _chosen(connection, scope)
    return Rules(**chosen)


def choose(store: Store, scope: str, given: Mapping[str, Any], *, actor: Actor) -> None:
    """Keep what somebody chose for `user:ID`, `team:NAME` or `all`, on top of what was chosen there before.

    Raises:
        Forbidden: only a person themself, a manager of theirs, or an administrator chooses.
        Invalid: a value makes no sense.
    """
    _check(given)
    with store.write() as connection:
        _check_right(connection, scope, actor)
        row = {**_empty(), **_chosen(connection, scope), **given, "scope": scope}
        connection.execute(delete(AutoDraftSetting).where(AutoDraftSetting.scope == scope))
        connection.execute(insert(AutoDraftSetting), [row])


def _empty() -> dict[str, Any]:
    return dict.fromkeys(column.name for column in AutoDraftSetting.__table__.columns)


def _chosen(connection: Connection, scope: str) -> dict[str, Any]:
    row = connection.execute(select(AutoDraftSetting.__table__).where(AutoDraftSetting.scope == scope)).one_or_none()
    if row is None:
        return {}
    return {name: value for name, value in row._mapping.items() if name != "scope" and value is not None}


def _check_right(connection: Connection, scope: str, actor: Actor) -> None:
    kind, _, name = scope.partition(":")
    may_all = actor.role is UserRole.ADMIN
    if kind == "user":
        may = may_all or int(name) == actor.id or (actor.writes is Scope.TEAM and int(name) in actor.team)
    elif kind == "team":
        members = set(connection.scalars(select(User.id).where(User.team == name, User.deleted_at.is_(None))))
        if not members:
            raise Invalid(f"Nobody is in a team {name!r}.")
        may = may_all or (actor.writes is Scope.TEAM and members <= actor.team)
    else:
        may = may_all
    if not may:
        raise Forbidden("A person chooses for themself, a manager for their team, an administrator for all.")


def _check(given: Mapping[str, Any]) -> None:
    days = given.get("unanswered_days")
    if days is not None and not 1 <= days <= _MOST_DAYS:
        raise Invalid(f"A mail counts as unanswered after 1 to {_MOST_DAYS} days, not {days}.")
    for name in ("quiet_from", "quiet_until"):
        if given.get(name) is not None:
            _check_time(given[name])
    if given.get("working_days") is not None:
        read_days(given["working_days"])
    if given.get("time_zone") is not None:
        _check_zone(given["time_zone"])


def _check_time(text: str) -> None:
    try:
        is_time = len(text) == 5 and time.fromisoformat(text).tzinfo is None
    except ValueError:
        is_time = False
    if not is_time:
        raise Invalid(f"{text!r} is no time of day; write it like 19:00.")


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        raise Invalid(f"{name!r} is no time zone; write it like Europe/Berlin.") from None
