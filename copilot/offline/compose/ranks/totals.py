"""Groups ranked by a sum of money: 各省份的合同金额排名前三 ranks provinces, and no contracts in each of them."""

from dataclasses import replace

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.reading import MeasureNode
from copilot.offline.tags import T


def ranked_totals(c: Composer) -> None:
    """A money column that stands before 排名 or 前三 is summed for each group, which is then ranked."""
    r = c.reading
    if r.sup is None or r.sup.by is None or r.sup.noun or len(r.groups) != 1 or r.measures or r.target is not None:
        return
    group, named = r.groups[0], next((i for i in c.items if i.tag.get(T.BY)), None)
    if named is None or named.tag.text != "各" or group.dotted is None or not c.is_total(r.sup.by):
        return
    r.measures = [MeasureNode(fn="sum", dotted=r.sup.by)]
    r.sup, r.groups = replace(r.sup, noun=group.dotted, by=None), []


def counted_before(c: Composer) -> None:
    """As in 谁名下的A级|客户|最多: the number of those that stand before the superlative."""
    sup, target = c.reading.sup, c.reading.target
    if sup is None or sup.noun or sup.by or c.reading.measures or not sup.sort.endswith("_count"):
        return
    if target is None or target.ask != "who":
        return
    at = next((k for k, item in enumerate(c.items) if k and item.tag.type is T.SUP), None)
    if at is not None and "account" in [str(s.value) for s in c.items[at - 1].tag.all(T.ENTITY)]:
        c.reading.sup = replace(sup, noun="account")
