"""Follow-ups that set what was shown in relation: a share of it, its change, the gap between two."""

from dataclasses import replace

from copilot.offline.compose.contrasts import alternatives
from copilot.offline.compose.reading import Contrast, FieldTest, Period, Reading, RecordTest
from copilot.offline.dates.calendar import add_months
from copilot.offline.follow_up.context import Context, Slot, narrowing, side_of, slots, without
from copilot.offline.follow_up.scope import shifted
from copilot.offline.follow_up.several import of_several
from crm_core.query.metrics import METRICS


def relate(context: Context, current: Reading) -> Reading | None:
    """The reading that relates `current` to what was shown; None where it asks nothing of the kind."""
    if current.share and not current.groups:
        return _share(context, current)
    if (current.gap or current.change) and current.contrast is None and (len(current.periods) < 2):
        return _gap(context, current)
    return of_several(context, current)


def as_percent(context: Context, current: Reading) -> Reading:
    """As in "by what percent did that change", "the gap in percentage points": a unit, and no share of a whole."""
    said = current.groups or current.part or current.measures
    ratio = any(m.metric and METRICS[m.metric].is_ratio for m in context.previous.measures)
    told = current.gap if ratio else current.change and (current.periods or current.shift)
    if not current.share or said or not told:
        return current
    return replace(current, share=None, percent=True)


def _share(context: Context, current: Reading) -> Reading | None:
    """As in "what share of them did we win", "… of everything we sold that quarter is that"."""
    previous, said = context.previous, slots(current)
    if previous.groups and not said and not current.measures and not previous.sup:
        out = previous.copy()
        out.share, out.percent = "mix", current.percent
        return out  # "as a percentage"
    if context.last.spec is None or previous.sup or previous.groups:
        return None
    points_at_set = any(p.kind == "set" for p in current.pronouns) and not current.thing
    if points_at_set and said:
        return _as_share(previous, said)
    if current.thing or (current.states and not current.records):
        return _part_of_more(context, current)
    return None if said or current.columns else _share_of_total(context, current)


def _share_of_total(context: Context, current: Reading) -> Reading | None:
    """As in "what share is that": of what the last question narrowed; else of the same without its one condition."""
    previous = context.previous
    if current.measures and current.measures != previous.measures:
        return None
    for whole in [context.history[-2][0]] if len(context.history) > 1 else []:
        part = narrowing(whole, previous)
        if part:
            return _as_share(whole, part)
    told: list[Slot] = [slot for slot in slots(previous) if isinstance(slot, FieldTest | RecordTest)]
    if len(told) != 1 or previous.mine:
        return None
    return _as_share(without(previous, told), told)


def _as_share(whole: Reading, part: list[Slot]) -> Reading:
    out = whole.copy()
    out.share, out.part, out.columns = "share", side_of(part), []
    return out


def _part_of_more(context: Context, current: Reading) -> Reading:
    """What was shown is the part; the whole is what the words now say, in the same time unless they say another."""
    previous = context.previous
    kept = [type(slot) for slot in slots(current)]
    part = [s for s in slots(previous) if not isinstance(s, Period) or current.periods]
    out = previous.copy()
    if current.thing:
        out.fields, out.records = list(current.fields), list(current.records)
        out.states = list(current.states)
    else:  # "… of all the ones we won": the narrowing of the last turn is the part
        earlier = context.history[-2][0] if len(context.history) > 1 else None
        part = [s for s in part if earlier is None or s not in slots(earlier)]
        part = [s for s in part if not isinstance(s, RecordTest) and (type(s) in kept or isinstance(s, FieldTest))]
        out = without(out, part)
        out.states = list(current.states) or out.states
    out.periods = list(current.periods) or list(previous.periods)
    out.records += [
        r for r in previous.records if any(p.kind == "single" for p in current.pronouns) and r not in out.records
    ]
    part = [s for s in part if s not in slots(out)]
    out.unclear = not part
    return _as_share(out, part)


def _gap(context: Context, current: Reading) -> Reading | None:
    """As in "how much of a drop is that", "by what percent did that change from Q2", "how far apart are the two"."""
    previous = context.previous
    pair: list[Slot]
    if current.periods and previous.periods and not current.measures:
        pair = [previous.periods[-1], _near(current.periods[0], previous.periods[-1])]
        base = without(previous, previous.periods)
    elif current.periods:
        return None
    elif context.last.spec is not None and (previous.sup or (previous.groups and previous.order)):
        out = previous.copy()
        out.gap, out.groups = True, []
        return out
    elif current.shift is not None and (moved := shifted(previous.periods, current.shift)):
        pair, base = [*previous.periods, *moved], without(previous, previous.periods)
    elif len(context.series()) < 2 and (sides := alternatives(base := previous.copy())):
        return _contrasted(base, current, Contrast(*sides))  # "林静怡 or 孙悦?" … "by how much"
    else:
        found = context.series()[-2:]
        if len(found) < 2:
            return None
        pair, base = found, without(previous, found)
    periods = [slot for slot in pair if isinstance(slot, Period)]
    if len(periods) == len(pair):
        pair = [*sorted(periods, key=lambda p: str(p.span.since), reverse=True)]
    return _contrasted(base, current, Contrast(side_of(pair[:1]), side_of(pair[1:])))


def _contrasted(base: Reading, current: Reading, contrast: Contrast) -> Reading:
    """The measure of `base` for both sides."""
    base.contrast = contrast
    if not base.measures:
        base.asks = ["count"]
    if base.target is not None and base.target.dotted != "deal" and base.measures:
        base.target, base.asks = None, []
    base.side_by_side, base.groups, base.shift = False, [], None
    base.loose, base.notes, base.not_held = list(current.loose), list(current.notes), list(current.not_held)
    base.change, base.gap, base.sup = None, False, None
    return base


def _near(period: Period, other: Period) -> Period:
    """A period without a year, in the year that comes before the other: "from Q1", said of Q2 2024."""
    since, until = period.span.since, period.span.until
    if not period.span.year_assumed or since is None or until is None or other.span.since is None:
        return period
    years = other.span.since.year - since.year - ((since.month, since.day) >= (other.span.since.month, 1))
    first, last = add_months(since, 12 * years), add_months(until, 12 * years)
    return replace(period, span=replace(period.span, since=first, until=last))
