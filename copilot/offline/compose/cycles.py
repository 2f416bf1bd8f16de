"""How long deals take, told by where they begin and end: 从开始跟进到赢单, 赢下的单平均谈了多少天."""

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.neighbours import nouns_at
from copilot.offline.compose.reading import MeasureNode
from copilot.offline.tags import Sense, T

_CYCLE = "sales_cycle_days"
_STATES = {"deals_won": "won", "deals_lost": "lost"}
_LASTING = (f"{FACT}.age_days", f"{FACT}.duration_days")


def from_start_to_win(c: Composer) -> None:
    """As in 从开始跟进|到|赢单的周期: the cycle, whose name may stand behind it."""
    if any(sense.value.unit == "day" for _, _, sense in c.each(T.NUMBER)):
        return  # 从开始跟进到赢单超过100天的: a condition
    for at, item, sense in list(c.each(T.STATE)):
        won = at + 1 + (FACT in nouns_at(c, at + 1))  # 从创建|商机|到签约
        if sense.value != "started" or "从" not in item.before or not c.has(won, T.STATE, "won"):
            continue
        if "到" not in c.items[won].before:
            continue
        if not c.mentions(T.METRIC, _CYCLE):
            c.reading.measures.append(MeasureNode(metric=_CYCLE))
        c.own(
            *range(at, won + 1),
            *(k for k in range(won + 1, len(c.items)) if c.has(k, T.ASK, "how_long") or c.has(k, T.AGG, "avg")),
        )
        return


def those_won(c: Composer) -> None:
    """As in 赢下的单|平均|谈了多少天: which deals, and not how many."""
    lasting = [k for k in range(len(c.items)) if set(c.fields_at(k)) & set(_LASTING)]
    for _, item, sense in list(c.each(T.METRIC)):
        if item.tag.text.endswith(("的单", "的单子")) and sense.value in _STATES and lasting:
            item.tag = item.tag.only(Sense(T.STATE, _STATES[str(sense.value)]))
