"""Checks that each figure in a text has a source in this turn's tool results. Used for every model."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from copilot.context import TurnContext
from copilot.reply import Answer
from crm_core.models import Kind
from crm_core.query.result import Column, Value

_FIGURE = re.compile(
    r"(?<![\w.])[-−+]?\s?(?:[$€£¥₹₩]\s?)?"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"\s?(?P<scale>%|percent\b|百分点|(?:k|mn|m|bn|b|thousand|million|billion)\b|万|亿)?",
    re.IGNORECASE,
)
_SCALES = {
    "k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "million": 10**6, "b": 10**9, "bn": 10**9,
    "billion": 10**9, "万": 10**4, "亿": 10**8,
}  # fmt: skip
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATES = (  # year, month, day, as far as the form has them
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2})?)?"),
    re.compile(r"(?:(?P<y>\d{4})\s?年\s?)?(?P<m>\d{1,2})\s?月(?:\s?(?P<d>\d{1,2})\s?[日号])?"),
    re.compile(rf"\b(?P<n>{_MONTHS})[a-z]*\.?\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(?P<y>\d{{4}}))?", re.I),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s(?P<n>{_MONTHS})[a-z]*\.?(?:,?\s(?P<y>\d{{4}}))?", re.I),
)
_PERIODS = re.compile(
    r"\d{4}-(?:Q[1-4]|W\d{2}|\d{2})\b|\b(?:Q[1-4]|H[12])\b|[Qq][1-4](?=\D)|第[1-4]季度?|[1-4]季度", re.IGNORECASE
)
_LIST_MARK = re.compile(r"^\s*\d{1,2}[.)、]\s", re.MULTILINE)


@dataclass
class Sources:
    """What the figures of a text may rest on.

    Attributes:
        numbers: values of results, counts of rows and numbers of the specs.
        ratios: fractions that may be told as percentages.
        dates: days that results and specs name.
        years: of these days, of periods and of year fields.
        names: text cells, whose digits are no figures ("GTX 500").
    """

    numbers: set[Decimal] = field(default_factory=set)
    ratios: set[Decimal] = field(default_factory=set)
    dates: set[date] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


def unsourced(text: str, sources: Sources) -> list[str]:
    """The figures and dates in `text` that nothing in `sources` shows, as they are written."""
    rest, wrong = _without_names(text, sources), []
    for pattern in _DATES:
        wrong += [found[0] for found in pattern.finditer(rest) if not _is_known_day(found, sources)]
        rest = pattern.sub(" ", rest)
    rest = _LIST_MARK.sub(" ", _PERIODS.sub(" ", rest))
    return wrong + [found[0].strip() for found in _FIGURE.finditer(rest) if not _is_known(found, sources)]


def sources_of(answers: Sequence[Answer], turn: TurnContext) -> Sources:
    """All that this turn's tools showed."""
    sources = Sources(dates={turn.today}, years={turn.today.year}, names={turn.actor.name})
    for answer in answers:
        _add_answer(sources, answer)
    for fact in turn.ledger.facts:
        _add_text(sources, fact)
    return sources


def add_text(sources: Sources, text: str) -> None:
    """Let the figures of `text` (the person's own words) be repeated."""
    _add_text(sources, text)


def _add_answer(sources: Sources, answer: Answer) -> None:
    result = answer.result
    counts = [len(result.rows), result.total, result.spec.limit, *result.missing.values()]
    sources.numbers.update(Decimal(count) for count in counts if count is not None)
    for row in result.rows:
        for column, value in zip(result.columns, row.values, strict=True):
            _add_value(sources, column, value)
    for given in _leaves(result.spec.model_dump(exclude_defaults=True)):
        _add_text(sources, str(given))
    _add_text(sources, answer.query_text)


def _add_value(sources: Sources, column: Column, value: Value) -> None:
    match value:
        case bool() | None:
            return
        case datetime() | date():
            _add_day(sources, value.date() if isinstance(value, datetime) else value)
        case str():
            sources.names.add(value)
            if column.bucket or column.kind is Kind.LONG_TEXT:
                _add_text(sources, value)
        case int() | float() | Decimal():
            number = Decimal(str(value))
            (sources.ratios if column.is_ratio else sources.numbers).add(number)
            if column.kind is Kind.YEAR:
                sources.years.add(int(number))


def _add_text(sources: Sources, text: str) -> None:
    for pattern in _DATES:
        for found in pattern.finditer(text):
            if day := _day(found):
                _add_day(sources, day)
    sources.years.update(int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", text))
    for found in _FIGURE.finditer(text):
        sources.numbers.add(_value(found))
        if (found["scale"] or "").lower() in ("%", "percent"):
            sources.ratios.add(_value(found) / 100)


def _add_day(sources: Sources, day: date) -> None:
    sources.dates.add(day)
    sources.years.add(day.year)


def _leaves(part: Any) -> Iterator[object]:
    """Every value in nested plain data."""
    if isinstance(part, dict):
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _leaves(inner)
    else:
        yield part


def _without_names(text: str, sources: Sources) -> str:
    """Blank out names with digits in them; a name of digits alone is left to be checked."""
    mixed = (name for name in sources.names if re.search(r"\d", name) and re.search(r"[^\W\d]", name))
    for name in sorted((name for name in mixed if name in text), key=len, reverse=True):
        text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", " ", text)
    return text


def _day(found: re.Match[str]) -> date | None:
    parts = found.groupdict()
    named = parts.get("n")
    month = _MONTHS.split("|").index(named.lower()) + 1 if named else int(parts["m"])
    try:
        return date(int(parts["y"]), month, int(parts["d"])) if parts.get("y") and parts.get("d") else None
    except ValueError:
        return None


def _is_known_day(found: re.Match[str], sources: Sources) -> bool:
    """Known, where as much as is written fits one known day; a month without a day is a period, not a figure."""
    parts = found.groupdict()
    if parts.get("y") and int(parts["y"]) not in sources.years:
        return False
    if not parts.get("d"):
        return True
    named = parts.get("n")
    month = _MONTHS.split("|").index(named.lower()) + 1 if named else int(parts["m"])
    return any(
        known.month == month and known.day == int(parts["d"]) and (not parts.get("y") or known.year == int(parts["y"]))
        for known in sources.dates
    )


def _value(found: re.Match[str]) -> Decimal:
    scale = _SCALES.get((found["scale"] or "").lower(), 1)
    return Decimal(found["number"].replace(",", "")) * scale


def _is_known(found: re.Match[str], sources: Sources) -> bool:
    """Equal to a source after rounding to the places that are written. The sign may be told in words."""
    scale = (found["scale"] or "").lower()
    value = _value(found)
    step = Decimal(1).scaleb(-len(found["number"].partition(".")[2])) * _SCALES.get(scale, 1)
    if scale in ("%", "percent", "百分点"):
        near = [ratio * 100 for ratio in sources.ratios] + list(sources.numbers)
    elif value in sources.years and scale == "":
        return True
    else:
        near = [*sources.numbers, *sources.ratios]
    return any(abs(abs(number) - value) <= step / 2 for number in near)
