"""Fields that are worked out, declared like any other so that they can be asked about, filtered and sorted by."""

from dataclasses import dataclass

from crm_core.models import Kind
from crm_core.query.metrics import OPEN, WON
from crm_core.query.spec import Filter, Measure

SCORED = ("lead", "deal")  # kinds of records that have scores


@dataclass(frozen=True)
class DaysBetween:
    """Whole days from one date field to another, or to the day of the question when `end` is None."""

    start: str
    end: str | None


@dataclass(frozen=True)
class OverChildren:
    """A measure over child records."""

    children: str
    measure: Measure
    where: Filter | None = None


@dataclass(frozen=True)
class Quotient:
    """One field divided by another; None where either is missing or the second is 0."""

    numerator: str
    denominator: str


@dataclass(frozen=True)
class OfScore:
    """A column of the record's latest score; None where it was never scored, or ended."""

    column: str


@dataclass(frozen=True)
class Derived:
    """A worked-out field of an entity. Attributes as in `crm_core.schema.Field`."""

    entity: str
    name: str
    kind: Kind
    words: tuple[str, ...]
    rule: DaysBetween | OverChildren | Quotient | OfScore
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
        unit="days",
    ),
    Derived(
        "deal",
        "price_ratio",
        Kind.DECIMAL,
        ("percent of list price", "price realization", "share of list price"),
        Quotient("amount", "product.list_price"),
        is_ratio=True,
    ),
    Derived("lead", "age_days", Kind.INTEGER, ("age",), DaysBetween("created_on", None), unit="days"),
    Derived("task", "overdue_days", Kind.INTEGER, ("days overdue",), DaysBetween("due_on", None), unit="days"),
    *(_last_touch(entity) for entity in ("account", "contact", "deal", "lead")),
    *(_open_deals(entity) for entity in ("account", "user", "product")),
    *(_won_amount(entity) for entity in ("account", "user", "product")),
    *(field for entity in SCORED for field in _score(entity)),
)
