"""Fields that are worked out, declared like any other so that they can be asked about, filtered and sorted by."""

from dataclasses import dataclass
from functools import cache

from crm_core.models import Kind
from crm_core.query.metrics import OPEN, WON
from crm_core.query.rules import (
    Cases,
    DaysBetween,
    FirstOf,
    LineTotal,
    OfScore,
    OverChildren,
    Quintile,
    Quotient,
    Rule,
    named_by,
)
from crm_core.query.spec import All, Condition, Filter, Function, Measure

SCORED = ("lead", "deal")  # kinds of records that have scores


@dataclass(frozen=True)
class Derived:
    """A worked-out field of an entity. Attributes as in `crm_core.schema.Field`."""

    entity: str
    name: str
    kind: Kind
    words: tuple[str, ...]
    rule: Rule
    unit: str | None = None
    is_ratio: bool = False


def _last_touch(entity: str) -> Derived:
    return Derived(
        entity,
        "last_interaction_at",
        Kind.DATE,
        ("last interaction", "last contact", "last activity", "last touch", "last contacted"),
        OverChildren("interactions", Measure(fn="max", field="happened_on")),
    )


def _open_deals(entity: str) -> Derived:
    return Derived(
        entity,
        "open_deal_count",
        Kind.INTEGER,
        ("number of open deals", "open deal count"),
        OverChildren("deals", Measure(fn="count"), OPEN),
    )


def _won_amount(entity: str) -> Derived:
    return Derived(
        entity,
        "won_amount",
        Kind.MONEY,
        ("amount won", "won amount"),
        OverChildren("deals", Measure(fn="sum", field="amount"), WON),
    )


def _is(field: str, op: str, value: float) -> Filter:
    return Condition.model_validate({"field": field, "op": op, "value": value})


def _both(*tests: Filter) -> Filter:
    return All(all=list(tests))


# A purchase is an order; of a customer without orders, a won deal.
ACTIVE_DAYS, LOYAL_PURCHASES = 180, 3
_LATE, _OFTEN, _RARE = _is("recency", "le", 2), _is("frequency", "ge", 4), _is("frequency", "le", 2)
LIFECYCLE = Cases(
    (
        ("potential", Condition(field="last_purchase_on", op="empty")),
        ("at risk", _is("days_since_purchase", "gt", ACTIVE_DAYS)),
        ("loyal", _is("purchase_count", "ge", LOYAL_PURCHASES)),
    ),
    otherwise="active",
)
RFM_SEGMENT = Cases(
    (
        ("no buyers yet", Condition(field="frequency", op="empty")),
        ("champions", _both(_is("recency", "ge", 4), _OFTEN)),
        ("loyal buyers", _both(_is("recency", "ge", 3), _is("frequency", "ge", 3))),
        ("new buyers", _both(_is("recency", "eq", 5), _RARE)),
        ("promising buyers", _both(_is("recency", "ge", 3), _RARE)),
        ("must not lose", _both(_LATE, _OFTEN, _is("monetary", "ge", 4))),
        ("slipping away", _both(_LATE, _is("frequency", "ge", 3))),
    ),
    otherwise="asleep",
)


def _purchases(order: Measure, deal: Measure) -> FirstOf:
    """A measure over a customer's orders; over the won deals of one without orders."""
    return FirstOf((OverChildren("orders", order), OverChildren("deals", deal, WON)))


def _fifth(name: str, of: str) -> Derived:
    return Derived(
        "account", name, Kind.INTEGER, (f"{name} score", f"{name} quintile"), Quintile(of, among="last_purchase_on")
    )


def _bought(fn: Function) -> FirstOf:
    return _purchases(Measure(fn=fn, field="ordered_on"), Measure(fn=fn, field="closed_on"))


_BUYING: tuple[Derived, ...] = (
    Derived("account", "first_purchase_on", Kind.DATE, ("first purchase", "customer since"), _bought("min")),
    Derived("account", "last_purchase_on", Kind.DATE, ("last purchase", "latest purchase"), _bought("max")),
    Derived(
        "account",
        "days_since_purchase",
        Kind.INTEGER,
        ("days since last purchase", "days since the last purchase"),
        DaysBetween("last_purchase_on", None),
        unit="days",
    ),
    Derived(
        "account",
        "purchase_count",
        Kind.INTEGER,
        ("number of purchases", "purchase count"),
        _purchases(Measure(fn="count"), Measure(fn="count")),
    ),
    Derived(
        "account",
        "purchase_amount",
        Kind.MONEY,
        ("amount purchased", "total purchases"),
        _purchases(Measure(fn="sum", field="amount"), Measure(fn="sum", field="amount")),
    ),
    _fifth("recency", "last_purchase_on"),
    _fifth("frequency", "purchase_count"),
    _fifth("monetary", "purchase_amount"),
    Derived("account", "rfm_segment", Kind.CHOICE, ("rfm segment", "rfm"), RFM_SEGMENT),
    Derived("account", "lifecycle", Kind.CHOICE, ("lifecycle", "lifecycle stage", "customer lifecycle"), LIFECYCLE),
)


def _score(entity: str) -> tuple[Derived, ...]:
    return (
        Derived(entity, "score", Kind.INTEGER, ("score",), OfScore("score")),
        Derived(entity, "grade", Kind.CHOICE, ("grade",), OfScore("grade")),
        Derived(entity, "scored_on", Kind.DATE, ("scored on", "score date"), OfScore("scored_on")),
    )


DERIVED: tuple[Derived, ...] = (
    Derived("deal", "age_days", Kind.INTEGER, ("age", "days open"), DaysBetween("started_on", None), unit="days"),
    Derived(
        "deal",
        "duration_days",
        Kind.INTEGER,
        ("duration", "days to close", "time to close"),
        DaysBetween("started_on", "closed_on"),
        unit="days",
    ),
    Derived(
        "deal",
        "stage_since",
        Kind.DATE,
        ("in stage since",),
        OverChildren("stage_changes", Measure(fn="max", field="changed_on")),
    ),
    Derived(
        "deal",
        "days_in_stage",
        Kind.INTEGER,
        ("days in stage", "time in stage"),
        DaysBetween("stage_since", None),
        "days",
    ),
    Derived(
        "deal",
        "price_ratio",
        Kind.DECIMAL,
        ("percent of list price", "price realization", "share of list price"),
        Quotient("amount", "product.list_price"),
        is_ratio=True,
    ),
    Derived(
        "deal_line",
        "amount",
        Kind.MONEY,
        ("line amount", "line total"),
        LineTotal("quantity", "unit_price", "discount_pct"),
    ),
    Derived("lead", "age_days", Kind.INTEGER, ("age",), DaysBetween("created_on", None), unit="days"),
    Derived(
        "task",
        "overdue_days",
        Kind.INTEGER,
        ("days overdue",),
        DaysBetween("due_on", "done_on", or_today=True),
        unit="days",
    ),
    *(_last_touch(entity) for entity in ("account", "contact", "deal", "lead")),
    *(_open_deals(entity) for entity in ("account", "user", "product")),
    *(_won_amount(entity) for entity in ("account", "user", "product")),
    *_BUYING,
    *(field for entity in SCORED for field in _score(entity)),
)


@cache
def rests_on_all(entity: str, name: str) -> bool:
    """Whether a field tells how a record stands among all others, so that each of them has to be looked at."""
    rule = next((one.rule for one in DERIVED if (one.entity, one.name) == (entity, name)), None)
    if rule is None or isinstance(rule, Quintile):
        return rule is not None
    return any(rests_on_all(entity, one) for one in named_by(rule))
