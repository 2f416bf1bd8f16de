"""A date expression bounded by its relation."""

from dataclasses import dataclass
from datetime import date, timedelta

from copilot.offline.dates.calendar import Period
from copilot.offline.dates.span import Relation

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Expression:
    """A date expression over the parts `start` to `end`, bounded by its relation."""

    start: int
    end: int
    since: date | None
    until: date | None
    period: Period
    relation: Relation = "in"
    components: tuple["Expression", ...] = ()  # the two dates of a range, readings of their own


def bound(start: int, end: int, period: Period, relation: Relation) -> Expression:
    """Apply a relation. The end of March, though ten days long, bounds by its last day."""
    first = period.until if period.point == "end" else period.since
    last = period.since if period.point == "start" else period.until
    since: date | None
    until: date | None
    since, until = period.since, period.until
    if relation == "before":
        since, until = None, last if period.point == "end" else period.since - _DAY
    elif relation == "until":
        since, until = None, last
    elif relation == "since":
        since, until = first, None
    elif relation == "after":
        since, until = period.until + _DAY, None
    return Expression(start, end, since, until, period, relation)
