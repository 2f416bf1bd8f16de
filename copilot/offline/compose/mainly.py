"""What somebody mainly does: 他主要丢在哪个产品上, "where does he mostly sell" asks for the one with most deals."""

from dataclasses import replace

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.reading import GroupNode, MeasureNode, SupNode, Target
from copilot.offline.tags import T

_MAINLY = frozenset({"主要", "主要是", "大多", "多半", "大部分", "基本上"})
_MOSTLY = frozenset({"mostly", "mainly", "primarily", "chiefly", "usually", "main"})
_REACH = 4
_REASON = "deal.lost_reason"


def ranked_reasons(c: Composer) -> None:
    """As in 什么原因丢的，排个序: the values of the only field that is asked for, by how many deals have them."""
    r = c.reading
    _why_lost(c)
    for at, item in enumerate(c.items):
        if item.tag.text.lower() in _MOSTLY and not item.owned and (r.columns == [_REASON] or "why" in r.asks):
            r.asks += [] if "why" in r.asks else ["rank"]
            c.own(at)
    more = r.target or r.measures or r.groups or r.sup or r.share or r.having
    if "rank" in r.asks and not more and len(r.columns) == 1 and c.is_choice(r.columns[0]):
        lost = r.columns[0] == _REASON
        r.measures.append(MeasureNode(metric="deals_lost") if lost else MeasureNode(fn="count", dotted=FACT))
        r.target, r.columns = Target(r.columns[0], "rank"), []


def counts_lost(c: Composer) -> bool:
    """As in 丢过几单，都是什么原因: the reasons are those of the lost deals that are counted."""
    kinds = {kind for state in c.reading.states if not state.negated for kind in state.kinds}
    counted = "count" in c.reading.asks or [m.metric for m in c.reading.measures] == ["deals_lost"]
    return counted and (kinds == {"lost"} or (not c.reading.states and bool(c.reading.measures)))


def _why_lost(c: Composer) -> None:
    """The number of lost deals and why: how many each reason cost."""
    r = c.reading
    more = r.groups or r.sup or r.columns or r.share or r.having or r.unclear
    if "why" in r.asks and not more and counts_lost(c):
        r.measures, r.groups, r.states = [MeasureNode(metric="deals_lost")], [GroupNode(_REASON)], []
        r.target, r.asks = None, []


def mainly(c: Composer) -> None:
    """The group that is asked for is ranked by how many deals it has."""
    r = c.reading
    target = r.target
    ranks = r.sup or r.groups or r.share or r.having or r.change or r.against
    if target is None or ranks or target.ask not in ("which", "what", "list") or target.dotted == FACT:
        return
    for at, item in enumerate(c.items):
        acts = item.tag.get(T.STATE, T.VERB_METRIC) is not None
        asks = any(other.tag.get(T.ASK) for other in c.items[at + 1 : at + 1 + _REACH])
        if acts and asks and item.before & _MAINLY:
            r.sup = SupNode("max_count" if not r.measures else "max_high", noun=target.dotted)
            r.target = replace(target, ask="which", is_plural=False)
            r.columns = [dotted for dotted in r.columns if dotted != target.dotted]
            return
