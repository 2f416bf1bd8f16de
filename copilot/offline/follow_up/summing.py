"""What the deals that were shown come to: "how much is that together", 这些加起来多少钱."""

from copilot.offline.compose.reading import MeasureNode, Reading, StateTest
from copilot.offline.follow_up.context import Context, slots
from copilot.offline.follow_up.shown import keep_shown

_AMOUNT = MeasureNode(fn="sum", dotted="deal.amount")
_MONEY = (MeasureNode(metric="bookings"), MeasureNode(metric="pipeline"), _AMOUNT)
_ANY = StateTest(("open", "won", "lost"))
_LISTS = frozenset({"list", "deals", "top_records", "anti_join"})


def sum_of_shown(context: Context, current: Reading) -> Reading | None:
    """The amounts of the deals in the last list, whatever became of them, added up; None where that is not asked.

    Of deals that were won the sum is what was booked, and asked for as before.
    """
    before, last = context.previous, context.last
    points = current.total and any(p.kind == "set" for p in current.pronouns)
    more = slots(current) or current.target or current.groups or current.sup or current.columns or current.mine
    if not points or more or len(current.measures) != 1 or current.measures[0] not in _MONEY:
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
