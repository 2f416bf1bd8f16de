"""Named parts as groups, one measure of a group against another, the first percent of groups: worked out by hand."""

from decimal import Decimal as D

import pytest

from crm_core.errors import Invalid
from tests.crm_core.query.conftest import rows

WON = {"field": "stage.kind", "value": "won"}
BY_OWNER = [{"field": "owner"}]
SUM = {"fn": "sum", "field": "amount"}
COUNT = {"fn": "count"}


def side(name, **where):
    return {"name": name, "where": where}


WITH_PARENT = side("with", field="account.parent", op="not_empty")
WITHOUT_PARENT = side("without", field="account.parent", op="empty")
SMALL = side("small", field="amount", op="lt", value=100)
MID = side("mid", field="amount", op="between", value=[100, 200])
LARGE = side("large", field="amount", op="gt", value=200)


def quarter(since, until, name):
    return {**SUM, "name": name, "where": {"field": "closed_on", "op": "between", "value": [since, until]}}


Q1, Q2 = quarter("2017-01-01", "2017-03-31", "q1"), quarter("2017-04-01", "2017-06-30", "q2")

SHAPES = {
    "bands with names, in the order that they are given": (
        {"group_by": [{"field": "amount", "sides": [SMALL, MID, LARGE]}]},
        [("small", 2), ("mid", 2), ("large", 1), (None, 1)],
    ),
    "the first that holds counts": (
        {"group_by": [{"field": "amount", "sides": [side("any", field="amount", op="gt", value=0), LARGE]}]},
        [("any", 5), (None, 1)],
    ),
    "with and without a reference": (
        {"measures": [SUM], "where": {"field": "account", "op": "not_empty"},
         "group_by": [{"field": "account.parent", "sides": [WITH_PARENT, WITHOUT_PARENT]}]},
        [("with", D("80.00")), ("without", D("650.00"))],
    ),
    "beside a reference": (
        {"measures": [COUNT], "where": WON, "group_by": [{"field": "amount", "sides": [SMALL, LARGE]}, *BY_OWNER]},
        [("small", None, 1), ("large", "Bob", 1), (None, "Ann", 1)],
    ),
    "the first percent of the groups, rounded up": (
        {"measures": [SUM], "group_by": BY_OWNER, "order_by": [{"by": "sum_amount", "descending": True}],
         "limit_pct": 34},
        [("Ann", D("380.00")), ("Bob", D("300.00"))],
    ),
    "a rate of all groups with the same value": (
        {"measures": [{"metric": "win_rate"}, {"metric": "win_rate", "within": "owner.manager", "name": "team"}],
         "where": {"field": "owner", "op": "not_empty"},
         "group_by": [*BY_OWNER, {"field": "owner.manager"}],
         "having": [{"measure": "win_rate", "op": "gt", "other": "team"}]},
        [("Bob", "Celia Rouche", 1.0, pytest.approx(2 / 3))],
    ),
    "an average and a sum of them": (
        {"measures": [{"fn": "avg", "field": "amount", "within": "owner.manager", "name": "mean"},
                      {**SUM, "within": "owner.manager", "name": "all"}],
         "where": {"field": "owner", "value": "Ann"}, "group_by": [*BY_OWNER, {"field": "owner.manager"}]},
        [("Ann", "Celia Rouche", D("126.67"), D("380.00"))],
    ),
    "of days": (
        {"where": WON, "group_by": [{"field": "closed_on", "sides": [
            side("early", field="closed_on", op="lt", value="2017-04-01"),
            side("late", field="closed_on", op="ge", value="2017-04-01")]}]},
        [("early", 1), ("late", 2)],
    ),
    "one measure below another; a total of nothing is none": (
        {"measures": [Q1, Q2], "group_by": BY_OWNER, "having": [{"measure": "q1", "op": "lt", "other": "q2"}]},
        [("Bob", None, D("300.00")), (None, None, D("50.00"))],
    ),
    "one measure above another": (
        {"measures": [Q1, Q2], "group_by": BY_OWNER, "having": [{"measure": "q1", "op": "gt", "other": "q2"}]},
        [("Ann", D("100.00"), D("80.00"))],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("spec", "expected"), SHAPES.values(), ids=list(SHAPES))
def test_groups_by_sides_and_tests_of_two_measures(world, spec, expected):
    assert sorted(rows(world.ask("deal", **spec)), key=str) == sorted(expected, key=str)


def test_sides_stand_in_their_order(world):
    found = world.ask("deal", group_by=[{"field": "amount", "sides": [LARGE, SMALL, MID]}])

    assert [row.values[0] for row in found.rows] == ["large", "small", "mid", None]


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"group_by": [{"field": "amount", "sides": [SMALL], "cuts": [5]}]}, "only one of them"),
        ({"group_by": [{"field": "amount", "sides": [SMALL, {**LARGE, "name": "small"}]}]}, "a name each"),
        ({"limit_pct": 10}, "of groups"),
        ({"measures": [{**SUM, "within": "product"}], "group_by": BY_OWNER}, "within needs a grouped field"),
        ({"measures": [{"fn": "median", "field": "amount", "within": "owner"}], "group_by": BY_OWNER},
         "cannot be put together"),
        ({"measures": [COUNT], "group_by": BY_OWNER, "having": [{"measure": "count", "op": "gt", "other": "x"}]},
         "There is no measure 'x'"),
        ({"measures": [COUNT, SUM], "group_by": BY_OWNER,
          "having": [{"measure": "count", "op": "gt", "other": "sum_amount"}]}, "only one of them is an amount"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(world, spec, said):
    with pytest.raises(Invalid, match=said):
        world.ask("deal", **spec)
