"""What a bound in a follow-up is said of: the figures of the rows shown ("only those above 100k"), or the deals."""

from dataclasses import replace

from copilot.offline.compose.reading import FieldTest, HavingNode, MeasureNode, Reading
from copilot.offline.follow_up.context import Context
from crm_core.models import Kind
from crm_core.query.metrics import METRICS

_AMOUNT = "deal.amount"
_BOUNDS = frozenset({"gt", "ge", "lt", "le", "between"})
_LISTS = frozenset({"list", "deals", "top_records"})


def as_bound(context: Context, current: Reading) -> Reading:
    """The message with its bound on money put where it belongs.

    After figures in money for each of several it is a bound on these figures, unless deals are named; after a list
    of deals it is one on their amounts.
    """
    says = current.measures or current.groups or current.sup or current.columns or current.share or current.contrast
    if says or current.facts or current.target is not None or context.last.options:
        return current
    if tells_money(context.previous) and len(current.fields) == 1 and not current.having:
        test = current.fields[0]
        return replace(current, fields=[], having=[_on_figures(test)]) if _is_bound(test) else current
    before = context.previous
    listed = context.last.entity == "deal" and context.last.shape in _LISTS
    counted = before.asks == ["count"] and before.target is not None and before.target.dotted == "deal"
    if (listed or (counted and not before.groups)) and len(current.having) == 1 and not current.fields:
        bound = current.having[0]
        plain = bound.subject is None and bound.every is None
        return replace(current, having=[], fields=[_on_deals(bound)]) if plain else current
    return current


def tells_money(reading: Reading) -> bool:
    """Whether money was told, for each of several."""
    return bool(reading.groups) and len(reading.measures) == 1 and _is_money(reading.measures[0])


def _is_money(measure: MeasureNode) -> bool:
    if measure.metric is not None:
        return METRICS[measure.metric].kind is Kind.MONEY
    return measure.fn in ("sum", "avg", "min", "max", "median") and measure.dotted == _AMOUNT


def _is_bound(test: FieldTest) -> bool:
    return test.dotted == _AMOUNT and test.op in _BOUNDS and not (test.negated or test.other)


def _on_figures(test: FieldTest) -> HavingNode:
    upper = float(test.values[1]) if test.op == "between" else None
    return HavingNode(test.op, float(test.values[0]), is_money=True, upper=upper)


def _on_deals(bound: HavingNode) -> FieldTest:
    values = (bound.value,) if bound.upper is None else (bound.value, bound.upper)
    return FieldTest(_AMOUNT, bound.op, values)
