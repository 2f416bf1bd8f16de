"""How a field that no record holds is worked out."""

from dataclasses import dataclass

from crm_core.query.spec import All, Condition, Filter, Measure


@dataclass(frozen=True)
class DaysBetween:
    """Whole days from one date field to another.

    Attributes:
        start: the field.
        end: the other; None: the day of the question.
        or_today: until the day of the question where the other is missing.
    """

    start: str
    end: str | None
    or_today: bool = False


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
class LineTotal:
    """Units times the price of one, less a discount; None where the units or the price are missing."""

    units: str
    price: str
    discount_pct: str


@dataclass(frozen=True)
class FirstOf:
    """The first of these that is neither missing nor 0, else the last."""

    rules: tuple[OverChildren, ...]


@dataclass(frozen=True)
class Quintile:
    """Which fifth a record is in by a field, of all that the asker may see: 5 holds the largest.

    Equal ones are in one fifth, that of their middle. Only records that have the field `among` count.
    """

    of: str
    among: str


@dataclass(frozen=True)
class Cases:
    """The value of the first test that holds, in words; `otherwise` where none does."""

    cases: tuple[tuple[str, Filter], ...]
    otherwise: str | None = None

    @property
    def values(self) -> tuple[str, ...]:
        """All that it may be."""
        return tuple(dict.fromkeys([value for value, _ in self.cases] + ([self.otherwise] if self.otherwise else [])))


@dataclass(frozen=True)
class OfScore:
    """A column of the record's latest score; None where it was never scored, or ended."""

    column: str


Rule = DaysBetween | OverChildren | Quotient | LineTotal | FirstOf | Quintile | Cases | OfScore


def named_by(rule: Rule) -> tuple[str, ...]:
    """The fields of the same record that a rule is worked out from."""
    if isinstance(rule, DaysBetween):
        return (rule.start, *([rule.end] if rule.end else []))
    if isinstance(rule, Quotient):
        return (rule.numerator, rule.denominator)
    if isinstance(rule, LineTotal):
        return (rule.units, rule.price, rule.discount_pct)
    if isinstance(rule, Quintile):
        return (rule.of, rule.among)
    return tuple(name for _, test in rule.cases for name in _tested(test)) if isinstance(rule, Cases) else ()


def _tested(where: Filter) -> tuple[str, ...]:
    parts = where.all if isinstance(where, All) else [where]
    return tuple(part.field for part in parts if isinstance(part, Condition))
