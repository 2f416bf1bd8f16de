"""Follow-ups that set what was shown in relation: a share of it, its change, the gap between two."""

from collections.abc import Sequence
from dataclasses import replace

from copilot.offline.compose.contrasts import alternatives
from copilot.offline.compose.reading import Contrast, FieldTest, Period, Reading, RecordTest, StateTest
from copilot.offline.dates.calendar import add_months
from copilot.offline.follow_up.context import Context, Slot, narrowing, says, side_of, slots, without
from copilot.offline.follow_up.parting import change_of_each, part_of_its_own
from copilot.offline.follow_up.rows import share_of_rows, unranked
from copilot.offline.follow_up.scope import shifted
from copilot.offline.follow_up.several import of_several
from copilot.offline.follow_up.shares import share_of_shown
from crm_core.query.metrics import METRICS


def relate(context: Context, current: Reading) -> Reading | None:
    """The reading that relates `current` to what was shown; None where it asks nothing of the kind."""
    if current.share and not current.groups:
        return part_of_its_own(context, current) or share_of_shown(context, current) or _share(context, current)
    if (current.gap or current.change) and current.contrast is None and (len(current.periods) < 2):
        which = current.target is not None and current.target.ask in ("which", "who")
        return change_of_each(context, current) if which else _gap(context, current)
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
    if context.last.spec is None:
        return None
    if previous.sup or previous.groups:
        return None if [slot for slot in said if not isinstance(slot, Period)] else share_of_rows(context, current)
    if current.part is not None and not current.measures and not current.columns:
        return _share_said(context, current)
    if _is_wider(previous, said) and not current.measures:
        out = without(previous, previous.periods)
        out.periods = list(current.periods)
        return _as_share(out, list(previous.periods))  # "what share of the whole year is that"
    if previous.part is not None and said and any(p.kind == "same" for p in current.pronouns):
        return _same_share(previous, said)
    if current.of_whole:
        out = _part_of_more(context, _as_states(current))
        out.measures = out.measures or list(current.measures)
        return out
    points_at_set = any(p.kind == "set" for p in current.pronouns) and not current.thing
    if points_at_set and said and not all(says(previous, slot) for slot in said):
        return _as_share(previous, said)
    if current.thing or (current.states and not current.records):
        return _part_of_more(context, current)
    return None if said or current.columns else _share_of_total(context, current)


def _is_wider(previous: Reading, said: Sequence[Slot]) -> bool:
    """Whether nothing but a time is said, and the time that was spoken of lies within it."""
    if len(said) != 1 or not isinstance(said[0], Period) or len(previous.periods) != 1 or not previous.measures:
        return False
    whole, part = said[0].span, previous.periods[0].span
    ends = (whole.since, part.since, part.until, whole.until)
    return None not in ends and whole.since <= part.since <= part.until <= whole.until and whole.unit != part.unit  # type: ignore[operator]


_ENDED = {"deals_won": "won", "deals_lost": "lost"}


def _as_states(current: Reading) -> Reading:
    """As in "of all the wins": the deals that were won."""
    kinds = [_ENDED[str(m.metric)] for m in current.measures if m.metric in _ENDED]
    if len(kinds) != len(current.measures) or current.states or len(kinds) > 1:
        return current
    return replace(current, measures=[], states=[StateTest((kind,)) for kind in kinds])


def _share_said(context: Context, current: Reading) -> Reading:
    """As in "what share of the year is Q4", Q4占全年多大比例: the words say part and whole, of what was measured."""
    measured = [reading for reading, _ in reversed(context.history) if len(reading.measures) == 1]
    out = (measured[0] if measured else context.previous).copy()
    out = without(out, out.periods) if current.periods or current.part.periods else out  # type: ignore[union-attr]
    out.share, out.part, out.columns, out.target, out.asks = "share", current.part, [], None, []
    for name in ("fields", "records", "states", "periods"):
        setattr(out, name, [*getattr(out, name), *getattr(current, name)])
    out.loose, out.notes, out.not_held = list(current.loose), list(current.notes), list(current.not_held)
    out.unclear |= not measured
    return out


def _same_share(previous: Reading, said: Sequence[Slot]) -> Reading | None:
    """As in "same share for the Lite": the same part of another whole; None where the part itself is another one."""
    assert previous.part is not None
    kinds = [_sort(slot) for slot in said]
    parts = [_sort(slot) for name in previous.part.kinds for slot in getattr(previous.part, name)]
    gone = [slot for slot in slots(previous) if _sort(slot) in kinds]
    if len(gone) != len(said) or any(kind in parts for kind in kinds):
        return None
    out = without(previous, gone)
    for slot in said:
        list_of = {FieldTest: out.fields, RecordTest: out.records, StateTest: out.states, Period: out.periods}
        list_of[type(slot)].append(slot)  # type: ignore[attr-defined]
    return out


def _sort(slot: Slot) -> tuple[object, ...]:
    """What a test is of."""
    if isinstance(slot, FieldTest):
        return ("field", slot.dotted)
    return ("record", slot.entity, slot.reference) if isinstance(slot, RecordTest) else (type(slot),)


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
        part = [s for s in part if earlier is None or not says(earlier, s)]
        part = [s for s in part if not isinstance(s, RecordTest) and (type(s) in kept or isinstance(s, FieldTest))]
        out = without(out, part)
        out.states = list(current.states) or out.states
    out.periods = list(current.periods) or list(previous.periods)
    out.records += [
        r for r in previous.records if any(p.kind == "single" for p in current.pronouns) and r not in out.records
    ]
    part = [s for s in part if not says(out, s)]
    out.unclear = not part
    return _as_share(out, part)


def _gap(context: Context, current: Reading) -> Reading | None:
    """As in "how much of a drop is that", "by what percent did that change from Q2", "how far apart are the two"."""
    previous = context.previous
    pair: list[Slot]
    if previous.sup is not None and not current.measures and (current.shown == 2 or _were_both_ends(context)):
        return _two_found(context, current)
    if current.shown == 2 and len(context.series()) > 1:
        pair = context.series()[-2:]
        base = _measured_anew(without(previous, pair), current)
    elif current.periods and previous.periods and not current.measures:
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


def _measured_anew(base: Reading, current: Reading) -> Reading:
    """As in 这两个行业今年业绩差多少, after questions about one each: what is now measured, and in which time."""
    if current.measures:
        base.measures, base.target, base.asks = list(current.measures), None, []
    base.periods = list(current.periods) or base.periods
    return base


def _were_both_ends(context: Context) -> bool:
    """As after "which region is the best" and "and the worst?"."""
    if len(context.history) < 2:
        return False
    pair = [context.history[-2][0], context.previous]
    found = [sup for sup in (reading.sup for reading in pair) if sup is not None and not (sup.limit or sup.nth)]
    return len({sup.descending for sup in found}) == 2 and pair[0].measures == pair[1].measures


def _two_found(context: Context, current: Reading) -> Reading | None:
    """As in "how far apart are the two", after who was best and who was worst, or after a ranking of two."""
    previous, earlier = context.previous, context.history[-2][0] if len(context.history) > 1 else None
    alike = earlier is not None and earlier.sup is not None and earlier.measures == previous.measures
    pair = [context.only(2), context.only()] if alike else [context.row(1), context.row(2)]
    found: list[Slot] = [row for row in pair if row is not None]
    out = unranked(previous, current)
    out.unclear |= len(found) != 2 or not previous.measures or (not alike and len(context.last.labels) != 2)
    return _contrasted(out, current, Contrast(side_of(found[:1]), side_of(found[1:])))


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
