"""Promises: whose they are, until when, and whether a later text says that they were kept."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from copilot.offline.dates.find import find_dates
from copilot.offline.dates.span import DateSpan
from copilot.offline.tokens import tokenize
from copilot.summaries.cues import holds, without
from copilot.summaries.quotes import Quote
from retrieval.words import telling_words

_ENOUGH = 0.5  # of the words of a promise, so that another sentence speaks of the same thing
_FEWEST = 2
_DEADLINES = ("day", "week", "month")


@dataclass(frozen=True)
class Done:
    """Something that is recorded as done: a task, or a text that says so."""

    words: frozenset[str]
    day: date | None
    source: int  # the order of the quote, or -1


@dataclass(frozen=True)
class Promise:
    """What somebody undertook to do.

    Attributes:
        quote: the words.
        is_ours: we did; else the customer.
        due_on: as the words say; None: they do not.
        kept_on: the day of the text or task that tells; None: nothing tells.
    """

    quote: Quote
    is_ours: bool
    due_on: date | None
    kept_on: date | None = None

    @property
    def is_open(self) -> bool:
        """As far as the texts tell."""
        return self.kept_on is None


def find_promises(quotes: Sequence[Quote], tasks: Iterable[Done]) -> list[Promise]:
    """The promises among quotes (the oldest first), each with whether it was kept."""
    done = [*tasks, *_told_done(quotes)]
    return [
        Promise(quote, is_ours, due_on(quote), _kept_on(quote, done))
        for quote in quotes
        if (is_ours := _whose(quote)) is not None
    ]


def due_on(quote: Quote) -> date | None:
    """The last day that a sentence names, seen from the day on which it was said."""
    if quote.day is None:
        return None
    found = find_dates(tokenize(quote.text), quote.day, prefer="future")
    days = [_last_day(span) for span in found if span.unit in _DEADLINES]
    days = [day for day in days if day and day >= quote.day]
    return days[-1] if days else None


def _last_day(span: DateSpan) -> date | None:
    """The day before which something is promised counts: people mean it."""
    return span.until + timedelta(days=1) if span.until and span.relation == "before" else span.until


def content(text: str) -> frozenset[str]:
    """The words of a promise that tell what it is about."""
    for name in ("mine", "yours", "theirs", "kept"):
        text = without("promises", name, text)
    return frozenset(word for word in telling_words(text) if len(word) > 1 and not word.isdigit())


def _whose(quote: Quote) -> bool | None:
    """True: ours; False: the customer's; None: no promise."""
    if holds("promises", "kept", quote.text):
        return None
    if holds("promises", "yours", quote.text):
        return quote.is_theirs
    if holds("promises", "mine", quote.text):
        return not quote.is_theirs
    if not quote.is_theirs and holds("promises", "theirs", quote.text):
        return False
    return None


def _told_done(quotes: Sequence[Quote]) -> Iterator[Done]:
    for quote in quotes:
        if holds("promises", "kept", quote.text):
            yield Done(content(quote.text), quote.day, quote.order)


def _kept_on(quote: Quote, done: Sequence[Done]) -> date | None:
    wanted = content(quote.text)
    if len(wanted) < _FEWEST:
        return None
    for one in done:
        is_later = one.day is None or quote.day is None or one.day >= quote.day
        if one.source == quote.order or not is_later:
            continue
        shared = len(wanted & one.words)
        if shared >= _FEWEST and shared >= _ENOUGH * min(len(wanted), len(one.words)):
            return one.day or quote.day
    return None
