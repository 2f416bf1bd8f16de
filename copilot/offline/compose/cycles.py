"""How long deals take, told by where they begin and end: 从开始跟进到赢单, 赢下的单平均谈了多少天."""

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.neighbours import nouns_at
from copilot.offline.compose.reading import MeasureNode, StateTest
from copilot.offline.tags import Sense, T

_CYCLE = "sales_cycle_days"
_STATES = {"deals_won": "won", "deals_lost": "lost"}
_BEGINS = frozenset({"engagement", "engaging", "creation", "creating", "opening", "beginning", "starting", "raising"})
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


def days_between(c: Composer) -> None:
    """As in "how many days | between | the start | and | the close", "days from creation to close": how long."""
    days = [at for at, _, _ in c.each(T.UNIT) if c.has(at, T.UNIT, "day")]
    asked = [at for at, _, _ in c.each(T.ASK) if c.has(at, T.ASK, "how_many") or c.has(at, T.ASK, "how_long")]
    usual = [at for at, _, _ in c.each(T.AGG) if c.has(at, T.AGG, "avg")]
    if not (days or any(c.has(at, T.ASK, "how_long") for at in asked)) or any(c.each(T.NUMBER, T.SUP, T.COMPARATIVE)):
        return
    told = [at for at in range(len(c.items)) if f"{FACT}.duration_days" in c.fields_at(at)]
    ends = _two_ends(c) if not told else None
    if not (told or ends):
        return
    lost = ends is not None and c.has(ends[-1], T.STATE, "lost")
    until_won = ends is not None and not (lost or c.has(ends[-1], T.STATE, "closed"))
    c.reading.states += [StateTest(("lost",), at=c.items[ends[-1]].tag.start)] if lost and ends else []
    node = MeasureNode(metric=_CYCLE) if until_won else MeasureNode(fn="avg", dotted=f"{FACT}.duration_days")
    c.reading.measures.append(node)
    c.own(*(told or ends or []), *days, *asked, *usual)
    for at, _, _ in list(c.each(T.PRONOUN)):
        if c.items[at].tag.text.lower() == "it":
            c.own(at)  # "how many days does | it | take"


def _two_ends(c: Composer) -> list[int] | None:
    """From the word of the beginning to that of the end, with "between" and "and"."""
    for at, item in enumerate(c.items):
        led = bool(item.preps & {"from", "between"}) or c.has(at - 1, T.OP, "between")
        begun = c.has(at, T.STATE, "started") or item.tag.text.lower() in _BEGINS
        if item.owned or not begun or not led:
            continue
        end = at + 1 + (FACT in nouns_at(c, at + 1))
        end += c.has(end, T.AND)
        joined = c.has(end - 1, T.AND) or "to" in (c.items[end].before if c.item(end) else ())
        ended = c.has(end, T.STATE, "won", "lost", "closed") or "order" in nouns_at(c, end)
        if joined and ended:
            return [*([at - 1] if c.has(at - 1, T.OP, "between") else []), *range(at, end + 1)]
    return None
