"""Quotes sorted into sections, near-same ones once, the newest few of each in the order of time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio, token_set_ratio

from copilot.summaries.cues import find_section, find_tone
from copilot.summaries.promises import Done, Promise, find_promises
from copilot.summaries.quotes import Quote

SECTIONS = ("wants", "decides", "objections", "prices", "competitors", "next")
RECENT_DAYS = 60  # before the last talk: what was to come before that has come
THEIRS = ("wants", "objections")  # what we write to them does not tell it
_SAME, _SAME_CHINESE = 85, 70  # rapidfuzz scores from which two sentences say the same
_FEWEST_LETTERS = {True: 4, False: 20}  # of a sentence that is worth a line, in Chinese and otherwise


@dataclass(frozen=True)
class Sorted:
    """Quotes by what they tell; each quote once, the oldest first.

    Attributes:
        sections: by the names of SECTIONS.
        promises: of both sides.
        tone: quotes with "warm" or "cool".
    """

    sections: dict[str, list[Quote]]
    promises: list[Promise]
    tone: list[tuple[str, Quote]]


def sort_quotes(quotes: Sequence[Quote], tasks: Iterable[Done] = ()) -> Sorted:
    """Every quote into the one section that it fits first; one that fits none is left out."""
    told = [quote for quote in quotes if _is_long_enough(quote.text)]
    promises = find_promises(told, tasks)
    taken = {promise.quote.order for promise in promises}
    sections: dict[str, list[Quote]] = {name: [] for name in SECTIONS}
    tone: list[tuple[str, Quote]] = []
    for quote in told:
        if quote.order in taken:
            continue
        section = find_section(quote.text)
        if section and not (quote.is_sent and section in THEIRS):
            sections[section].append(quote)
        mood = find_tone(quote.text)
        if mood and not section and not quote.is_sent:
            tone.append((mood, quote))
    sections["next"] = _recent(sections["next"], told)
    return Sorted(sections, promises, tone)


def _recent(quotes: Sequence[Quote], told: Sequence[Quote]) -> list[Quote]:
    """Those of the last weeks of the talks."""
    last = max((quote.day for quote in told if quote.day), default=None)
    return [one for one in quotes if last is None or one.day is None or (last - one.day).days <= RECENT_DAYS]


def newest(quotes: Sequence[Quote], most: int) -> list[Quote]:
    """The newest that do not say the same, the oldest of them first."""
    kept: list[Quote] = []
    for quote in reversed(quotes):
        if len(kept) == most:
            break
        if not any(is_same(quote.text, other.text) for other in kept):
            kept.append(quote)
    return kept[::-1]


def newest_promises(promises: Iterable[Promise], most: int) -> list[Promise]:
    """Open ones before kept ones, and of both the newest; the oldest of them first."""
    ordered = sorted(promises, key=lambda one: (one.is_open, one.quote.order))
    by_order = {one.quote.order: one for one in ordered}
    kept = newest([one.quote for one in ordered], most)
    return sorted((by_order[quote.order] for quote in kept), key=lambda one: one.quote.order)


def spread(tone: Sequence[tuple[str, Quote]], most: int) -> list[tuple[str, Quote]]:
    """Tone over time: the latest, and others as far apart as they come."""
    if len(tone) <= most:
        return list(tone)
    step = (len(tone) - 1) / (most - 1)
    return [tone[round(step * at)] for at in range(most)]


def is_same(one: str, other: str) -> bool:
    """Whether two sentences say nearly the same in nearly the same words."""
    if _is_chinese(one) or _is_chinese(other):
        return ratio(one, other) >= _SAME_CHINESE
    return token_set_ratio(one.lower(), other.lower()) >= _SAME


def _is_long_enough(text: str) -> bool:
    return sum(map(str.isalnum, text)) >= _FEWEST_LETTERS[_is_chinese(text)]


def _is_chinese(text: str) -> bool:
    return any("㐀" <= character <= "鿿" for character in text)


def distinct(quotes: Iterable[Quote]) -> Iterator[Quote]:
    """Those that say something new."""
    seen: list[str] = []
    for quote in quotes:
        if not any(is_same(quote.text, other) for other in seen):
            seen.append(quote.text)
            yield quote
