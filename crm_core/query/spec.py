"""QuerySpec: the one question language (DESIGN 3.2).

A language model fills it, the offline planner emits it, REST and MCP accept it, saved segments store it and eval
cases state it. It is plain data: names are checked when it is compiled, against the registry of the store at hand.
Dates are absolute. Amounts are in major units (1,250.5 is 1,250.50 of the currency), as people write them.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

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
    """`field` `op` `value`.

    `ne` and `not_in` keep records without a value (not in the US includes "no country"), as people mean it.
    `between` takes [low, high], both inclusive. `empty`/`not_empty` take no value. A reference compares by the
    target's title or id. `under` is a tree test: the record itself or anything below it (an account and its
    subsidiaries, a manager's whole team). `other` compares with another field instead of a value.

    `answer` compares with what another question gives: gt, lt … with its one number ("larger than the average won
    deal"), in and not_in with the records it lists or the values it groups by ("of the rep with the most wins").
    """

    field: str
    op: Op = "eq"
    value: Scalar | list[Scalar] | None = None
    other: str | None = Field(None, description="a field to compare with, instead of value")
    answer: "QuerySpec | None" = None


class All(Part):
    """Every one of these holds."""

    all: list["Filter"]


class Any(Part):
    """At least one of these holds."""

    any: list["Filter"]


class Not(Part):
    """This does not hold."""

    none: "Filter" = Field(alias="not")
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)


class Children(Part):
    """A test on child records: how many of them (that match `where`) there are, or a measure over them.

    Without `op` it asks for at least one; "accounts with no won deal in December" is `op: eq, value: 0`.
    """

    children: str = Field(description='the relation, e.g. "deals", "interactions", "subsidiaries"')
    where: "Filter | None" = None
    measure: "Measure | None" = Field(None, description="compared instead of the number of children")
    op: Literal["eq", "ne", "gt", "ge", "lt", "le"] = "ge"
    value: float = 1


def _which(value: object) -> str:
    keys = value.keys() if isinstance(value, dict) else type(value).model_fields.keys()  # type: ignore[attr-defined]
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


Filter = Annotated[
    Annotated[Condition, Tag("condition")]
    | Annotated[All, Tag("all")]
    | Annotated[Any, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[Children, Tag("children")],
    Discriminator(_which),
]


class Measure(Part):
    """A number over the records: `fn` of a field, a named metric, or the ratio of two measures.

    Attributes:
        fn: `count` without a field counts records; with a field it counts distinct values.
        field: what `fn` is taken of.
        weight: a percent field that each value is multiplied by first.
        metric: a named metric (see `describe_data`); then `fn` and `field` stay empty.
        where: only over records that match, beside the spec's own filter.
        over: the denominator of a ratio; both are measured on the same group.
        share: as a fraction of the total over all groups.
        running: as a running total over the groups in their order.
        rank: as its place among all the groups, 1 for the highest or the lowest; equal ones share a place.
        growth: as its change since the period before: (this - last) / last, of a rate this - last.
        name: the column's name in the result and for `order_by` and `having`.
    """

    fn: Function | None = None
    field: str | None = None
    weight: str | None = None
    metric: str | None = None
    where: Filter | None = None
    over: "Measure | None" = None
    share: bool = False
    running: bool = False
    rank: Literal["highest", "lowest"] | None = None
    growth: bool = False
    name: str | None = None


class Group(Part):
    """A field to group by; dates need a bucket. `cuts` puts a number into bands: [31, 61] are under 31, 31-60, 61+."""

    field: str
    bucket: Bucket | None = None
    cuts: list[float] = []


class Order(Part):
    """Sort by a measure's name, a grouped field or (in a list) any field. Missing values come last."""

    by: str
    descending: bool = False


class Having(Part):
    """A test on a group's measure (by its name), or `eq` on a grouped field: then only this group is told.

    Shares and ranks are those among all groups, whatever is told. `answer` compares with the one number that another
    question gives: the average over the groups, or the measure of one of them.
    """

    measure: str
    op: Literal["eq", "ne", "gt", "ge", "lt", "le"]
    value: float | str | None = None
    answer: "QuerySpec | None" = None


class TopPer(Part):
    """Keep the first `limit` rows of each value of `field` (a grouped field), in `order_by`'s order."""

    field: str
    limit: int = Field(1, ge=1, le=100)


class Period(Part):
    """A span of one date field; both ends inclusive, None: open."""

    field: str
    since: str | None = None
    until: str | None = None


class Side(Part):
    """Some of the records, by a filter, with a name to be told by."""

    where: Filter
    name: str | None = None


class Compare(Part):
    """Measure two periods, or two parts of the records, side by side.

    Each measure then gets the columns `<name>@base`, `<name>@against`, `<name>@difference` (against - base) and
    `<name>@change` ((against - base) / base); of a rate only the difference is told, as `<name>@change`. `having` and
    `order_by` may name them. "Who won more in Q4 than in Q3" is base Q3, against Q4, having `deals_won@difference` > 0.
    """

    base: Period | Side
    against: Period | Side


class QuerySpec(Part):
    """A question about CRM records.

    Without measures it lists records (`columns`, or the entity's usual ones). With measures it gives one row, or one
    row a group. `summary` folds the groups' first measure into one number after order and limit: the average per
    rep, the share of the ten largest, `count` of groups that pass `having`, `gap` between the first and the second,
    `spread` between the highest and the lowest.
    """

    entity: str
    where: Filter | None = None
    group_by: list[Group] = []
    measures: list[Measure] = []
    having: list[Having] = []
    order_by: list[Order] = []
    limit: int | None = Field(None, ge=1, le=10_000)
    offset: int = Field(0, ge=0)
    with_ties: bool = Field(False, description="keep further rows that tie with the last one of `limit`")
    columns: list[str] = []
    distinct: bool = Field(False, description="list each combination of columns once")
    top_per: TopPer | None = None
    compare_to: Compare | None = None
    summary: Literal["avg", "median", "sum", "min", "max", "count", "gap", "spread"] | None = None


for _part in (Condition, All, Any, Not, Children, Measure, Having, Side, Compare, QuerySpec):
    _part.model_rebuild()
