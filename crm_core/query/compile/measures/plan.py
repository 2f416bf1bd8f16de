"""What a measure is made of: its aggregates, its kind, what it is called."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from crm_core.errors import Invalid
from crm_core.models import Kind
from crm_core.money import exact_minor
from crm_core.query.compile import values
from crm_core.query.compile.context import Money
from crm_core.query.metrics import Metric
from crm_core.query.spec import All, Condition, Filter, Function, Measure, Scalar
from crm_core.schema import DATES, NUMERIC, Field, Path, Schema, pluralize

COUNT = Measure(fn="count")


@dataclass(frozen=True)
class Leaf:
    """One aggregate: a function of a field over the records that match every one of `where`."""

    fn: Function
    path: Path | None = None
    weight: str | None = None
    where: tuple[Filter, ...] = ()

    @property
    def kind(self) -> Kind:
        """What the aggregate is."""
        if self.path is None or self.fn == "count":
            return Kind.INTEGER
        kind = self.path.field.kind
        return Kind.DECIMAL if kind is not Kind.MONEY and self.fn in ("avg", "median") else kind

    @property
    def leaves_out(self) -> bool:
        """Whether records without a value silently drop out of it."""
        return self.path is not None and self.fn in ("sum", "avg", "median")


@dataclass(frozen=True)
class Plan:
    """A measure made plain: an aggregate or the ratio of two, and how the result is to be told."""

    name: str
    label: str
    top: Leaf
    bottom: Leaf | None
    kind: Kind
    is_ratio: bool = False
    unit: str | None = None
    share: bool = False
    of_group: str | None = None  # "within" of the measure
    running: bool = False
    rank: Literal["highest", "lowest"] | None = None
    growth: bool = False

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """Its aggregates."""
        return (self.top,) if self.bottom is None else (self.top, self.bottom)

    @property
    def is_total(self) -> bool:
        """Whether it adds up records, so that no record means none of it."""
        return self.bottom is None and self.top.fn in ("count", "sum")

    def within(self, where: Filter) -> "Plan":
        """The same over fewer records."""
        top, *bottom = (replace(leaf, where=(*leaf.where, where)) for leaf in self.leaves)
        return replace(self, top=top, bottom=bottom[0] if bottom else None)

    def check_number(self, use: str) -> None:
        """Refuse what only numbers are good for."""
        if self.kind in DATES:
            raise Invalid(f"{self.name} is a date, so it cannot be {use}.")

    def bound(self, number: float, money: Money) -> Any:
        """A number to compare the measure with, in its own unit."""
        self.check_number("compared with a number")
        exact = Decimal(str(number))
        if not exact.is_finite() or abs(exact) > Decimal(10) ** 15:
            raise Invalid(f"{self.name} cannot be compared with {number!r}; give a usual number.")
        is_money = self.kind is Kind.MONEY and not self.share
        return values.bindable(exact_minor(exact, money.currency) if is_money else exact)


def plan(schema: Schema, entity: str, measure: Measure) -> Plan:
    """What a measure over an entity means.

    Raises:
        Invalid: it names both a metric and a function, or neither, or a field that the function cannot take.
    """
    plain = _plan(schema, entity, measure)
    if measure.within is not None:
        _check_within(plain)
    if not measure.growth:
        return plain
    plain.check_number("compared with the period before")
    return replace(plain, label=f"change of {plain.label}", kind=Kind.DECIMAL, unit=None, growth=True)


def _check_within(one: Plan) -> None:
    if one.share or one.running or one.rank:
        raise Invalid(f"{one.name} within a field is no share, place or running total as well.")
    if any(leaf.fn not in ("count", "sum", "avg") or (leaf.fn == "count" and leaf.path) for leaf in one.leaves):
        raise Invalid(f"{one.name} cannot be put together from its groups; a sum, a count, an average or a rate can.")


def _plan(schema: Schema, entity: str, measure: Measure) -> Plan:
    if measure.metric is not None:
        return _metric(schema, entity, measure)
    if measure.fn is None:
        raise Invalid("A measure needs a function (count, sum, avg, min, max, median) or a metric.")
    top = _leaf(schema, entity, measure)
    if measure.over is None:
        return _told(schema, entity, measure, top, None)
    return _told(schema, entity, measure, top, _denominator(schema, entity, measure.over))


def _denominator(schema: Schema, entity: str, over: Measure) -> Leaf:
    below = plan(schema, entity, over)
    if below.bottom is not None or below.share or below.of_group or below.running or below.rank or below.kind in DATES:
        raise Invalid("The denominator of a ratio is a plain number, not a ratio, share, place, running total or date.")
    return below.top


def _metric(schema: Schema, entity: str, measure: Measure) -> Plan:
    assert measure.metric is not None
    metric = schema.metric(measure.metric)
    if measure.fn or measure.field or measure.weight:
        raise Invalid(f"A measure is a metric ({metric.name}) or a function of a field, not both.")
    if metric.entity != entity:
        raise Invalid(f"{metric.name} is measured over {metric.entity}, not {entity}: ask about that instead.")
    base = metric.measure
    where = [part for part in (base.where, measure.where) if part is not None]
    top = replace(_leaf(schema, entity, base), where=tuple(where))
    if measure.over is not None and base.over is not None:
        raise Invalid(f"{metric.name} is a ratio already; it cannot be divided again.")
    if measure.over is not None:
        return _told(schema, entity, measure, top, _denominator(schema, entity, measure.over))
    bottom = None if base.over is None else _denominator(schema, entity, base.over)
    if bottom is not None and measure.where is not None:
        bottom = replace(bottom, where=(*bottom.where, measure.where))
    return _as_metric(measure, metric, top, bottom)


def _as_metric(measure: Measure, metric: Metric, top: Leaf, bottom: Leaf | None) -> Plan:
    return Plan(
        name=measure.name or metric.name,
        label=_spoken(measure.name) or metric.words[0],
        top=top,
        bottom=bottom,
        kind=_shown_as(measure) or metric.kind,
        is_ratio=not measure.rank and (metric.is_ratio or measure.share),
        unit=None if _shown_as(measure) else metric.unit,
        share=measure.share,
        of_group=measure.within,
        running=measure.running,
        rank=measure.rank,
    )


def _shown_as(measure: Measure) -> Kind | None:
    """What a share and a place are, whatever they are of; None: as what is measured."""
    return Kind.INTEGER if measure.rank else Kind.DECIMAL if measure.share else None


def _leaf(schema: Schema, entity: str, measure: Measure) -> Leaf:
    fn, where = measure.fn, () if measure.where is None else (measure.where,)
    assert fn is not None
    if measure.field is None:
        if fn != "count" or measure.weight:
            raise Invalid(f"{fn} needs a field; only count works without one.")
        return Leaf(fn, where=where)
    path = schema.path(entity, measure.field)
    _check(fn, path.field)
    if measure.weight is not None:
        _check_weight(schema, entity, fn, measure.weight, path.field)
    return Leaf(fn, path, measure.weight, where)


def _check(fn: Function, field: Field) -> None:
    if fn == "count" or (fn in ("min", "max") and field.kind in DATES):
        return
    if field.kind not in NUMERIC:
        can = "min, max and count" if field.kind in DATES else "count"
        raise Invalid(f"{field.entity}.{field.name} is no number, so {fn} does not work on it; {can} would.")


def _check_weight(schema: Schema, entity: str, fn: Function, weight: str, field: Field) -> None:
    by = schema.path(entity, weight).field
    if by.kind is not Kind.PERCENT or fn not in ("sum", "avg") or field.kind not in NUMERIC:
        raise Invalid(f"A weight is a percent field and weighs a sum or avg; {weight} with {fn} does not fit.")


def _told(schema: Schema, entity: str, measure: Measure, top: Leaf, bottom: Leaf | None) -> Plan:
    kind, is_ratio = _ratio_kind(top, bottom, in_percent=measure.percent)
    if top.kind in DATES and (bottom is not None or measure.share or measure.running or measure.rank):
        raise Invalid("A date has no share, ratio, place or running total; ask for the date itself.")
    field = top.path.field if top.path and top.fn != "count" and bottom is None else None
    return Plan(
        name=measure.name or _name(top, bottom),
        label=_called(measure.name, _name(top, bottom)) or _label(schema, entity, top, bottom),
        top=top,
        bottom=bottom,
        kind=_shown_as(measure) or kind,
        is_ratio=not measure.rank and (is_ratio or measure.share or bool(field and field.is_ratio and top.fn != "sum")),
        unit=field.unit if field and not _shown_as(measure) else None,
        share=measure.share,
        of_group=measure.within,
        running=measure.running,
        rank=measure.rank,
    )


def _ratio_kind(top: Leaf, bottom: Leaf | None, *, in_percent: bool) -> tuple[Kind, bool]:
    """What a quotient is: money for each, a part of a whole (told in percent), or so many for one (a number)."""
    if bottom is None:
        return top.kind, False
    if top.kind is Kind.MONEY and bottom.kind is not Kind.MONEY:
        return Kind.MONEY, False
    return Kind.DECIMAL, top.kind is bottom.kind and (in_percent or _is_among(top, bottom))


def _is_among(top: Leaf, bottom: Leaf) -> bool:
    """Whether the records above are some of those below: won ones of all ended ones, and not open ones to won ones."""
    held = [one for part in top.where for one in _parts(part)]
    return all(any(_implies(one, test) for one in held) for part in bottom.where for test in _parts(part))


def _parts(where: Filter) -> list[Filter]:
    return where.all if isinstance(where, All) else [where]


def _implies(one: Filter, test: Filter) -> bool:
    if not isinstance(one, Condition) or not isinstance(test, Condition) or one.field != test.field:
        return one == test
    plain = {one.op, test.op} <= {"eq", "in"} and one.answer is None and test.answer is None
    return one == test or (plain and set(_values(one)) <= set(_values(test)))


def _values(test: Condition) -> list[Scalar | None]:
    return list(test.value) if isinstance(test.value, list) else [test.value]


def _name(top: Leaf, bottom: Leaf | None) -> str:
    own = top.fn if top.path is None else f"{top.fn}_{top.path.dotted.replace('.', '_')}"
    return own if bottom is None else f"{own}_per_{_name(bottom, None)}"


_WORDS = {"sum": "total", "avg": "average", "min": "lowest", "max": "highest", "median": "median"}


def _label(schema: Schema, entity: str, top: Leaf, bottom: Leaf | None) -> str:
    if top.path is None:
        own = f"number of {pluralize(schema.entity(entity).words[0])}"
    elif top.fn == "count":
        own = f"number of different {pluralize(top.path.field.label)}"
    else:
        extreme = {"min": "earliest", "max": "latest"} if top.path.field.is_date else {}
        weighted = "weighted " if top.weight else ""
        own = f"{extreme.get(top.fn, _WORDS[top.fn])} {weighted}{top.path.field.label}"
    return own if bottom is None else f"{own} per {_label(schema, entity, bottom, None)}"


def _called(name: str | None, usual: str) -> str | None:
    """A name that somebody chose, as words; the usual name of a function says less than its label."""
    return _spoken(name) if name != usual else None


def _spoken(name: str | None) -> str | None:
    return name.replace("_", " ") if name else None
