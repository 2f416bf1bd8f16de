"""What a fragment asks now, of what was asked before."""

from dataclasses import replace

from copilot.offline.compose.composer import entity_of
from copilot.offline.compose.reading import FieldTest, GroupNode, MeasureNode, Reading, RecordTest, StateTest, Target
from crm_core.query.metrics import METRICS

_KINDS = {"deals_won": "won", "deals_lost": "lost", "bookings": "won", "average_deal_size": "won", "pipeline": "open"}
_OF_RECORDS = ("max_size", "min_size", "old", "new", "max_long", "min_long")
_AMOUNT = "deal.amount"


def ask_anew(out: Reading, current: Reading) -> None:
    """Put the measures, groups, ranking and target of `current` into `out`."""
    if _other_measure(out, current) or _other_outcome(out, current) or _of_records(out, current):
        out.order = current.order or out.order
        return
    if current.measures:
        _measure(out, current)
    if current.groups:
        out.groups, out.sup = list(current.groups), current.sup
        out.target, out.asks = (None, []) if out.measures else (out.target, out.asks)
    elif current.sup and out.sup and _only_cuts(current):
        nth = current.sup.nth
        out.sup = replace(out.sup, limit=None if nth else current.sup.limit or out.sup.limit, nth=nth)
    elif current.sup:
        ranked = out.groups[0].dotted if len(out.groups) == 1 else out.target.dotted if out.target else None
        noun = current.sup.noun or (out.sup.noun if out.sup else None) or ranked
        out.sup, out.groups = replace(current.sup, noun=noun), []
    out.having = list(current.having) or out.having
    out.order = current.order or out.order
    if current.share:
        out.unclear = True  # a share of what was shown: which part of which whole is not said
    out.change = current.change or out.change
    _target(out, current)


def _measure(out: Reading, current: Reading) -> None:
    """Another measure takes the place of what was measured, counted or looked up."""
    records = out.sup is not None and not out.measures and not current.sup and out.sup.noun == "deal"
    out.unclear |= records and not out.sup.sort.endswith("count")  # type: ignore[union-attr]  # of the one, or of all?
    if not (out.measures or out.sup or current.columns):
        out.columns = []  # what was looked up of a record is not what is measured now
    out.measures = list(current.measures)
    if not current.states and all(m.metric and METRICS[m.metric].is_ratio for m in out.measures):
        out.states = []  # "and the win rate?", of those won: a rate says itself of which deals it is
    if out.target is not None and out.target.ask == "count" and not current.target:
        out.target, out.asks = None, []  # "what's the total value", after a count
    if not current.sup and out.sup and out.sup.sort in ("max_count", "min_count"):
        out.sup = replace(out.sup, sort=out.sup.sort.replace("count", "high"))
    ordered = "rank" in current.asks or current.order
    if out.target is not None and not out.sup and not out.groups and ordered and _is_party(out.target):
        out.target, out.asks = replace(out.target, ask="rank"), ["rank"]  # "sort those by revenue"
        out.order = current.order or "high_first"


def _other_measure(out: Reading, current: Reading) -> bool:
    """As in "and by value?", "make it the number of deals": the other measure of the same deals, in the same form."""
    if (
        current.measures
        or current.groups
        or current.sup
        or current.having
        or not (out.measures or out.asks == ["count"] or (out.sup is not None and out.sup.sort.endswith("count")))
    ):
        return False
    metric = out.measures[0].metric if out.measures else None
    kinds = [kind for state in out.states for kind in state.kinds] or ([_KINDS[metric]] if metric in _KINDS else [])
    swaps = current.follow in ("instead", "replace", "correct")
    asks = set(current.asks) - ({"list", "request"} if swaps else set())  # 换成金额看看
    if current.columns == [_AMOUNT] and current.target is None and not asks - {"what", "how_much"}:
        of_orders = (out.target is not None and out.target.dotted == "order") or any(
            m.dotted == "order" for m in out.measures
        )
        plain = MeasureNode(metric="order_revenue") if of_orders else MeasureNode(fn="sum", dotted=_AMOUNT)
        out.measures, out.columns = [MeasureNode(metric="bookings") if kinds == ["won"] else plain], []
    elif swaps and _counts_deals(current) and out.measures:
        if metric and METRICS[metric].is_ratio:
            return False
        out.measures = [MeasureNode(fn="count", dotted="deal")]
    else:
        return False
    if metric in _KINDS and not out.states:
        out.states = [StateTest((_KINDS[str(metric)],))]
    if out.sup is not None and out.sup.sort.endswith(("count", "high")):
        out.sup = replace(out.sup, sort=out.sup.sort.replace("count", "high"))
    if out.target is not None and out.target.ask == "count":
        out.target, out.asks = None, []
    return True


_COUNTS = {"won": "deals_won", "lost": "deals_lost"}


def _other_outcome(out: Reading, current: Reading) -> bool:
    """As in "and the lost ones?", after the wins of each month: the same measure of deals that ended otherwise."""
    kinds = [kind for state in current.states if not state.negated for kind in state.kinds]
    told = current.measures or current.groups or current.sup or current.having or current.columns or current.share
    metric = out.measures[0].metric if len(out.measures) == 1 else None
    plain = set(current.asks) <= {"which", "list", "request"} and _names_deals_at_most(current)
    if told or len(kinds) != 1 or metric not in (*_COUNTS.values(), "bookings") or not plain:
        return False
    if kinds == ["open"] and out.periods:
        return False  # they closed in that time; the open ones have not
    out.states = []
    if metric != "bookings" and kinds[0] in _COUNTS:
        out.measures = [MeasureNode(metric=_COUNTS[kinds[0]])]
    elif kinds != ["won"]:
        out.measures = [
            MeasureNode(fn="sum", dotted=_AMOUNT) if metric == "bookings" else MeasureNode(fn="count", dotted="deal")
        ]
        out.states = list(current.states)
    return True


def _names_deals_at_most(current: Reading) -> bool:
    return current.target is None or (current.target.dotted == "deal" and current.target.ask in (None, "list", "which"))


def _counts_deals(current: Reading) -> bool:
    target = current.target
    return target is not None and (target.dotted, target.ask) == ("deal", "count") and "count" in current.asks


def _of_records(out: Reading, current: Reading) -> bool:
    """As in "and the biggest of them", after a number of deals or what they came to: the deal itself."""
    sup = current.sup
    if sup is None or sup.sort not in _OF_RECORDS or sup.noun or sup.by or out.groups or out.sup or current.groups:
        return False
    of_deals = out.measures or (out.target is not None and out.target.dotted == "deal")
    counted = [m for m in out.measures if not (m.metric in _KINDS or m.dotted in ("deal", _AMOUNT))]
    asked = [m for m in current.measures if m.metric != "bookings"]
    if not of_deals or counted or asked or current.columns or set(current.asks) - {"how_much", "which", "what", "list"}:
        return False
    told = [_KINDS[str(m.metric)] for m in out.measures if m.metric in _KINDS]
    out.states = out.states or [StateTest((kind,)) for kind in told]
    out.target, out.asks, out.measures = Target("deal", "which", is_plural=False), ["which"], []
    out.sup = replace(sup, noun="deal")
    return True


def _only_cuts(current: Reading) -> bool:
    """As in "only the first three", "and the second": fewer or other rows of the same ranking."""
    sup = current.sup
    assert sup is not None
    return bool(sup.nth or (sup.limit and sup.sort in ("old", "max_rank"))) and not current.measures and not sup.by


def _target(out: Reading, current: Reading) -> None:
    """What is asked for now: a list, a count, other columns; or what was asked before."""
    asked = set(current.asks)
    if current.measures or current.groups or current.sup or current.having:
        return
    target = current.target
    swaps = current.follow in ("replace", "instead", "correct") or any(p.kind == "same" for p in current.pronouns)
    same = any(p.kind == "same" for p in current.pronouns)
    if (
        swaps
        and target is None
        and not current.columns
        and asked <= {"list", "request", "count"}
        and (same or "count" not in asked)
    ):
        return  # "show me that for Cara's team instead", "the same number for Central"
    tests: list[FieldTest | RecordTest] = [*current.fields, *current.records]
    told = target is not None and any(test.entity == entity_of(target.dotted) for test in tests)
    if told and not asked:
        return  # "and just for customers in Japan": the noun of a filter
    if target is not None and target.ask == "list" and not asked and out.measures and _is_party(target):
        out.groups, out.sup = [GroupNode(dotted=target.dotted)], None
    elif "count" in asked or (target is not None and target.ask == "count"):
        noun = target.dotted if target else (out.target.dotted if out.target else "deal")
        kinds = [_KINDS[str(m.metric)] for m in out.measures if m.metric in _KINDS]
        if noun == "deal" and kinds and not out.states:
            out.states = [StateTest((kinds[0],))]  # "and how many deals was that", of what was booked
        out.target, out.asks = Target(noun, "count"), ["count"]
        _clear(out)
    elif target is not None or asked & {"list", "which", "who"}:
        _listed(out, current)
    elif current.columns:
        out.columns, out.measures = list(current.columns), []
    if "rank" in asked and current.columns and not out.sup:
        out.asks = ["rank"]  # "sort them by amount"
        out.target = replace(out.target or Target("deal"), ask="list", is_plural=True)


def _listed(out: Reading, current: Reading) -> None:
    """Records, or these columns of them."""
    before, told = out.target, [_KINDS[str(m.metric)] for m in out.measures if m.metric in _KINDS]
    noun = before.dotted if before else "deal"
    out.states = out.states or [StateTest((kind,)) for kind in told if noun == "deal"]
    out.target, out.asks = current.target or Target(noun, "list"), ["list"]
    _clear(out)
    out.sup, out.columns = current.sup, list(current.columns)


def _clear(out: Reading) -> None:
    out.measures, out.groups, out.sup, out.having, out.columns = [], [], None, [], []


def _is_party(target: Target) -> bool:
    return "." in target.dotted or entity_of(target.dotted) != "deal"
