"""A manager's team in a week: sold against quota, done, expected. The numbers are those of reports."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from copilot.page import Page
from copilot.reports import Asked, get_report
from crm_core.errors import CrmError
from crm_core.models import UserRole
from crm_core.query.spec import Condition
from integrations.slack.day import turn_of
from integrations.slack.door import Door
from integrations.slack.people import Person

PAGES = (("attainment", "owner"), ("activity", "user"), ("forecast", "owner"))  # report, and who its records are of


def leads(person: Person) -> bool:
    """Whether they have a team, or all of the company."""
    return person.actor.role is UserRole.ADMIN or (person.actor.role is UserRole.MANAGER and len(person.actor.team) > 1)


def last_week(today: date) -> tuple[date, date]:
    """Monday and Sunday of the week before this day's."""
    monday = today - timedelta(days=today.weekday() + 7)
    return monday, monday + timedelta(days=6)


def read_week(door: Door, person: Person) -> Iterator[Page]:
    """The reports on the person's team; one that cannot be told is left out."""
    context = turn_of(door, person)
    since, until = last_week(context.today)
    for name, owner in PAGES:
        team = person.actor.team
        where = Condition(field=owner, op="in", value=sorted(team)) if len(team) > 1 else None
        asked = Asked(where=where, since=since, until=until) if name == "activity" else Asked(where=where)
        try:
            page = get_report(name).build(context, asked)
        except CrmError:
            continue
        yield replace(page, table=None) if name == "forecast" else page  # it has more columns than a message is wide
