"""Named measures, each declared once with its formula in words.

A metric belongs to an entity, may be filtered like any measure, and says which date a period means for it
(bookings of March are deals closed in March).
"""

from dataclasses import dataclass

from crm_core.models import Kind, StageKind
from crm_core.query.spec import Condition, Filter, Measure


@dataclass(frozen=True)
class Metric:
    """A named measure.

    Attributes:
        name: as specs use it.
        entity: what it is measured over.
        measure: how.
        formula: the same in words, shown with the answer.
        words: what people call it in English, the label first.
        kind: what the number is.
        dated_by: the field that a period refers to.
        is_ratio: told as a percentage.
        unit: e.g. "days".
        less_is_better: "best" means the smallest.
        additive: group values add up to the total.
    """

    name: str
    entity: str
    measure: Measure
    formula: str
    words: tuple[str, ...]
    kind: Kind
    dated_by: str | None
    is_ratio: bool = False
    unit: str | None = None
    less_is_better: bool = False
    additive: bool = True


def _stage(*kinds: StageKind) -> Filter:
    return Condition(field="stage.kind", op="in", value=[str(kind) for kind in kinds])


WON, LOST, OPEN = _stage(StageKind.WON), _stage(StageKind.LOST), _stage(StageKind.OPEN)
CLOSED = _stage(StageKind.WON, StageKind.LOST)


def _count(where: Filter) -> Measure:
    return Measure(fn="count", where=where)


_ALL = (
    Metric(
        name="bookings",
        entity="deal",
        measure=Measure(fn="sum", field="amount", where=WON),
        formula="sum of the amounts of won deals, by close date",
        words=(
            "bookings",
            "revenue",
            "sales",
            "won revenue",
            "won amount",
            "sales revenue",
            "money won",
            "income",
        ),
        kind=Kind.MONEY,
        dated_by="closed_on",
    ),
    Metric(
        name="deals_won",
        entity="deal",
        measure=_count(WON),
        formula="number of won deals, by close date",
        words=("deals won", "wins", "won deals", "win count"),
        kind=Kind.INTEGER,
        dated_by="closed_on",
    ),
    Metric(
        name="deals_lost",
        entity="deal",
        measure=_count(LOST),
        formula="number of lost deals, by close date",
        words=("deals lost", "losses", "lost deals"),
        kind=Kind.INTEGER,
        dated_by="closed_on",
        less_is_better=True,
    ),
    Metric(
        name="win_rate",
        entity="deal",
        measure=Measure(fn="count", where=WON, over=_count(CLOSED)),
        formula="won / (won + lost), by close date",
        words=(
            "win rate",
            "close rate",
            "closing rate",
            "success rate",
            "hit rate",
            "winning percentage",
            "win ratio",
        ),
        kind=Kind.DECIMAL,
        dated_by="closed_on",
        is_ratio=True,
        additive=False,
    ),
    Metric(
        name="loss_rate",
        entity="deal",
        measure=Measure(fn="count", where=LOST, over=_count(CLOSED)),
        formula="lost / (won + lost), by close date",
        words=("loss rate", "lose rate", "losing rate", "loss ratio"),
        kind=Kind.DECIMAL,
        dated_by="closed_on",
        is_ratio=True,
        less_is_better=True,
        additive=False,
    ),
    Metric(
        name="average_deal_size",
        entity="deal",
        measure=Measure(fn="avg", field="amount", where=WON),
        formula="mean amount of won deals, by close date",
        words=(
            "average deal size",
            "average deal value",
            "average won deal",
            "average contract value",
            "acv",
        ),
        kind=Kind.MONEY,
        dated_by="closed_on",
        additive=False,
    ),
    Metric(
        name="sales_cycle_days",
        entity="deal",
        measure=Measure(fn="avg", field="duration_days", where=WON),
        formula="mean days from start to close of won deals, by close date",
        words=(
            "sales cycle",
            "sales cycle length",
            "time to close",
            "days to close",
            "cycle time",
            "time to win",
        ),
        kind=Kind.DECIMAL,
        dated_by="closed_on",
        unit="days",
        less_is_better=True,
        additive=False,
    ),
    Metric(
        name="pipeline",
        entity="deal",
        measure=Measure(fn="sum", field="amount", where=OPEN),
        formula="sum of the amounts of open deals, by expected close date",
        words=("pipeline", "pipeline value", "open pipeline", "open amount", "funnel value"),
        kind=Kind.MONEY,
        dated_by="closes_on",
    ),
    Metric(
        name="weighted_pipeline",
        entity="deal",
        measure=Measure(fn="sum", field="amount", weight="stage.probability_pct", where=OPEN),
        formula="sum of amount × stage probability of open deals, by expected close date",
        words=("weighted pipeline", "weighted forecast", "expected revenue", "probability-weighted pipeline"),
        kind=Kind.MONEY,
        dated_by="closes_on",
    ),
    Metric(
        name="order_revenue",
        entity="order",
        measure=Measure(fn="sum", field="amount"),
        formula="sum of order amounts, by order date",
        words=("order revenue", "purchases", "order volume"),
        kind=Kind.MONEY,
        dated_by="ordered_on",
    ),
)

METRICS: dict[str, Metric] = {metric.name: metric for metric in _ALL}
