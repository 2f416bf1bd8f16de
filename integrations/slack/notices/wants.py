"""What each person wants to be told, and when; they choose it themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from crm_core.db import Store
from crm_core.models import NoticeSetting
from integrations.slack.inbox import DOOR

LATE = 4  # hours after the chosen one in which it still comes, where nothing ran on time
MONDAY, SATURDAY = 0, 5
USUAL_HOUR = 8


@dataclass(frozen=True)
class Wants:
    """A person's choice; hours are of their day, 0 to 23, None: it does not come.

    Attributes:
        digest_hour: of the digest, and on Mondays of a manager's report.
        reminder_hour: of the tasks that are due, and of a question on a silent deal.
        asks: they are asked about deals without activity.
        reports: a manager gets the report of the week.
        weekends: something comes on Saturdays and Sundays too.
        time_zone: IANA, as Slack last told it.
    """

    digest_hour: int | None = USUAL_HOUR
    reminder_hour: int | None = 13
    asks: bool = True
    reports: bool = True
    weekends: bool = False
    time_zone: str = "UTC"

    def local(self, now: datetime) -> datetime:
        """A moment on the person's clock."""
        return now.astimezone(ZoneInfo(self.time_zone))

    def due(self, now: datetime) -> tuple[str, ...]:
        """The kinds of notices whose hour has come and is not long past."""
        here = self.local(now)
        if here.weekday() >= SATURDAY and not self.weekends:
            return ()
        morning = USUAL_HOUR if self.digest_hour is None else self.digest_hour
        noon = USUAL_HOUR if self.reminder_hour is None else self.reminder_hour
        hours = {
            "digest": self.digest_hour,
            "report": morning if self.reports and here.weekday() == MONDAY else None,
            "reminder": self.reminder_hour,
            "question": noon if self.asks else None,
        }
        return tuple(kind for kind, hour in hours.items() if hour is not None and hour <= here.hour < hour + LATE)


_NAMES = tuple(one.name for one in fields(Wants))


def read_wants(store: Store, outsider: str) -> Wants:
    """What somebody chose; the usual where they chose nothing."""
    with store.read() as connection:
        row = connection.execute(_rows().where(NoticeSetting.outsider == outsider)).one_or_none()
    return Wants() if row is None else _wants(row._mapping)


def everybody(store: Store, team: str) -> dict[str, Wants]:
    """The wants of all who ever used Farley in a workspace, by their id in Slack."""
    with store.read() as connection:
        rows = connection.execute(_rows().where(NoticeSetting.outsider.startswith(f"{team}/", autoescape=True))).all()
    return {row.outsider.partition("/")[2]: _wants(row._mapping) for row in rows}


def keep_wants(store: Store, outsider: str, given: Mapping[str, Any]) -> None:
    """Keep what somebody chose, on top of what they chose before."""
    mine = (NoticeSetting.door == DOOR, NoticeSetting.outsider == outsider)
    try:
        with store.derive() as connection:
            if given and connection.execute(update(NoticeSetting).where(*mine).values(**given)).rowcount:
                return
            usual = {name: getattr(Wants(), name) for name in _NAMES}
            connection.execute(insert(NoticeSetting), [{"door": DOOR, "outsider": outsider, **usual, **given}])
    except IntegrityError:  # somebody kept the first ones at the same moment
        if given:
            with store.derive() as connection:
                connection.execute(update(NoticeSetting).where(*mine).values(**given))


def meet(store: Store, outsider: str, time_zone: str) -> None:
    """Somebody uses Farley: know them, and the time where they are."""
    with store.read() as connection:
        row = connection.execute(_rows().where(NoticeSetting.outsider == outsider)).one_or_none()
    if row is None or row.time_zone != time_zone:
        keep_wants(store, outsider, {"time_zone": time_zone})


def _rows() -> Any:
    return select(NoticeSetting.__table__).where(NoticeSetting.door == DOOR)


def _wants(row: Mapping[Any, Any]) -> Wants:
    return Wants(**{name: row[name] for name in _NAMES})
