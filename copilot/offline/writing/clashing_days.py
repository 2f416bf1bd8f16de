"""A day that is told twice and differently: "Monday, January 4" where the fourth is a Thursday."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta

from copilot.offline.dates import named_weekday
from copilot.offline.plan import Clarify
from copilot.offline.tags import T, Tag
from copilot.offline.writing.context import Saying
from copilot.offline.writing.making.scan import Scan, scan
from copilot.offline.writing.telling import tell
from crm_core.changes.steps import Step

_WEEK = 7
_BETWEEN = frozenset({",", "，", "、", "(", "（", "的", "the", "on"})


@dataclass(frozen=True)
class Clash:
    """A date and a weekday that do not fit each other.

    Attributes:
        start, end: the tokens of both.
        day: the date that is told; its year may be assumed.
        weekday: that is told with it; Monday is 0.
    """

    start: int
    end: int
    day: date
    weekday: int

    def near(self, day: date) -> "Clash | None":
        """The same around a day that a step holds, where that is the date told or the weekday told beside it."""
        if (day.month, day.day) == (self.day.month, self.day.day):
            return replace(self, day=day) if day.weekday() != self.weekday else None
        with suppress(ValueError):
            told = self.day.replace(year=day.year)
            if day.weekday() == self.weekday and abs(day - told) <= timedelta(days=2 * _WEEK):
                return replace(self, day=told)
        return None

    @property
    def options(self) -> tuple[str, ...]:
        """The date itself, and the days of that name right after and before it."""
        after = self.day + timedelta(days=(self.weekday - self.day.weekday()) % _WEEK)
        return tuple(day.isoformat() for day in (self.day, after, after - timedelta(days=_WEEK)))


def settled(text: str, saying: Saying) -> str:
    """The text with the date that the person picked in the place of the two that clashed."""
    seen = scan(text, saying)
    picked = _day(saying.chosen)
    clash = next((one for one in clashes(seen) if picked is not None and _is_near(one, picked)), None)
    if clash is None:
        return text
    gap = " " if seen.text[:1].isascii() else ""
    told = (seen.cut(0, clash.start), str(saying.chosen), seen.cut(clash.end, len(seen.tokens)))
    return f"{told[0]}{gap}{told[1]} {told[2]}".strip()


def ask_which_day(text: str, steps: Sequence[Step], saying: Saying) -> Clarify | None:
    """What to ask where a step rests on a day that is told twice and differently."""
    seen = scan(text, saying)
    days = [day for step in steps for value in step.set.values() if (day := _day(value)) is not None]
    for clash in clashes(seen):
        near = next((found for day in days if (found := clash.near(day))), None)
        if near is not None:
            past = near.day < saying.today
            options = [day for day in near.options if past or day >= saying.today.isoformat()]
            word = seen.cut(clash.start, clash.end).strip(" ,，")
            return Clarify(tell("two_days", seen.lang, word=word), tuple(options))
    return None


def _is_near(clash: Clash, picked: date) -> bool:
    """Whether the day that was picked is one of those asked about."""
    years = (replace(clash, day=clash.day.replace(year=y)) for y in (picked.year - 1, picked.year, picked.year + 1)
             if (clash.day.month, clash.day.day) != (2, 29))  # fmt: skip
    return any(picked.isoformat() in one.options for one in (clash, *years))


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2018-01-04") else None
    except ValueError:
        return None


def clashes(seen: Scan) -> Iterator[Clash]:
    """Every date with a weekday beside it, or within its words, that it does not fall on."""
    words = [token.text for token in seen.tokens]
    dates = [tag for tag, sense in seen.of(T.DATE) if sense.value.since == sense.value.until is not None]
    for tag in dates:
        day = tag.senses[0].value.since if tag.type is T.DATE else None
        named = next((n for i in range(tag.start, tag.end) if (n := named_weekday(words, i)) is not None), None)
        if day is None:
            continue
        if named is not None and (named != day.weekday() or tag.senses[0].value.year_assumed):
            yield Clash(tag.start, tag.end, day, named)
        other = _beside(seen, tag, dates)
        if named is None or other is None:
            continue
        told = _nearest(other.senses[0].value.since, day)
        if told.weekday() != named and not any(named_weekday(words, i) is not None for i in range(*_span(other))):
            yield Clash(min(tag.start, other.start), max(tag.end, other.end), told, named)


def _nearest(told: date, day: date) -> date:
    """A date in the year in which it is nearest to a day."""
    if (told.month, told.day) == (2, 29):
        return told
    return min((told.replace(year=year) for year in (day.year - 1, day.year, day.year + 1)), key=lambda d: abs(d - day))


def _span(tag: Tag) -> tuple[int, int]:
    return tag.start, tag.end


def _beside(seen: Scan, tag: Tag, dates: Sequence[Tag]) -> Tag | None:
    """The date right behind this one, over what only joins two words for one day."""
    at = tag.end
    while at < len(seen.tokens) and seen.tokens[at].text in _BETWEEN:
        at += 1
    return next((other for other in dates if other.start == at and other.type is T.DATE), None)
