"""Which answer a message goes back to: past a sum to the rows that it added up, past one record to the set it is of."""

from collections.abc import Sequence
from dataclasses import replace

from copilot.offline.compose.reading import MeasureNode, Reading
from copilot.offline.follow_up.context import Context, slots, without
from copilot.offline.plan import PastTurn

_AMOUNT = MeasureNode(fn="sum", dotted="deal.amount")
_BOOKINGS = MeasureNode(metric="bookings")
_WON = ("bookings", "deals_won")
_RANKS = ("max_rank", "min_rank", "max_high", "min_high", "max_good", "min_good", "max_count", "min_count")
History = Sequence[tuple[Reading, PastTurn]]


def past_one_record(history: History) -> History:
    """The conversation up to the last answer that was no look-up of one record."""
    kept = list(history)
    while len(kept) > 1 and is_of_one_deal(kept[-1][1]):
        kept.pop()
    return kept


def is_of_one_deal(turn: PastTurn) -> bool:
    """As in 最大的是哪个, 它到哪一步了, of one's open deals: another question without a noun is of all of them."""
    return turn.shape == "look_up" or (turn.entity == "deal" and len(turn.ids) == 1 and turn.shape == "top_records")


def past_sum(context: Context, current: Reading) -> Context:
    """The conversation up to the rows that the last answer added up, where the message ranks them."""
    if len(context.history) < 2:
        return context
    (before, _), (reading, last) = context.history[-2:]
    summed = reading.total and last.shape == "scalar" and bool(before.groups) and not (reading.groups or reading.sup)
    ranks = current.sup is not None and current.sup.sort in _RANKS
    points = any(p.kind == "set" for p in current.pronouns)
    asks = ranks and points and not (slots(current) or current.measures)
    return replace(context, history=context.history[:-1]) if summed and asks else context


def past_share(context: Context, current: Reading) -> Context:
    """The conversation as if the part of the last share had been asked for, where the message points at "those"."""
    reading, last = context.history[-1]
    points = any(p.kind == "set" for p in current.pronouns)
    if reading.share != "share" or reading.part is None or not points or current.share:
        return context
    out = without(reading, [])
    out.fields, out.records = [*out.fields, *reading.part.fields], [*out.records, *reading.part.records]
    out.states, out.periods = [*out.states, *reading.part.states], [*out.periods, *reading.part.periods]
    out.share, out.part, out.percent = None, None, False
    return replace(context, history=[*context.history[:-1], (out, last)])


def as_worth(context: Context, current: Reading) -> Reading:
    """As in "what are the quoted ones worth", "how much are they", "and their value": what these deals come to."""
    before, last = context.previous, context.last
    points = any(p.kind == "set" for p in current.pronouns)
    more = current.target or current.groups or current.sup or current.having or current.share or current.each
    named = current.columns == ["deal.amount"] and not current.measures
    plain = named or (current.measures == [_BOOKINGS] and not current.columns and "how_much" in current.asks)
    if not points or not plain or more or set(current.asks) - {"what", "how_much"}:
        return current
    if not _is_about_deals(before, last) or (last.shape == "list" and not current.asks):
        return current
    won = [m.metric for m in before.measures if m.metric in _WON] or any(s.kinds == ("won",) for s in before.states)
    measure = _BOOKINGS if won and not (current.states or current.records) else _AMOUNT
    return replace(current.copy(), measures=[measure], columns=[], asks=["how_much"], total=not slots(current))


def _is_about_deals(before: Reading, last: PastTurn) -> bool:
    counted = before.sup is not None and before.sup.sort.endswith("count")
    listed = before.target is not None and before.target.dotted == "deal"
    return listed or last.entity == "deal" or counted


def as_place(context: Context, current: Reading) -> Reading:
    """As in "who was last", after a ranking by a figure: the one at its end, and not the latest."""
    before, sup = context.previous, current.sup
    ranked = before.sup is not None and before.sup.sort in _RANKS and bool(before.measures) and not before.periods[1:]
    plain = sup is not None and sup.sort == "new" and not (sup.noun or sup.by or sup.nth)
    who = current.target is None or current.target.ask in ("who", "which")
    if not (ranked and plain and who) or current.measures or slots(current) or current.columns or sup is None:
        return current
    return replace(current, sup=replace(sup, sort="min_rank", limit=sup.limit or 1))
