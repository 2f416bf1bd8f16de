"""Follow-ups about several answers, or rows, together: added up, side by side, on average, the higher of the two."""

from collections.abc import Sequence
from dataclasses import replace

from copilot.offline.compose.composer import entity_of
from copilot.offline.compose.reading import (
    FieldTest,
    GroupNode,
    MeasureNode,
    Period,
    Reading,
    RecordTest,
    StateTest,
    Target,
)
from copilot.offline.follow_up.context import Context, Slot, slots, without
from copilot.offline.follow_up.leaning import counted_as_measure
from copilot.offline.follow_up.shown import keep_shown
from crm_core.query.metrics import METRICS

_PARTIES = ("user", "account", "product")
_KINDS = {"deals_won": "won", "bookings": "won", "deals_lost": "lost"}


def of_several(context: Context, current: Reading) -> Reading | None:
    """The reading that speaks of all the last answers, or of all rows of the last one; None where it does neither."""
    current = _of_shown_times(context, current)
    if not _speaks_of_several(context, current):
        return None
    series = context.series()
    found = series[-current.shown :] if current.shown else series
    told_apart = current.shown == len(found) > 1 and len(context.last.ids) != current.shown
    if (listed := None if told_apart else _of_list(context, current)) is not None:
        return listed
    has_rows = not told_apart and (len(context.last.ids) > 1 or bool(context.previous.groups))
    if len(found) > 1 and len(found) == (current.shown or len(found)) and not has_rows:
        return _merged(context, current, found)
    return _of_rows(context, current) if has_rows or context.previous.side_by_side else None


def _of_shown_times(context: Context, current: Reading) -> Reading:
    """As in 这两个月, after questions about two months: these, and not the last two."""
    found = context.series()[-(current.shown or 0) :]
    restated = current.shown and len(current.periods) == 1 and len(found) == current.shown
    if not restated or not all(isinstance(slot, Period) for slot in found):
        return current
    out = current.copy()
    out.periods = []
    return out


def _speaks_of_several(context: Context, current: Reading) -> bool:
    dated = bool(current.shown) and not any(isinstance(slot, Period) for slot in context.series())
    said = [s for s in slots(current) if not isinstance(s, StateTest) and not (dated and isinstance(s, Period))]
    kinds = {kind for state in current.states for kind in state.kinds}
    told = {kind for state in context.previous.states for kind in state.kinds}
    told |= {_KINDS[str(m.metric)] for m in context.previous.measures if m.metric in _KINDS}
    said = [s for s in said if not _leaves_out(s, current)]
    if said or not kinds <= told:
        return False
    if current.columns or current.groups or current.having or current.drop or current.shift:
        return False
    if current.shown:
        return True
    points = any(p.kind == "set" for p in current.pronouns)
    alone = not current.measures and current.target is None and not current.sup
    again = points or current.measures == context.previous.measures
    alone |= again and current.total and current.target is None and (not current.sup or _cuts(current))
    return (current.mean and points) or (alone and (current.total or current.side_by_side))


def _leaves_out(slot: Slot, current: Reading) -> bool:
    """As in "without Anna, what does that add up to": one who is not to be added."""
    return current.total and slot.negated and isinstance(slot, FieldTest | RecordTest)


def _without_named(out: Reading, current: Reading) -> None:
    """Leave out the rows that are named, or what is of them."""
    gone = [slot for slot in slots(current) if _leaves_out(slot, current)]
    names = {name for slot in gone if isinstance(slot, RecordTest) for name in slot.names}
    out.records = [r for r in out.records if not names & set(r.names) or r.negated]
    out.records += [slot for slot in gone if isinstance(slot, RecordTest)]
    out.fields += [slot for slot in gone if isinstance(slot, FieldTest)]


def _cuts(current: Reading) -> bool:
    """As in "the top two of them": the first rows of what was shown."""
    sup = current.sup
    return sup is not None and sup.sort == "max_rank" and bool(sup.limit) and not (sup.noun or sup.by or sup.nth)


def _merged(context: Context, current: Reading, found: Sequence[Slot]) -> Reading | None:
    """As in "which of the three has the most", after three questions about one each; "the two of them together"."""
    out = without(context.previous, found)
    noun = _put(out, found)
    out.loose, out.notes, out.not_held = list(current.loose), list(current.notes), list(current.not_held)
    if current.measures and not current.mean:
        out.measures, out.target, out.asks = list(current.measures), None, []
    if current.periods and not any(isinstance(slot, Period) for slot in found):
        out.periods = list(current.periods)
    out.total, out.side_by_side = current.total, current.side_by_side
    if current.total and not out.measures and out.target is not None and "count" not in out.asks:
        out.measures = [MeasureNode(fn="sum", dotted="deal.amount")] if out.target.dotted == "deal" else []
        out.target, out.asks, out.columns = (None, [], []) if out.measures else (out.target, out.asks, out.columns)
    if current.mean:
        return _averaged(out, noun)
    if current.sup is not None:
        return _highest(out, current, noun)
    out.unclear |= current.side_by_side and noun is None
    out.unclear |= not (current.total or current.side_by_side or current.measures)
    return out


def _put(out: Reading, found: Sequence[Slot]) -> str | None:
    """Put all the tests into the reading; what they are tests of, where groups can be made of it."""
    first = found[0]
    if isinstance(first, FieldTest):
        values = tuple(dict.fromkeys(value for slot in found if isinstance(slot, FieldTest) for value in slot.values))
        out.fields.append(replace(first, values=values))
        return first.dotted if first.op == "in" and not first.negated else None
    if isinstance(first, StateTest):
        kinds = tuple(dict.fromkeys(kind for slot in found if isinstance(slot, StateTest) for kind in slot.kinds))
        out.states.append(StateTest(kinds))
        return None
    if isinstance(first, Period):
        periods = [slot for slot in found if isinstance(slot, Period)]
        out.periods += periods
        units = {period.span.unit for period in periods}
        return (
            f"bucket:{first.span.unit}" if len(units) == 1 and units <= {"month", "quarter", "year", "week"} else None
        )
    records = [slot for slot in found if isinstance(slot, RecordTest)]
    out.records += records
    alike = len({(r.entity, r.reference) for r in records}) == 1 and not any(r.below or r.negated for r in records)
    return (first.reference or ("rep" if first.entity == "user" else first.entity)) if alike else None


def _group(noun: str) -> GroupNode:
    bucket = noun.removeprefix("bucket:")
    return GroupNode(bucket=bucket) if bucket != noun else GroupNode(noun)


def _is_additive(reading: Reading) -> bool:
    return all(m.fn in ("count", "sum") or bool(m.metric and METRICS[m.metric].additive) for m in reading.measures)


def _averaged(out: Reading, noun: str | None) -> Reading:
    """The mean of the figures, where the measure is one that can be divided."""
    out.unclear |= noun is None or not _is_additive(out)
    if noun is not None:
        out.groups, out.average_per, out.total, out.side_by_side = [_group(noun)], True, False, False
        out.target, out.sup = None, None
    return out


def _highest(out: Reading, current: Reading, noun: str | None) -> Reading | None:
    """As in "which of the three has the most", "which is higher"."""
    if noun is None or current.sup is None:
        return None
    sort = current.sup.sort
    out.sup = replace(current.sup, noun=noun, limit=None)
    if out.measures and sort.endswith(("count", "size")):
        out.sup = replace(out.sup, sort=sort.replace("count", "high").replace("size", "high"))
    out.target = None if ":" in noun else Target(noun, "which", is_plural=False)
    out.asks, out.side_by_side = ["which"], False
    return out


def _of_list(context: Context, current: Reading) -> Reading | None:
    """As in "and their total?", after a list of deals: what these come to."""
    before = context.previous
    of_deals = before.target is not None and before.target.dotted == "deal"
    listed = context.last.shape in ("list", "top_records") and of_deals
    counts = "count" in current.asks and not current.vague  # "how many are there in total" is no sum
    if not listed or not current.total or before.measures or before.groups or counts:
        return None
    out = before.copy()
    keep_shown(context, out)
    out.loose, out.notes, out.not_held = list(current.loose), list(current.notes), list(current.not_held)
    staged = out.states or any(record.entity == "stage" for record in out.records)
    out.unclear |= not staged  # of those won, of those open, or of all?
    out.target, out.asks, out.order, out.columns = None, [], None, []
    out.measures = [MeasureNode(fn="sum", dotted="deal.amount")]
    return out


def _first_rows(context: Context, number: int) -> Context:
    """The conversation as if the last answer had only had its first rows."""
    reading, turn = context.history[-1]
    cut = replace(turn, ids=turn.ids[:number], labels=turn.labels[:number])
    return replace(context, history=[*context.history[:-1], (reading, cut)])


def _of_rows(context: Context, current: Reading) -> Reading | None:
    """As in "add those up", "the average of those", after an answer with several rows and a measure."""
    before = counted_as_measure(context.previous)
    if not before.measures or not (current.total or current.mean):
        return None
    noun = before.groups[0] if len(before.groups) == 1 else None
    ranked = before.sup.noun if before.sup else None
    out = before.copy()
    if current.sup is not None:
        context = _first_rows(context, int(current.sup.limit or 1))
        out.sup = out.sup or current.sup
    keep_shown(context, out)
    out.loose, out.notes, out.not_held = list(current.loose), list(current.notes), list(current.not_held)
    _without_named(out, current)
    out.unclear |= not _is_additive(out) or (current.shown or len(context.last.ids)) != len(context.last.ids)
    out.target, out.asks, out.order, out.side_by_side = None, [], None, False
    if current.mean:
        ranked = ranked or (before.target.dotted if before.target else None)
        out.groups = [noun] if noun else [GroupNode(ranked)] if ranked and entity_of(ranked) in _PARTIES else []
        out.average_per, out.unclear = True, out.unclear or not out.groups
    else:
        out.groups, out.total = [], True
        out.measures, out.periods = list(current.measures) or out.measures, list(current.periods) or out.periods
    return out
