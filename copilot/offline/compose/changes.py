"""Rules for what time does to a measure: change between two periods or from each to the next, trend, running total."""

from dataclasses import replace

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.neighbours import find_noun
from copilot.offline.compose.reading import GroupNode, Period, Target
from copilot.offline.dates.steps import so_far, take_step
from copilot.offline.lexicon import key
from copilot.offline.tags import T, Tag

PACES = frozenset({"day", "week", "month", "quarter", "year", "previous"})  # "month over month", 环比
_FINER = {"year": "month", "half": "month", "quarter": "month", "month": "week", "week": "day"}


def same_time(c: Composer) -> None:
    """As in 跟去年同期比: the year is no period of its own, and says of which the same time is."""
    for at, item, _ in list(c.each(T.CHANGE)):
        year = c.sense(at - 1, T.DATE)
        if item.tag.text.startswith("同期") and year is not None and year.value.unit == "year":
            c.reading.step, c.reading.change = "year_ago", "any"
            c.own(at, at - 1)


def steps(c: Composer) -> None:
    """As in "Q3 and the quarter before": a period told by another one. Alone, it leans on what was said before."""
    told = _stepped(c, c.reading.step) if c.reading.step and c.reading.change else None
    if told is not None:
        c.reading.periods.append(told)
        c.reading.step = None
    for at, item, sense in list(c.each(T.STEP)):
        span = _stepped(c, str(sense.value))
        before = c.item(at - 1)
        if span is not None and before is not None and before.tag.get(T.DATE) and before.tag.end == item.tag.start:
            c.reading.periods = [span]  # 圣诞节前一周
        elif span is None:
            c.reading.step = str(sense.value)
        else:
            c.reading.periods.append(span)
            c.reading.change = "any" if c.mentions(T.VERSUS) else None
        c.own(at)


def _stepped(c: Composer, way: str) -> Period | None:
    if len(c.reading.periods) != 1:
        return None
    anchor = c.reading.periods[0]
    if way == "year_ago":
        anchor = c.reading.periods[0] = replace(anchor, span=so_far(anchor.span, c.today))
    span = take_step(anchor.span, way)
    return replace(anchor, span=span) if span else None


def by_percent(c: Composer) -> None:
    """As in 是涨是跌，百分之几: by how many percent, and no share of a whole."""
    for at, item, _ in list(c.each(T.SHARE)):
        if item.tag.text in _PERCENT and c.mentions(T.CHANGE):
            c.reading.percent = not c.reading.change
            c.own(at)


_PERCENT = ("百分之几", "百分之多少", "几个百分点", "百分几")


def changes(c: Composer) -> None:
    """Growth and decline, the pace at which they are told, trends; two that are set against each other; the gap."""
    for at, _, sense in list(c.each(T.CHANGE)):
        if sense.value in PACES:
            _pace(c, at, str(sense.value))
    for at, _, sense in list(c.each(T.CHANGE)):
        if _is_change(c, at, str(sense.value)):
            c.own(at)
    for at, _, _ in c.each(T.VERSUS):
        c.reading.side_by_side = True
        c.own(at)
    if c.reading.side_by_side and len(c.reading.periods) == 2 and c.reading.groups and not _bucket(c):
        c.reading.change = c.reading.change or "any"  # "wins by rep, Q3 against Q4"
    _against_now(c)
    for at, _, sense in list(c.each(T.OP)):
        ends = [c.item(at + 1), c.item(at + 3)]
        dates = all(end is not None and end.tag.get(T.DATE) for end in ends)
        if sense.value == "between" and dates and (c.reading.change or c.reading.most_changed):
            c.own(at)  # "grew most between Q2 and Q4"
    for at, item, _ in c.each(T.GAP):
        several = c.reading.sup is not None and bool(c.reading.sup.limit)
        told = c.reading.most_changed or (several and item.tag.text.lower().startswith("by how"))
        c.reading.gap |= not told  # "top 5 by how much they spent", "which grew most and by how much"
        c.own(at)


def most(c: Composer) -> None:
    """As in "who grew most", "the biggest drop in bookings", 增长最快: whoever changed most."""
    for at, item, sense in list(c.each(T.CHANGE)):
        beside = next((k for k in (at + 1, at - 1) if c.sense(k, T.SUP) and not c.items[max(k, at)].after_break), None)
        sort = _superlative(c, item.tag) if beside is None else str(c.sense(beside, T.SUP).value)  # type: ignore[union-attr]
        by = c.has(at - 1, T.BY) and c.mentions(T.SUP)  # "top 3 products by growth"
        if sense.value not in ("up", "down") or not (sort or by) or (sort.startswith("min") and sort != "min_long"):
            continue
        relative = sort.endswith("long") or "率" in item.tag.text or "rate" in item.tag.text.lower()
        c.reading.most_changed = "change" if relative else "difference"
        last = max(at, beside if beside is not None else at)
        noun, noun_at = find_noun(c, last + 1)
        if noun and noun_at == last + 1 and not c.mentions(T.ASK, "which", "who") and not by:
            c.reading.target = Target(noun, "which", c.items[noun_at].is_plural)  # "the fastest growing industry"
            c.own(noun_at)
        c.own(*([beside] if beside is not None else []), *([at - 1] if by else []))
        return


def _superlative(c: Composer, tag: Tag) -> str:
    """The superlative among the words of a tag ("grew the | fastest"); "" for none."""
    if not tag.text.isascii():
        return "max_count" if "最" in tag.text else ""  # 涨了多少 asks how much
    found = [s.value for word in key(tag.text) for s in c.vocabulary.phrases.get((word,), ()) if s.type is T.SUP]
    return str(found[0]) if found else ""


def since_before(c: Composer) -> None:
    """As in "who grew most in 2024": since the year before; of a time that is not over, it asks."""
    r = c.reading
    if r.most_changed is None or len(r.periods) != 1:
        return
    before, until = _stepped(c, "before"), r.periods[0].span.until
    r.unclear |= before is None or until is None or until >= c.today
    r.periods += [before] if before else []


def running(c: Composer) -> None:
    """As in "cumulative bookings by month"."""
    for at, item, _ in c.each(T.RUNNING):
        if item.get(T.OWNS) and not _bucket(c):
            continue  # "who is running the Konex deal"
        c.reading.running = True
        c.own(at)


def _is_change(c: Composer, at: int, direction: str) -> bool:
    """Whether a word for growth or decline asks for one; then it is noted of what."""
    if c.has(at + 1, T.BY):
        return True
    if c.has(at, T.STATE, "lost") and not c.mentions(T.METRIC):
        return False  # "the deals we dropped"
    if direction == "trend":
        _trend(c)
    elif c.reading.growth or c.reading.change:
        return True
    elif _bucket(c) and len(c.reading.periods) < 2:
        c.reading.growth = True  # "growth by month"
    elif c.reading.periods or c.reading.step:
        c.reading.change = direction
    else:
        return False
    return True


def _bucket(c: Composer) -> str | None:
    return next((group.bucket for group in c.reading.groups if group.bucket), None)


def _pace(c: Composer, at: int, pace: str) -> None:
    """As in "month over month": the change of one period since the one before it, or from each to the next."""
    periods, bucket = c.reading.periods, _bucket(c)
    way = "year_ago" if pace == "year" else "before"
    if len(periods) > 1:
        c.reading.change = "any"
    elif len(periods) == 1 and not bucket and pace in ("year", "previous", periods[0].span.unit):
        c.reading.change = "any"
        span = _stepped(c, way)
        c.reading.unclear |= span is None
        periods += [span] if span else []
    elif pace == "previous" and not periods and not bucket:
        c.reading.step, c.reading.change = "before", "any"
    elif pace == "previous" or (pace == "year" and bucket not in (None, "year")):
        c.reading.growth = pace == "previous" and bucket is not None
        c.reading.unclear |= not c.reading.growth
    elif pace == "year" and not periods and not bucket:
        c.reading.step, c.reading.growth = way, True
    else:
        c.reading.groups += [] if bucket else [GroupNode(bucket=pace)]
        c.reading.growth = True
    c.own(at)


def _trend(c: Composer) -> None:
    """As in "the trend of the win rate": period by period."""
    if _bucket(c) or len(c.reading.periods) > 1:
        return
    spans = [period.span for period in c.reading.periods]
    c.reading.groups.append(GroupNode(bucket=_FINER.get(spans[0].unit, "month") if spans else "month"))


_SINCE = ("from", "than", "versus", "vs", "on", "to", "over")


def _sets_against(tag: Tag) -> bool:
    """As in "versus", "up from", and not "the growth of"."""
    return bool(tag.get(T.VERSUS) or (tag.get(T.CHANGE) and tag.text.lower().split(" ")[-1] in _SINCE))


def _is_led(c: Composer, at: int) -> bool:
    """As in "up | on last quarter"."""
    said = c.items[at + 1]
    led = said.tag.text.lower().split(" ")[0] in _SINCE or bool(said.preps.intersection(_SINCE))
    return led and c.items[at].tag.get(T.CHANGE) is not None


def _against_now(c: Composer) -> None:
    """As in "more than last quarter", "up or down versus 2016": this quarter, this year stands against it."""
    compared = c.reading.change or c.reading.side_by_side
    if c.reading.step and compared:
        c.reading.change = c.reading.change or "any"
    if not compared or len(c.reading.periods) != 1 or c.reading.step or c.reading.groups:
        return
    item = next(item for item in c.items if item.owned and item.tag.get(T.DATE))
    before = c.items.index(item) - 1
    last = c.reading.periods[0]
    after = take_step(last.span, "after")
    against = before >= 0 and (_sets_against(c.items[before].tag) or _is_led(c, before))
    if not against or after is None:
        return
    if last.span.unit != "day" and after.since is not None and after.since <= c.today <= (after.until or c.today):
        c.reading.periods.append(replace(last, span=after))
        c.reading.change = c.reading.change or "any"
