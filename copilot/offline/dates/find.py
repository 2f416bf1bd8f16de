"""Walk over a request and collect its date expressions."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from copilot.offline.dates.calendar import Calendar, Prefer
from copilot.offline.dates.expression import Expression
from copilot.offline.dates.grammar import read_expression
from copilot.offline.dates.reader import Reader
from copilot.offline.dates.span import DateSpan, describe
from copilot.offline.dates.words import LIST_WORDS, PLACE_WORDS
from copilot.offline.tokens import Part, Token, split_hyphens

_MOST_LEAD_WORDS = 3
_SHARED_UNITS = ("month", "quarter", "half")


def find_dates(
    tokens: Sequence[Token],
    today: date,
    *,
    fiscal_year_start: int = 1,
    lang: str | None = None,
    prefer: Prefer = "past",
) -> list[DateSpan]:
    """Every date expression, by start and longest first.

    A span takes in the words that bound it ("before March") and comes twice where a plain preposition leads it
    ("in March", "March"). A range also gives its two dates; "two months ago" is the month, then the day.

    Args:
        tokens: The request, from `tokenize`.
        today: The clock.
        fiscal_year_start: Month (1 to 12) in which fiscal years, quarters and halves start; a fiscal year is named
            by the year it ends in.
        lang: Language of `DateSpan.text`: Chinese for "zh", else English.
        prefer: Which way a month, quarter or day without a year is read: the latest one begun by today, or the
            first one not yet over. "by", "due" and "next" look ahead by themselves; a bare weekday always does.

    Source: weeks start on Monday. The last N days are today - N to today, both included.
    """
    parts = split_hyphens(tokens)
    reader = Reader(parts, Calendar(today, fiscal_year_start, "future" if prefer == "future" else None))
    found = _share_listed_years(reader, list(_expressions(reader)))
    spans = [span for lead, one in found for span in _spans(parts, lead, one, lang)]
    return sorted(dict.fromkeys(spans), key=lambda span: (span.start, -span.end))


def _expressions(reader: Reader) -> Iterator[tuple[int, Expression]]:
    """Each expression with the place where its prepositions begin, from left to right, none inside another."""
    at = 0
    while at < len(reader.parts):
        best = _expression_with_lead(reader, at)
        if best is None or not _is_whole(reader.parts, best[0], best[1].end) or _is_remnant(reader, best[1]):
            at += 1
            continue
        yield best
        at = best[1].end


def _expression_with_lead(reader: Reader, at: int) -> tuple[int, Expression] | None:
    if not reader.parts[at].is_first:
        return None
    found = [(at, one)] if (one := _try(reader, at)) else []
    start = at
    while start < at + _MOST_LEAD_WORDS and reader.word(start) in PLACE_WORDS:
        start += 1
        if one := _try(reader, start):
            found.append((at, one))
    return max(found, key=lambda pair: (pair[1].end, -pair[1].start), default=None)


def _try(reader: Reader, at: int) -> Expression | None:
    try:
        return read_expression(reader, at)
    except (ValueError, OverflowError):  # a day before year 1 or after 9999
        return None


def _is_remnant(reader: Reader, one: Expression) -> bool:
    """The rest of an impossible day: 2月29日 behind 2018年 has no year of its own to assume."""
    return reader.word(one.start - 1) == "年" and one.period.year_assumed


def _is_whole(parts: Sequence[Part], start: int, end: int) -> bool:
    return parts[start].is_first and parts[end - 1].is_last


def _share_listed_years(reader: Reader, found: list[tuple[int, Expression]]) -> list[tuple[int, Expression]]:
    """Q1 and Q2 2017: a neighbour in a list takes the year that the other one says."""
    for index in range(len(found) - 2, -1, -1):
        found[index] = _take_year(reader, found[index], found[index + 1], found[index][1].end, found[index + 1][0])
    for index in range(1, len(found)):
        found[index] = _take_year(reader, found[index], found[index - 1], found[index - 1][1].end, found[index][0])
    return found


def _take_year(
    reader: Reader, to: tuple[int, Expression], giver: tuple[int, Expression], start: int, end: int
) -> tuple[int, Expression]:
    lead, one = to
    period, source = one.period, giver[1].period
    is_list = 0 < end - start <= 2 and all(word in LIST_WORDS for word in reader.words[start:end])
    if not is_list or one.relation != "in" or not source.says_year or period.unit != source.unit:
        return to
    if period.in_year is None or not period.year_assumed or period.unit not in _SHARED_UNITS:
        return to
    period = replace(period.in_year(source.until.year), says_year=True)
    return lead, replace(one, since=period.since, until=period.until, period=period)


def _spans(parts: Sequence[Part], lead: int, one: Expression, lang: str | None) -> Iterator[DateSpan]:
    yield _span(parts, lead, one, lang)
    if lead < one.start:
        yield _span(parts, one.start, one, lang)
    day = one.period.day_reading
    if day and one.relation == "in":
        yield _span(parts, one.start, replace(one, since=day.since, until=day.until, period=day), lang)
    for component in one.components:
        if _is_whole(parts, component.start, component.end):
            yield _span(parts, component.start, component, lang)


def _span(parts: Sequence[Part], start: int, one: Expression, lang: str | None) -> DateSpan:
    return DateSpan(
        start=parts[start].token,
        end=parts[one.end - 1].token + 1,
        since=one.since,
        until=one.until,
        unit=one.period.unit,
        text=describe(one.since, one.until, lang),
        year_assumed=one.period.year_assumed,
        relation=one.relation,
        is_future_form=one.period.is_future_form,
        is_weekday=one.period.is_weekday and one.relation == "in",
    )
