"""What the words of a follow-up stand for beside the last answer, settled before the old question is edited."""

from dataclasses import replace

from copilot.offline.compose.reading import MeasureNode, Reading, StateTest, Target
from copilot.offline.follow_up.bounding import as_bound, tells_money
from copilot.offline.follow_up.buying import as_buyers, buyers_among
from copilot.offline.follow_up.context import Context, slots
from copilot.offline.follow_up.each_shown import list_each
from copilot.offline.follow_up.leaning import as_several
from copilot.offline.follow_up.sizes import how_big
from copilot.offline.follow_up.whole_team import as_whole_team, of_whole_team
from copilot.offline.follow_up.whom import as_company, as_ones, as_single

_AMOUNT, _NUMBER = MeasureNode(fn="sum", dotted="deal.amount"), MeasureNode(fn="count", dotted="deal")

_ENDED = {"deals_won": "won", "deals_lost": "lost"}


def as_meant(context: Context, current: Reading) -> Reading:
    """The message with its pointers to several, its "there" and its team put where they belong."""
    current = replace(as_single(context, as_ones(context, as_company(context, current))), first=False)
    return of_whole_team(context, as_several(context, current))


def of_several_shown(context: Context, current: Reading) -> Reading | None:
    """The question about all that was shown: as a team, one field of each, who bought what, how big is big."""
    return (
        as_whole_team(context, current)
        or list_each(context, current)
        or buyers_among(context, current)
        or how_big(context, current)
        or _customers_of_counted(context, current)
    )


def as_said_after(context: Context, current: Reading) -> Reading:
    """The message with what its words say after such an answer: who bought, what is bounded, what falls into parts."""
    if current.share == "mix" and current.groups and not current.measures:
        current = replace(current, share=None)  # "split September by rep"
    if _asks_total(context.previous, current):
        current = replace(current, total=True, measures=list(context.previous.measures), asks=[])
    if _ranks_times(context.previous, current):
        current = replace(current, measures=[])  # "which quarter was the worst": by what was told of each
    states = {kind for state in context.previous.states for kind in state.kinds}
    if "when" in current.asks and current.columns == ["deal.closed_on"] and states == {"open"}:
        current = replace(
            current, columns=["deal.closes_on"], states=[], asks=["list"]
        )  # "when do they close", of open ones
    if current.asks == ["whose"] and current.row is not None and current.target is None:
        current = replace(
            current, target=Target("rep", "who", is_plural=False), asks=["who"]
        )  # "whose is the first one"
    return as_bound(context, as_buyers(context, current))


def _asks_total(before: Reading, current: Reading) -> bool:
    """As in "what's the total value", after the money of each of several: of all of them together."""
    more = current.target or current.groups or current.sup or current.columns or current.having or current.share
    plain = current.measures == [_AMOUNT] and not (more or slots(current) or current.pronouns)
    return plain and tells_money(before) and before.sup is None


def _ranks_times(before: Reading, current: Reading) -> bool:
    """Whether the times that were told apart are ranked, and no figure is named to rank them by."""
    sup, told = current.sup, [f"bucket:{group.bucket}" for group in before.groups]
    return bool(sup and before.measures and [sup.noun] == told and current.measures == [_NUMBER] and "good" in sup.sort)


def _customers_of_counted(context: Context, current: Reading) -> Reading | None:
    """As in 分别是哪些客户, after how many deals were won: the different customers of these deals."""
    before, target = context.previous, current.target
    ended = [_ENDED[str(m.metric)] for m in before.measures if m.metric in _ENDED]
    asked = target is not None and target.dotted == "account" and target.ask in ("which", "list")
    said = current.states or current.measures or current.groups or current.sup or current.columns or slots(current)
    if len(ended) != 1 or len(before.measures) != 1 or before.groups or before.sup or not asked or said:
        return None
    states = before.states or [StateTest((ended[0],))]
    out = replace(before.copy(), target=Target("deal.account", "which"), asks=["which"], measures=[], states=states)
    out.loose, out.notes, out.not_held = list(current.loose), list(current.notes), list(current.not_held)
    return out
