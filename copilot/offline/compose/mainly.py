"""What somebody mainly does: 他主要丢在哪个产品上, "where does he mostly sell" asks for the one with most deals."""

from dataclasses import replace

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.reading import MeasureNode, SupNode, Target
from copilot.offline.tags import T

_MAINLY = frozenset({"主要", "主要是", "大多", "多半", "大部分", "基本上"})
_REACH = 4


def ranked_reasons(c: Composer) -> None:
    """As in 什么原因丢的，排个序: the values of the only field that is asked for, by how many deals have them."""
    r = c.reading
    more = r.target or r.measures or r.groups or r.sup or r.share or r.having
    if "rank" in r.asks and not more and len(r.columns) == 1 and c.is_choice(r.columns[0]):
        lost = r.columns[0] == "deal.lost_reason"
        r.measures.append(MeasureNode(metric="deals_lost") if lost else MeasureNode(fn="count", dotted=FACT))
        r.target, r.columns = Target(r.columns[0], "rank"), []


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
