"""Days of whichever month: "wins of 2017 that closed on the 25th of the month or later"."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.reading import Period, Side
from copilot.offline.dates import DateSpan
from copilot.offline.dates.calendar import add_months
from copilot.offline.tags import T

_OF_MONTHS = (" of the month", " of each month", " of every month", " of a month", " of any month", " of their month")
_MONTHLY = ("每月", "每个月", "当月")
_MOST = 36  # months


def days_of_months(c: Composer) -> None:
    """Beside a longer time that is named they are those days of each of its months."""
    r = c.reading
    said = [p for p in (*r.periods, *(r.part.periods if r.part else ())) if _is_monthly(c, p)]
    longer = [p for p in r.periods if p not in said and p.span.since and p.span.until and p.span.unit != "day"]
    if len(said) != 1 or len(longer) != 1:
        return
    spans = [replace(said[0], span=span) for span in _each_month(said[0].span, longer[0].span)]
    if not 0 < len(spans) <= _MOST:
        r.unclear = True
    elif r.part is not None and said[0] in r.part.periods:
        r.part = replace(r.part, periods=tuple(spans))
    else:
        r.periods = [p for p in r.periods if p is not said[0]]
        r.either.append(tuple(Side(periods=(p,)) for p in spans))


def _is_monthly(c: Composer, period: Period) -> bool:
    text = next((i.tag.text.lower() for i in c.items if i.tag.start == period.span.start and i.tag.get(T.DATE)), "")
    return any(words in text for words in _OF_MONTHS) or text.startswith(_MONTHLY)


def _each_month(days: DateSpan, within: DateSpan) -> Iterator[DateSpan]:
    """The same days of each month of a longer time."""
    assert within.since is not None
    assert within.until is not None
    first = within.since.replace(day=1)
    while first <= within.until:
        last = add_months(first, 1) - timedelta(days=1)
        since = _day(first, last, days.since.day if days.since else 1)
        until = _day(first, last, days.until.day if days.until else last.day)
        if since is not None and until is not None and since <= until:
            yield replace(days, since=since, until=until, unit="range", relation="in")
        first = add_months(first, 1)


def _day(first: date, last: date, number: int) -> date | None:
    """The day of that number; None in a month that is too short for it."""
    return first.replace(day=number) if number <= last.day else None
