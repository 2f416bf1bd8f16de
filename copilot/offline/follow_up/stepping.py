"""Periods that are told by the one that was spoken of: "and the month before that", "same period last year"."""

from dataclasses import replace
from datetime import date

from copilot.offline.compose.reading import GroupNode, Period, Reading
from copilot.offline.dates.steps import take_step, year_to


def settle(reading: Reading, previous: Reading | None, *, today: date) -> Reading:
    """The reading with its steps taken: from the period of the question before, or a year ago from the year so far."""
    out = reading.copy()
    spoken = [p for p in previous.periods if not p.negated] if previous else []
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
        span = take_step(anchor.span, reading.step)
        compared = reading.change or reading.side_by_side or reading.growth
        if span is not None:
            out.periods = [replace(anchor, span=span), *([anchor] if compared else [])]
            out.step, out.change = None, reading.change or ("any" if compared else None)
            out.growth, out.side_by_side = False, False
    elif anchor is not None and len(out.periods) == 1 and out.periods[0].step:
        out.periods = [_from(anchor, out.periods[0])]
    elif anchor is not None and len(out.periods) == 1 and reading.side_by_side and not reading.measures:
        out.periods, out.side_by_side, out.change = (
            [*out.periods, anchor],
            False,
            "any",
        )  # "how does that compare with May"
    return out


def _from(anchor: Period, said: Period) -> Period:
    """As in "the previous quarter", after a quarter was spoken of: the one before that."""
    span = take_step(anchor.span, str(said.step)) if anchor.span.unit == said.span.unit else None
    return replace(said, span=span or said.span, step=None)
