"""The figures and days of a text that nothing shows."""

import re
from collections.abc import Iterator
from decimal import Decimal
from unicodedata import normalize

from copilot.faithful import days, written
from copilot.faithful.sources import Sources
from copilot.offline.numbers import find_numbers
from copilot.offline.tokens import tokenize

_LIST_MARK = re.compile(r"^\s*(?:[-*•]\s*)?\d{1,2}[.)、]\s", re.MULTILINE)


def unsourced(text: str, sources: Sources) -> list[str]:
    """The figures and dates in `text` that nothing in `sources` shows, as they are written."""
    rest = _LIST_MARK.sub("\n", _without_names(normalize("NFKC", text), sources))
    said, rest = days.written_days(rest)
    wrong = [day.text for day in said if not _is_known_day(day, sources)]
    periods, rest = days.written_periods(rest)
    wrong += [text for text, period in periods if not _is_known_period(period, sources)]
    wrong += [figure.text for figure in written.figures_in(rest) if not _is_known(figure, sources)]
    return wrong + [word for word, value in _in_words(rest) if not _is_known_count(value, sources)]


def _without_names(text: str, sources: Sources) -> str:
    """Blank out names with digits in them; a name of digits alone is left to be checked."""
    mixed = (name for name in sources.names if re.search(r"\d", name) and re.search(r"[^\W\d]", name))
    for name in sorted((name for name in mixed if name in text), key=len, reverse=True):
        text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", " ", text)
    return text


def _is_known_day(day: days.Day, sources: Sources) -> bool:
    places = set(zip(day.months, day.days, strict=True))
    return any((known.month, known.day) in places and day.year in (None, known.year) for known in sources.dates)


def _is_known_period(period: days.Period, sources: Sources) -> bool:
    return any(known[1:] == period[1:] and period.year in (None, known.year) for known in sources.periods)


def _is_known(figure: written.Figure, sources: Sources) -> bool:
    """Equal to a source after rounding to the places that are written. The sign may be told in words."""
    if figure.currencies and sources.currencies and not figure.currencies & sources.currencies:
        return False
    if figure.is_percent:
        near = [ratio * 100 for ratio in sources.ratios] + list(sources.numbers)
    elif figure.is_plain and figure.value in sources.years:
        return True
    else:
        near = [*sources.numbers, *sources.ratios]
    return any(abs(abs(number) - figure.value) <= figure.step / 2 for number in near)


def _in_words(text: str) -> Iterator[tuple[str, Decimal]]:
    """Numbers from two up that are written in words: "three", 三百万."""
    tokens = tokenize(text)
    end = 0
    for number in find_numbers(tokens):
        raw = "".join(token.raw for token in tokens[number.start : number.end])
        if number.start < end or number.is_ordinal or number.value < 2 or re.search(r"\d", raw):
            continue
        end = number.end
        yield raw, number.value


def _is_known_count(value: Decimal, sources: Sources) -> bool:
    """A source, or a few of the rows that are shown ("the three largest")."""
    known = {abs(number) for number in sources.numbers} | {ratio * 100 for ratio in sources.ratios}
    return value in known or value <= sources.most_rows
