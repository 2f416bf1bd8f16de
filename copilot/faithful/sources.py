"""What the figures, days and names of a text may rest on: all that the tools of this turn gave."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from copilot.context import TurnContext
from copilot.faithful import days, written
from copilot.reply import Answer
from crm_core.models import Kind
from crm_core.query.result import Column, Value


@dataclass
class Sources:
    """What a text may rest on.

    Attributes:
        numbers: values of results, counts of rows and numbers of the specs.
        ratios: fractions that may be told as percentages.
        dates: days that results and specs name.
        years: of these days, of periods and of year fields.
        periods: quarters, halves, months and weeks that results and specs name, as `days.Period`.
        currencies: ISO codes of the amounts.
        most_rows: of a list; "the three largest" of ten needs no source for three.
        names: text cells, whose digits are no figures ("GTX 500").
        words: other text that names may come from.
    """

    numbers: set[Decimal] = field(default_factory=set)
    ratios: set[Decimal] = field(default_factory=set)
    dates: set[date] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    periods: set[days.Period] = field(default_factory=set)
    currencies: set[str] = field(default_factory=set)
    most_rows: int = 0
    names: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)

    def add_day(self, day: date) -> None:
        """A day is a source for the year and the periods that it lies in."""
        self.dates.add(day)
        self.years.add(day.year)
        self.periods.update(days.around(day))


def sources_of(answers: Sequence[Answer], turn: TurnContext) -> Sources:
    """All that this turn's tools showed, and the names that the person said."""
    sources = Sources(names={turn.actor.name, turn.actor.manager or ""}, words={turn.text})
    sources.add_day(turn.today)
    for answer in answers:
        _add_answer(sources, answer)
    for fact in turn.ledger.facts:
        add_text(sources, fact)
    sources.words.update(str(failure.error) for failure in turn.ledger.failures)
    return sources


def add_text(sources: Sources, text: str) -> None:
    """Let the figures, days and names of `text` be said again."""
    text = normalize("NFKC", text)
    sources.words.add(text)
    for day in days.days_in(text):
        sources.add_day(day)
    sources.periods.update(days.periods_in(text))
    sources.years.update(int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", text))
    for figure in written.figures_in(text):
        sources.numbers.add(figure.value)
        sources.currencies |= figure.currencies if len(figure.currencies) == 1 else set()
        if figure.is_percent:
            sources.ratios.add(figure.value / 100)


def _add_answer(sources: Sources, answer: Answer) -> None:
    result = answer.result
    counts = [len(result.rows), result.total, result.spec.limit, *result.missing.values()]
    sources.numbers.update(Decimal(count) for count in counts if count is not None)
    sources.most_rows = max(sources.most_rows, len(result.rows))
    for column in result.columns:
        sources.currencies |= {column.currency} if column.currency else set()
        sources.words.add(column.label)
    for row in result.rows:
        for column, value in zip(result.columns, row.values, strict=True):
            _add_value(sources, column, value)
    for given in _leaves(result.spec.model_dump(exclude_defaults=True)):
        add_text(sources, str(given))
    add_text(sources, answer.query_text)


def _add_value(sources: Sources, column: Column, value: Value) -> None:
    match value:
        case bool() | None:
            return
        case datetime() | date():
            sources.add_day(value.date() if isinstance(value, datetime) else value)
        case str():
            sources.names.add(normalize("NFKC", value))
            if column.bucket or column.kind is Kind.LONG_TEXT:
                add_text(sources, value)
        case int() | float() | Decimal():
            number = Decimal(str(value))
            (sources.ratios if column.is_ratio else sources.numbers).add(number)
            if column.kind is Kind.YEAR:
                sources.years.add(int(number))


def _leaves(part: Any) -> Iterator[object]:
    """Every value in nested plain data."""
    if isinstance(part, dict):
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _leaves(inner)
    else:
        yield part
