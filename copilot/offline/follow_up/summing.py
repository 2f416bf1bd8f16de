"""What the deals that were shown come to: "how much is that together", 这些加起来多少钱."""

from copilot.offline.compose.reading import FieldTest, MeasureNode, Reading, RecordTest, StateTest
from copilot.offline.follow_up.context import Context, slots
from copilot.offline.follow_up.shown import keep_shown

_AMOUNT = MeasureNode(fn="sum", dotted="deal.amount")
_MONEY = (MeasureNode(metric="bookings"), MeasureNode(metric="pipeline"), _AMOUNT)
_PARTIES = ("user", "account", "product")
_ENDED = {"deals_won": "won", "deals_lost": "lost"}
_ANY = StateTest(("open", "won", "lost"))
_LISTS = frozenset({"list", "deals", "top_records", "anti_join"})


def add_up(current: Reading, out: Reading) -> Reading:
    """As in "without Anna, what does that add up to": one figure of all that are left."""
    left: list[RecordTest | FieldTest] = [*current.records, *current.fields]
    asks = current.measures or current.groups or current.target or current.sup
    if current.total and left and all(test.negated for test in left) and not asks and out.measures:
        out.groups, out.each, out.target, out.asks = [], False, None, []
    return out


def sum_of_shown(context: Context, current: Reading) -> Reading | None:
    """The amounts of the deals in the last list, whatever became of them, added up; None where that is not asked.

    Of deals that were won the sum is what was booked, and asked for as before.
    """
    before, last = context.previous, context.last
    points = current.total and any(p.kind == "set" for p in current.pronouns)
    more = slots(current) or current.target or current.groups or current.sup or current.columns or current.mine
    if not current.total or more or (current.measures and (len(current.measures) > 1 or not _is_money(current))):
        return None
    counted = _of_counted(context, current)
    if counted is not None:
        return counted
    if not points or not current.measures:
        return None
    won = {kind for state in before.states for kind in state.kinds} == {"won"}
    if last.entity != "deal" or last.shape not in _LISTS or not last.ids or won:
        return None
    out = before.copy()
    keep_shown(context, out)
    out.measures, out.target, out.asks, out.columns = [_AMOUNT], None, [], []
    staged = out.states or any(record.entity == "stage" for record in out.records)
    out.states = out.states if staged else [_ANY]
    out.order, out.total, out.facts = None, True, ["deal"]
    out.loose, out.notes = list(current.loose), list(current.notes)
    return out


def _is_money(current: Reading) -> bool:
    return current.measures[0] in _MONEY


def _of_counted(context: Context, current: Reading) -> Reading | None:
    """As in "what do they come to", after who lost the most deals: the amounts of the deals that were counted."""
    before, last = context.previous, context.last
    counted = before.sup is not None and before.sup.sort.endswith("count") and not before.sup.by
    if not counted or last.entity not in _PARTIES or not last.ids or set(current.asks) - {"what", "how_much", "count"}:
        return None
    out = before.copy()
    keep_shown(context, out)
    told = [_ENDED[str(m.metric)] for m in before.measures if m.metric in _ENDED]
    out.states = out.states or [StateTest((kind,)) for kind in told]
    won = {kind for state in out.states for kind in state.kinds} == {"won"}
    out.measures, out.target, out.asks, out.columns = [_MONEY[0] if won else _AMOUNT], None, [], []
    out.order, out.total, out.facts, out.states = None, True, ["deal"], [] if won else out.states
    out.loose, out.notes = list(current.loose), list(current.notes)
    return out
