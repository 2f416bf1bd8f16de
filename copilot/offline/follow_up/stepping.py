"""Periods that are told by the one that was spoken of: "and the month before that", "same period last year"."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from copilot.offline.compose.reading import WHOLE, Doubt, GroupNode, Period, Reading, Shift
from copilot.offline.dates.steps import around, nth_of_year, so_far, take_step, year_to
from copilot.offline.follow_up.scope import shifted


def settle(reading: Reading, previous: Reading | None, *, today: date) -> Reading:
    """The reading with its steps taken: from the period of the question before, or a year ago from the year so far."""
    spoken = [p for p in previous.periods if not p.negated] if previous else []
    if len(spoken) == 1 and _may_be_part(reading, spoken[0]):
        return _either(reading.copy(), spoken[0])
    return _settled(reading, previous, spoken, today=today)


def _settled(reading: Reading, previous: Reading | None, spoken: Sequence[Period], *, today: date) -> Reading:
    out = reading.copy()
    anchor = spoken[0] if len(spoken) == 1 else None
    if anchor is None and reading.step == "year_ago" and reading.growth:
        out.step, out.groups = None, [GroupNode(bucket="year")]  # "year on year growth": from each to the next
        return out
    if anchor is None and reading.step == "year_ago" and not spoken:
        anchor = Period(year_to(today))
    if reading.step and anchor is not None:
        if anchor.span.unit == "year" and reading.step.partition("_")[0] not in ("year", "before", "after"):
            out.unclear = True  # "the month before that", of a year
            return out
        if reading.step == "year_ago":
            anchor = replace(anchor, span=so_far(anchor.span, today))
        span = take_step(anchor.span, reading.step)
        compared = reading.change or reading.side_by_side or reading.growth
        if span is not None:
            out.periods = [replace(anchor, span=span), *([anchor] if compared else [])]
            out.step, out.change = None, reading.change or ("any" if compared else None)
            out.growth, out.side_by_side = False, False
    elif previous is not None and anchor is not None and (place := _place(reading, previous, anchor)):
        span = nth_of_year(anchor.span, place)
        out.sup, out.row, out.unclear = None, None, out.unclear or span is None
        out.periods = [replace(anchor, span=span)] if span else []
    elif anchor is not None and len(out.periods) == 1 and out.periods[0].step:
        out.periods = [_from(anchor, out.periods[0])]
    elif anchor is not None and len(out.periods) == 1 and _sets_against(reading):
        out.periods = [_other_than(anchor, out.periods[0]), anchor]
        out.change, out.side_by_side = "any", False
        out.unclear &= out.pivot is None
        out.pivot, out.pronouns = None, []
    return out


_SHORT = ("day", "week", "month", "quarter", "half")


def _may_be_part(reading: Reading, anchor: Period) -> bool:
    """As in "same for last year", after a month: that month of the year, or all of it."""
    same = any(p.kind == "same" for p in reading.pronouns)
    year = len(reading.periods) == 1 and reading.periods[0].span.unit == "year" and not reading.step
    more = reading.measures or reading.fields or reading.records or reading.groups or reading.sup
    return same and year and anchor.span.unit in _SHORT and not more


def _either(out: Reading, anchor: Period) -> Reading:
    """It asks which of both times is meant: the part of that year, or all of it."""
    year = out.periods[0].span
    moved = shifted([anchor], Shift(0, "year", year.since)) or []
    options = tuple(f"{span.since} – {span.until}" for span in (*(period.span for period in moved), year))
    out.doubts = [Doubt(str(year.since)[:4], (), options)]
    return out


def _sets_against(reading: Reading) -> bool:
    """As in "how does that compare with May", "is that better than in May": nothing else is said."""
    if reading.side_by_side:
        return not reading.measures
    tested = reading.fields or reading.records or reading.states or reading.having
    asked = reading.measures or reading.groups or reading.sup or reading.columns or reading.target or reading.asks
    return reading.pivot is not None and not (tested or asked or reading.loose)


def _other_than(anchor: Period, said: Period) -> Period:
    """As in "last October", after this one: the year before."""
    span = take_step(said.span, "year_ago") if said.span.since == anchor.span.since else said.span
    return replace(anchor, span=span or said.span)


def _place(reading: Reading, previous: Reading, anchor: Period) -> int | None:
    """As in "and the fourth one?", after a quarter: which quarter or half of the year; None where rows are meant."""
    listed = previous.target is not None and previous.target.ask != "count"
    if anchor.span.unit not in ("quarter", "half") or previous.sup or previous.groups or listed:
        return None
    sup = reading.sup
    cut = sup is not None and sup.limit is not None and reading.row is None
    asked = reading.measures or reading.columns or reading.target or reading.groups or reading.asks
    told = reading.periods or reading.fields or reading.records or (sup is not None and (sup.noun or sup.by))
    if cut or asked or told:
        return None
    return reading.row if reading.row is not None else sup.nth if sup is not None else None


def _from(anchor: Period, said: Period) -> Period:
    """As in "the previous quarter", after a quarter was spoken of: the one before that; "the whole year": its year."""
    if said.step == WHOLE:
        around_it = around(anchor.span, said.span.unit)  # type: ignore[arg-type]  # a unit that has a name
        return replace(said, span=around_it or said.span, step=None)
    span = take_step(anchor.span, str(said.step)) if anchor.span.unit == said.span.unit else None
    return replace(said, span=span or said.span, step=None)
