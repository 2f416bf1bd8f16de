"""By number or by money: of "who signed the most" the words do not say it, so both are told."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from copilot.offline.compose.reading import MeasureNode, Reading
from copilot.offline.plan import Queries, Query
from copilot.offline.shapes import Builder
from copilot.offline.tags import T, Tag
from copilot.offline.where import Ambiguous, Unreachable
from crm_core.query.result import QueryResult
from crm_core.query.spec import QuerySpec

Run = Callable[[QuerySpec], QueryResult]

_SHAPES = ("top_groups", "side_by_side")
_COUNTED = ("单", "标", "deal", "win", "loss")  # the verb says itself what is counted: 丢单最多


def is_open(reading: Reading, shape: str | None, tags: Sequence[Tag]) -> bool:
    """Whether a ranking may be meant by number as well as by money."""
    sup, kinds = reading.sup, [kind for state in reading.states if not state.negated for kind in state.kinds]
    if not kinds and reading.facts[:1] == ["order"]:  # contracts that were signed
        kinds = [str(tag.senses[0].value) for tag in tags if tag.type is T.STATE][:1]
    if shape not in _SHAPES or reading.measures or reading.having or reading.groups or kinds not in (["won"], ["lost"]):
        return False
    if sup is not None and (not sup.sort.endswith("_count") or sup.by or kinds == ["lost"]):
        return False
    named = any(tag.get(T.ENTITY) and any(s.value == "deal" for s in tag.all(T.ENTITY)) for tag in tags)
    told = any(tag.get(T.STATE) and any(word in tag.text.lower() for word in _COUNTED) for tag in tags)
    return not (named or told)


def counts(spec: QuerySpec | None) -> bool:
    """Whether the last answer was a number of deals, so that "and who has the most" goes on counting."""
    measures = spec.measures if spec is not None else []
    return len(measures) == 1 and (measures[0].fn == "count" or measures[0].metric in ("deals_won", "deals_lost"))


def tell_both(plan: Query, builder: Builder, run: Run) -> Query | Queries:
    """The ranking by number and by money; one table where both find the same, or where all stand side by side."""
    won = any("won" in state.kinds for state in builder.reading.states)
    money = MeasureNode(metric="bookings") if won else MeasureNode(fn="sum", dotted="deal.amount")
    money = MeasureNode(metric="order_revenue") if plan.spec.entity == "order" else money
    other = Builder(replace(builder.reading.copy(), measures=[money]), builder.vocabulary, builder.actor)
    try:
        worth = other.measure(money)
    except (Ambiguous, Unreachable):
        return plan
    measured = plan.spec.model_copy(update={"measures": [*plan.spec.measures, worth]})
    by_money = plan.spec.model_copy(
        update={
            "measures": [worth],
            "order_by": [one.model_copy(update={"by": str(worth.name)}) for one in plan.spec.order_by],
        }
    )
    found, richest = run(plan.spec), run(by_money)
    if not richest.rows or not any(row.values[-1] for row in richest.rows):
        return plan  # what was lost has no amount
    same = [row.values[0] for row in found.rows] == [row.values[0] for row in richest.rows]
    if same or plan.spec.limit is None:
        return replace(plan, spec=measured)
    return Queries((plan, replace(plan, spec=by_money)))
