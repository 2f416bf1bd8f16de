"""QuerySpec: the one question language.

A language model fills it, the offline planner emits it, REST and MCP accept it, saved segments store it and eval
cases state it. It is plain data: names are checked when it is compiled, against the registry of the store at hand.
Dates are absolute. Amounts are in major units (1,250.5 is 1,250.50 of the currency), as people write them.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag
from typing_extensions import TypeAliasType

Scalar = str | int | float | bool
Op = Literal[
    "eq",
    "ne",
    "in",
    "not_in",
    "gt",
    "ge",
    "lt",
    "le",
    "between",
    "contains",
    "starts_with",
    "empty",
    "not_empty",
    "under",
]
Bucket = Literal["day", "week", "month", "quarter", "half", "year", "weekday"]
Function = Literal["count", "sum", "avg", "min", "max", "median"]


class Part(BaseModel):
    """Base of every part of a spec: frozen, nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(Part):
    """A test of a field.

    `ne` and `not_in` keep records without a value. `between` takes [low, high], inclusive. A reference compares by
    title or id. `under`: the record or anything below it (a manager's team). `answer`: what another question gives,
    for gt, lt … its one number, for in and not_in the records it lists or the values it groups by.
    """

    field: str
    op: Op = "eq"
    value: Scalar | list[Scalar] | None = None
    other: str | None = Field(None, description="a field, instead of value")
    answer: "QuerySpec | None" = None


class All(Part):
    # Each of these holds.
    all: list["Filter"]


class Any(Part):
    # One of these holds.
    any: list["Filter"]


class Not(Part):
    # This does not hold.
    none: "Filter" = Field(alias="not")
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)


class Children(Part):
    """A test of child records ("deals"): how many there are (none: `op: eq, value: 0`), or a `measure` over them."""

    children: str
    where: "Filter | None" = None
    measure: "Measure | None" = None
    op: Literal["eq", "ne", "gt", "ge", "lt", "le"] = "ge"
    value: float = 1


def _which(value: object) -> str:
    keys = value.keys() if isinstance(value, dict) else getattr(type(value), "model_fields", {}).keys()
    for key, tag in (
        ("all", "all"),
        ("any", "any"),
        ("not", "not"),
        ("none", "not"),
        ("children", "children"),
    ):
        if key in keys:
            return tag
    return "condition"


# A named alias, so that its JSON schema stands once under this name and not at each place that takes a filter.
Filter = TypeAliasType(
    "Filter",
    Annotated[
        Annotated[Condition, Tag("condition")]
        | Annotated[All, Tag("all")]
        | Annotated[Any, Tag("any")]
        | Annotated[Not, Tag("not")]
        | Annotated[Children, Tag("children")],
        Discriminator(_which),
    ],
)


class Measure(Part):
    """A number over the records: `fn` of a field, a named metric, or the ratio of two measures.

    Attributes:
        fn: `count` of a field counts distinct values.
        weight: a percent field to multiply by.
        metric: instead of `fn` and `field`.
        over: denominator of a ratio.
        share: of all groups' total.
        within: of all groups with its value of this field.
        running: a running total.
        rank: place among the groups.
        growth: change since the period before.
        name: of the column, for `order_by` and `having`.
    """

    fn: Function | None = None
    field: str | None = None
    weight: str | None = None
    metric: str | None = None
    where: Filter | None = None
    over: "Measure | None" = None
    percent: bool = False  # a ratio told so also where it is no part of a whole
    share: bool = False
    within: str | None = None
    running: bool = False
    rank: Literal["highest", "lowest"] | None = None
    growth: bool = False
    name: str | None = None


class Side(Part):
    # Some of the records.
    where: Filter
    name: str | None = None


class Group(Part):
    """Dates need a bucket. `cuts` makes bands: [31, 61] are under 31, 31-60, 61+.

    `sides`: named tests; the first passed counts.
    """

    field: str
    bucket: Bucket | None = None
    cuts: list[float] = []
    sides: list[Side] = []


class Order(Part):
    # By a measure's name, a grouped field or, in a list, any field; missing values come last.
    by: str
    descending: bool = False


class Having(Part):
    """A test of a group's measure (by its name), or `eq` on a grouped field: then only this group is told."""

    measure: str
    op: Literal["eq", "ne", "gt", "ge", "lt", "le"]
    value: float | str | None = None
    other: str | None = None  # a measure's name, instead of value
    answer: "QuerySpec | None" = None


class TopPer(Part):
    """The first `limit` rows of each value of a grouped `field`."""

    field: str
    limit: int = Field(1, ge=1, le=100)


class Period(Part):
    # A span of one date field, both ends inclusive.
    field: str
    since: str | None = None
    until: str | None = None


class Compare(Part):
    """Two periods, or two parts of the records, side by side.

    A measure then has the columns `<name>@base`, `@against`, `@difference` (against - base) and `@change`
    (difference / base; of a rate the difference), for `having` and `order_by` too.
    """

    base: Period | Side
    against: Period | Side


class QuerySpec(Part):
    """Without measures it lists records (`columns`, or the usual ones); with measures it gives one row, or one a group.

    `summary` folds the groups' first measure into one number after order and limit: the average per rep, `count` of
    groups that pass `having`, `gap` between the first two, `spread` of highest and lowest.
    """

    entity: str
    where: Filter | None = None
    group_by: list[Group] = []
    measures: list[Measure] = []
    having: list[Having] = []
    order_by: list[Order] = []
    limit: int | None = Field(None, ge=1, le=10_000)
    limit_pct: float | None = Field(None, gt=0, le=100)  # of the groups, rounded up
    offset: int = Field(0, ge=0)
    with_ties: bool = False  # also rows that tie with the last one
    columns: list[str] = []
    distinct: bool = False  # each combination of columns once
    top_per: TopPer | None = None
    compare_to: Compare | None = None
    summary: Literal["avg", "median", "sum", "min", "max", "count", "gap", "spread"] | None = None


for _part in (Condition, All, Any, Not, Children, Measure, Side, Group, Having, Compare, QuerySpec):
    _part.model_rebuild()
