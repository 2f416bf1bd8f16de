"""Several steps of one measure: "less in Q4 than in Q3 and less in Q3 than in Q2", "fell two quarters in a row"."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.neighbours import find_noun
from copilot.offline.compose.reading import Contrast, Period, Reading, Side, Target
from copilot.offline.dates import DateSpan
from copilot.offline.dates.calendar import Calendar, step
from copilot.offline.dates.span import describe
from copilot.offline.dates.steps import take_step
from copilot.offline.tags import SILENT, Sense, T, Tag

Compose = Callable[[Sequence[Tag]], Reading]
_SIGNS = ("gt", "lt")
_BUCKETS = ("week", "month", "quarter", "year")
MOST_STEPS = 12


def compose_chain(tags: Sequence[Tag], compose: Compose) -> Reading | None:
    """The reading of a question with several "more … than …"; None where it has not."""
    tags = [_as_comparison(tag) for tag in tags]
    starts = [at for at, tag in enumerate(tags) if _compares(tag) and _has_than(tags, at)]
    if len(starts) < 2 or not all(_is_joined(tags, at) for at in starts[1:]):
        return None
    ends = [_joint(tags, at) for at in starts[1:]] + [len(tags)]
    head = list(tags[: starts[0]])
    said = _measured(tags[starts[0] + 1 :])
    parts = [
        compose([*head, tags[at], *([] if _measured(tags[at + 1 :]) else said), *tags[at + 1 : end]])
        for at, end in zip(starts, ends, strict=True)
    ]
    if not all(part.contrast and part.contrast.sign in _SIGNS and part.measures for part in parts):
        return None
    out = parts[0]
    for part in parts[1:]:
        out.unclear |= part.measures != out.measures or part.unclear
        out.loose += [tag for tag in part.loose if tag not in out.loose]
    out.chain = [part.contrast for part in parts if part.contrast]
    out.contrast = None
    return out


def _measured(tags: Sequence[Tag]) -> list[Tag]:
    """What is more or less, right behind the comparison: "less | revenue"."""
    size = next((at for at, tag in enumerate(tags) if not tag.get(T.METRIC, T.ENTITY, T.STATE)), len(tags))
    return list(tags[:size])


def _as_comparison(tag: Tag) -> Tag:
    """As in "and more in Q4 than in Q3", whose first words may also close a bound."""
    sense = tag.get(T.POST_OP)
    if sense is None or not tag.text.lower().startswith("and "):
        return tag
    return tag.only(Sense(T.COMPARATIVE, {"ge": "gt", "le": "lt"}.get(str(sense.value), sense.value)), *tag.senses)


def _compares(tag: Tag) -> bool:
    return any(sense.value in _SIGNS for sense in tag.all(T.COMPARATIVE))


def _has_than(tags: Sequence[Tag], at: int) -> bool:
    rest = tags[at + 1 : at + 8]
    return any(sense.value == "than" for tag in rest for sense in tag.all(T.COMPARATIVE))


def _joint(tags: Sequence[Tag], at: int) -> int:
    """Where the words that lead to the next comparison begin: "and also", "and", a comma."""
    while at and (tags[at - 1].type in SILENT or tags[at - 1].get(T.AND) or tags[at - 1].get(T.FOLLOW)):
        at -= 1
    return at


def _is_joined(tags: Sequence[Tag], at: int) -> bool:
    led = tags[at].text.lower().startswith("and ")
    return led or any(tag.get(T.AND) or tag.get(T.FOLLOW) for tag in tags[_joint(tags, at) : at])


def in_a_row(c: Composer) -> None:
    """As in "fell two quarters in a row", "grew every quarter", 连续两个季度下滑: each against the one before."""
    for at, _, sense in list(c.each(T.CHANGE)):
        streak = next((k for k, _, _ in c.each(T.STREAK)), None)
        number = next((k for k, _, s in c.each(T.NUMBER) if s.value.unit in _BUCKETS and s.value.value > 1), None)
        every = next((k for k, item, _ in c.each(T.BUCKET) if _says_every(item.tag)), None)
        asked, noun_at = _asked(c)
        if sense.value not in ("up", "down") or asked is None or noun_at is None:
            continue
        if streak is not None and number is not None:
            many = c.items[number].tag.get(T.NUMBER).value  # type: ignore[union-attr]
            spans, used = _told(c, at) or (_latest(c, str(many.unit), int(many.value) + 1), [])
            c.reading.unclear |= len(spans) != many.value + 1
        elif every is not None and streak is None:
            spans, used = _within(c, str(c.sense(every, T.BUCKET).value))  # type: ignore[union-attr]
        else:
            continue
        if not 2 < len(spans) <= MOST_STEPS + 1:
            continue
        sides = [Side(periods=(Period(span),)) for span in spans]
        sign = "gt" if sense.value == "up" else "lt"
        c.reading.chain = [Contrast(later, earlier, sign) for earlier, later in pairwise(sides)]
        c.reading.target = Target(asked, "list", c.items[noun_at].is_plural)
        c.own(at, noun_at, *used, *(k for k in (streak, number, every) if k is not None))
        c.own(*(k for k, _, s in list(c.each(T.ASK)) if s.value in ("which", "where", "list")))
        return


def _asked(c: Composer) -> tuple[str | None, int | None]:
    for at in range(len(c.items)):
        noun, noun_at = find_noun(c, at)
        if noun_at == at and noun and ":" not in noun:
            return noun, at
    return None, None


def _says_every(tag: Tag) -> bool:
    text = tag.text.lower()
    return text.startswith(("every", "each", "in every", "in each")) or "每" in text


def _latest(c: Composer, unit: str, many: int) -> list[DateSpan]:
    """The last complete ones, the earliest first."""
    tomorrow = Calendar(c.today + timedelta(days=1))
    periods = [tomorrow.current(unit, -back) for back in range(many, 0, -1)]  # type: ignore[arg-type]
    return [DateSpan(0, 0, p.since, p.until, p.unit, describe(p.since, p.until)) for p in periods]


def _within(c: Composer, unit: str) -> tuple[list[DateSpan], list[int]]:
    """Those of the period that is named, which has to be over."""
    dated = [(k, s.value) for k, _, s in c.each(T.DATE)]
    if len(dated) != 1 or unit not in _BUCKETS:
        return [], []
    at, span = dated[0]
    if span.since is None or span.until is None or span.until > c.today:
        return [], []
    spans, since = [], span.since
    while since <= span.until:
        after = step(since, 1, unit)  # type: ignore[arg-type]
        spans.append(replace(span, since=since, until=after - timedelta(days=1), unit=unit))
        since = after
    return spans, [at]


def _told(c: Composer, change: int) -> tuple[list[DateSpan], list[int]] | None:
    """As in "- Q3 below Q2 and Q4 below Q3": the same said step by step."""
    dated = [(k, s.value) for k, _, s in c.each(T.DATE) if k > change]
    if not dated:
        return None
    last = dated[-1][0]
    between = [k for k in range(dated[0][0], last + 1) if c.sense(k, T.OP, T.COMPARATIVE, T.AND, T.VERSUS)]
    if len(between) + len(dated) != last + 1 - dated[0][0]:
        return [], []
    spans = sorted((span for _, span in dated), key=lambda span: str(span.since))
    spans = [span for at, span in enumerate(spans) if not at or span.since != spans[at - 1].since]
    after = [take_step(span, "after") for span in spans[:-1]]
    if any(one is None or one.since != span.since for one, span in zip(after, spans[1:], strict=True)):
        return [], []
    return spans, [*between, *(k for k, _ in dated)]
