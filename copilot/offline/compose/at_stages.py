"""Rules for deals that are called by their stage ("my trials", "quotes"), and for when such a thing begins and ends."""

from dataclasses import replace
from functools import cache

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.reading import Doubt, FieldTest, Period, RecordTest, Target
from copilot.offline.dates import DateSpan
from copilot.offline.dates.steps import coming
from copilot.offline.lexicon import Words, key
from copilot.offline.stage_nouns import OwnEnd
from copilot.offline.tags import Sense, T
from copilot.offline.writing.words import small


def deals_at(c: Composer) -> None:
    """As in "my trials": the deals at that stage. Who had none, and which were sent when, is not told by it."""
    for at, item, sense in list(c.each(T.RECORD)):
        if not _is_stage_noun(c, at):
            continue
        noun = at + 1 if c.has(at + 1, T.ENTITY, "stage", FACT) else None
        if noun is not None and any(t.entity == "stage" and t.names == sense.value for t in c.reading.records):
            c.own(at, noun)  # 有没有试用已经过期、还停在试用阶段的: said again
            continue
        if noun is not None:
            item.tag = item.tag.only(sense)  # 试用阶段的单子: the noun is there
            continue
        started = any(c.has(k, T.STATE, "started") for k in range(len(c.items)))
        started = started and not _of(c, is_end=False)
        c.reading.unclear |= c.mentions(T.NEG) or c.has(at - 1, T.SHARE) or started
        if not any(_is_over(c, p.span) for p in c.reading.periods if p.dotted in _dated(c)):
            c.reading.records.append(RecordTest("stage", sense.value, text=item.tag.text, at=item.tag.start))
        item.tag = item.tag.only(Sense(T.ENTITY, FACT))
        own = set(key(sense.value[0].label))
        for k in (at + 1, at + 2):
            if c.item(k) and c.items[k].tag.text.lower() in own and not c.items[k].after_break:
                c.own(k)  # "quotes sent", "how many pilots are running"


def _dated(c: Composer) -> list[str]:
    return [end.dotted for end in c.vocabulary.own_ends]


def _is_over(c: Composer, span: DateSpan) -> bool:
    """As in "the trials that started in May": those may stand elsewhere by now."""
    return span.until is not None and span.until < c.today


def _is_stage_noun(c: Composer, at: int) -> bool:
    names = c.items[at].get(T.RECORD)
    return names is not None and names.value[0].entity == "stage" and c.has(at, T.ENTITY, FACT)


def begins_and_ends(c: Composer) -> None:
    """As in "which trials run out next week", 试用已经过期: the own day of what is spoken of."""
    for at, item in enumerate(c.items):
        is_end = _endings().get(key(item.tag.text.lower()))
        ends = _of(c, is_end=is_end) if is_end is not None and not item.owned else []
        if len(ends) > 1:
            labels = tuple(c.vocabulary.field(end.dotted).label for end in ends)
            c.reading.doubts.append(Doubt(item.tag.text, (), labels))
            c.own(at)
        elif ends:
            item.tag = item.tag.only(Sense(T.FIELD, ends[0].dotted))
            _test(c, at, ends[0], has_run_out=_has_run_out(item.tag.text, item.before))


def _of(c: Composer, *, is_end: bool | None) -> list[OwnEnd]:
    """The own days of the things that the request names."""
    said = {form for item in c.items for form in _said(item.tag.text)}
    return [end for end in c.vocabulary.own_ends if end.is_end is is_end and end.nouns & said]


def _said(text: str) -> tuple[Words, ...]:
    words = key(text.lower())
    return (words, *((word,) for word in words if word.isascii()))


def _has_run_out(text: str, before: frozenset[str]) -> bool:
    return text.lower() in small("has_run_out") or bool(before & small("has_run_out"))


@cache
def _endings() -> dict[Words, bool]:
    """By word, whether something ends, or else begins."""
    return {key(word): name == "running_out" for name in ("running_out", "beginning") for word in small(name)}


def _test(c: Composer, at: int, end: OwnEnd, *, has_run_out: bool) -> None:
    dates = [(k, s.value) for k, _, s in c.each(T.DATE)]
    if dates or c.mentions(T.ASK, "when"):
        for k, span in dates[:1]:
            c.reading.periods.append(Period(_ahead(c, span, is_past=has_run_out or not end.is_end), end.dotted))
            c.own(k, at)
    elif has_run_out and end.is_end:
        c.reading.fields.append(FieldTest(end.dotted, "lt", (c.today.isoformat(),), at=c.items[at].tag.start))
        c.own(at)


def _ahead(c: Composer, span: DateSpan, *, is_past: bool) -> DateSpan:
    """As in "run out before December": from today on, where it is said of what is to come."""
    if is_past or span.relation not in ("in", "before", "until", "after", "since"):
        return span
    later = coming(span, c.today)
    before = later.since is None and later.until is not None and later.until >= c.today
    return replace(later, since=c.today) if before else later


def implied_at_stage(c: Composer) -> None:
    """As in 我的试用里哪些…: with nothing else asked for, the deals at the stage."""
    r = c.reading
    more = r.target or r.measures or r.columns or r.groups or r.sup or r.facts
    if not more and {t.entity for t in r.records if not t.negated} == {"stage"} and {"which", "exists"} & set(r.asks):
        r.target = Target(FACT, "which")
