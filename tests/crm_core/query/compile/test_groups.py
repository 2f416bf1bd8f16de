"""Every shape of question with measures, against figures worked out by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest

from crm_core.errors import Invalid
from crm_core.models import Kind
from tests.crm_core.query.conftest import rows
from tests.factories import make_deal, make_user

WON = {"field": "stage.kind", "value": "won"}
SUM = {"fn": "sum", "field": "amount"}
COUNT = {"fn": "count"}
BY_OWNER = [{"field": "owner"}]


def first_half(since="2017-01-01", until="2017-03-31"):
    return {"field": "closed_on", "since": since, "until": until}


SHAPES = {
    "a count": ({"measures": [COUNT]}, [6]),
    "a count of different values": ({"measures": [{"fn": "count", "field": "account"}]}, [4]),
    "a sum": ({"measures": [SUM]}, [D("730.00")]),
    "a sum of nothing is missing": (
        {"measures": [SUM], "where": {"field": "amount", "op": "gt", "value": 999}},
        [None],
    ),
    "a count of nothing is 0": ({"measures": [COUNT], "where": {"field": "amount", "op": "gt", "value": 999}}, [0]),
    "an average leaves out what is missing": ({"measures": [{"fn": "avg", "field": "amount"}]}, [D("146.00")]),
    "a median": ({"measures": [{"fn": "median", "field": "amount"}]}, [D("100.00")]),
    "extremes": (
        {"measures": [{"fn": "min", "field": "amount"}, {"fn": "max", "field": "closed_on"}]},
        [(D("50.00"), date(2017, 4, 30))],
    ),
    "a metric": ({"measures": [{"metric": "bookings"}]}, [D("450.00")]),
    "a metric over fewer records": (
        {"measures": [{"metric": "bookings", "where": {"field": "owner", "value": "Ann"}}]},
        [D("100.00")],
    ),
    "a rate": ({"measures": [{"metric": "win_rate"}]}, [0.75]),
    "a rate over fewer records": (
        {"measures": [{"metric": "win_rate", "where": {"field": "owner", "value": "Ann"}}]},
        [0.5],
    ),
    "a rate of nothing is missing": (
        {"measures": [{"metric": "win_rate"}], "where": {"field": "owner", "value": "Dan"}},
        [None],
    ),
    "a weighted sum": ({"measures": [{"metric": "weighted_pipeline"}]}, [D("80.00")]),
    "an average of days": ({"measures": [{"metric": "sales_cycle_days"}]}, [pytest.approx((30 + 90 + 10) / 3)]),
    "a ratio of two measures": ({"measures": [{**SUM, "over": {"fn": "count", "field": "owner"}}]}, [D("365.00")]),
    "a share of records": ({"measures": [{**COUNT, "where": WON, "over": COUNT}]}, [0.5]),
    "several measures at once": (
        {"measures": [{"metric": "deals_won"}, {"metric": "deals_lost"}, {"metric": "pipeline"}, COUNT]},
        [(3, 1, D("200.00"), 6)],
    ),
    "by a reference": (
        {"measures": [{"metric": "bookings"}], "group_by": BY_OWNER},
        [("Bob", D("300.00")), ("Ann", D("100.00")), (None, D("50.00"))],
    ),
    "a group without a match drops out": (
        {"measures": [{"metric": "deals_lost"}], "group_by": BY_OWNER},
        [("Ann", 1)],
    ),
    "groups with any of several measures stay": (
        {"measures": [{"metric": "deals_lost"}, {"metric": "win_rate"}], "group_by": BY_OWNER},
        [("Ann", 1, 0.5), ("Bob", 0, 1.0), (None, 0, 1.0)],
    ),
    "without a measure it counts": ({"group_by": BY_OWNER}, [("Ann", 3), ("Bob", 2), (None, 1)]),
    "by a field of a reference": (
        {"measures": [{"metric": "bookings"}], "group_by": [{"field": "owner.region"}]},
        [("West", D("300.00")), ("East", D("100.00")), (None, D("50.00"))],
    ),
    "by a reference of a reference": (
        {"measures": [SUM], "group_by": [{"field": "owner.manager"}]},
        [("Celia Rouche", D("680.00")), (None, D("50.00"))],
    ),
    "by parent": (
        {"measures": [COUNT], "group_by": [{"field": "account.parent"}]},
        [("Acme", 1), (None, 5)],
    ),
    "by stage in its order": (
        {"measures": [COUNT], "group_by": [{"field": "stage"}]},
        [("Prospecting", 1), ("Engaging", 1), ("Won", 3), ("Lost", 1)],
    ),
    "by stage turned round": (
        {"group_by": [{"field": "stage"}], "order_by": [{"by": "stage", "descending": True}]},
        [("Lost", 1), ("Won", 3), ("Engaging", 1), ("Prospecting", 1)],
    ),
    "by year": ({"group_by": [{"field": "closed_on", "bucket": "year"}]}, [("2017", 4), (None, 2)]),
    "by quarter": (
        {"group_by": [{"field": "closed_on", "bucket": "quarter"}]},
        [("2017-Q1", 1), ("2017-Q2", 3), (None, 2)],
    ),
    "by month": (
        {"measures": [{"metric": "bookings"}], "group_by": [{"field": "closed_on", "bucket": "month"}]},
        [("2017-01", D("100.00")), ("2017-04", D("350.00"))],
    ),
    "by week": (
        {"group_by": [{"field": "started_on", "bucket": "week"}]},
        [("2016-W52", 1), ("2017-W02", 1), ("2017-W13", 1), ("2017-W16", 1), ("2017-W42", 1), ("2017-W44", 1)],
    ),
    "by day": (
        {"group_by": [{"field": "closed_on", "bucket": "day"}], "where": {"field": "closed_on", "op": "not_empty"}},
        [("2017-01-31", 1), ("2017-04-10", 1), ("2017-04-20", 1), ("2017-04-30", 1)],
    ),
    "by half year": (
        {"group_by": [{"field": "closed_on", "bucket": "half"}], "where": {"field": "closed_on", "op": "not_empty"}},
        [("2017-H1", 4)],
    ),
    "by day of the week": (
        {"group_by": [{"field": "started_on", "bucket": "weekday"}]},
        [("Monday", 1), ("Tuesday", 1), ("Thursday", 1), ("Saturday", 1), ("Sunday", 2)],
    ),
    "in bands of days": (
        {"group_by": [{"field": "duration_days", "cuts": [11, 31]}], "where": WON},
        [("≤ 10", 1), ("11 – 30", 1), ("≥ 31", 1)],
    ),
    "in bands of money": (
        {"group_by": [{"field": "amount", "cuts": [100, 250]}]},
        [("< 100", 2), ("100 – 250", 2), ("≥ 250", 1), (None, 1)],
    ),
    "moments by day": ({"group_by": [{"field": "created_at", "bucket": "day"}]}, [("2016-10-01", 6)]),
    "by a number": (
        {"group_by": [{"field": "account.founded_year"}]},
        [(1999, 2), (None, 4)],
    ),
    "by days worked out": (
        {"group_by": [{"field": "duration_days"}], "where": WON, "order_by": [{"by": "duration_days"}]},
        [(10, 1), (30, 1), (90, 1)],
    ),
    "by two things": (
        {"measures": [COUNT], "group_by": [{"field": "owner.region"}, {"field": "stage.kind"}], "where": WON},
        [("East", "won", 1), ("West", "won", 1), (None, "won", 1)],
    ),
    "months then owners": (
        {"measures": [SUM], "group_by": [{"field": "closed_on", "bucket": "month"}, {"field": "owner"}], "where": WON},
        [("2017-01", "Ann", D("100.00")), ("2017-04", "Bob", D("300.00")), ("2017-04", None, D("50.00"))],
    ),
    "an average by region is of records, not of owners": (
        {"measures": [{"fn": "avg", "field": "amount"}], "group_by": [{"field": "owner.manager"}]},
        [("Celia Rouche", D("170.00")), (None, D("50.00"))],
    ),
    "a median by region": (
        {"measures": [{"fn": "median", "field": "amount"}], "group_by": [{"field": "owner.region"}]},
        [("West", D("300.00")), ("East", D("100.00")), (None, D("50.00"))],
    ),
    "different accounts by owner": (
        {"measures": [{"fn": "count", "field": "account"}], "group_by": BY_OWNER},
        [("Ann", 2), ("Bob", 1), (None, 1)],
    ),
    "a weighted sum by month": (
        {"measures": [{"metric": "weighted_pipeline"}], "group_by": [{"field": "closes_on", "bucket": "month"}]},
        [("2017-12", D("80.00")), ("2018-01", None)],
    ),
    "a weighted sum by stage": (
        {"measures": [{"metric": "weighted_pipeline"}], "group_by": [{"field": "stage"}]},
        [("Prospecting", None), ("Engaging", D("80.00"))],
    ),
    "top": (
        {"group_by": BY_OWNER, "order_by": [{"by": "count", "descending": True}], "limit": 1},
        [("Ann", 3)],
    ),
    "bottom": (
        {"measures": [SUM], "group_by": BY_OWNER, "order_by": [{"by": "sum_amount"}], "limit": 2},
        [(None, D("50.00")), ("Bob", D("300.00"))],
    ),
    "the second": (
        {"group_by": BY_OWNER, "order_by": [{"by": "count", "descending": True}], "limit": 1, "offset": 1},
        [("Bob", 2)],
    ),
    "sorted by a group's label": (
        {"group_by": BY_OWNER, "order_by": [{"by": "owner", "descending": True}]},
        [("Bob", 2), ("Ann", 3), (None, 1)],
    ),
    "ties at the cut": (
        {
            "group_by": [{"field": "stage"}], "order_by": [{"by": "count", "descending": True}], "limit": 2,
            "with_ties": True,
        },
        [("Won", 3), ("Prospecting", 1), ("Engaging", 1), ("Lost", 1)],
    ),
    "having": (
        {"measures": [SUM], "group_by": BY_OWNER, "having": [{"measure": "sum_amount", "op": "gt", "value": 300}]},
        [("Ann", D("380.00"))],
    ),
    "having a rate": (
        {
            "measures": [{"metric": "win_rate"}], "group_by": BY_OWNER,
            "having": [{"measure": "win_rate", "op": "ge", "value": 0.75}],
        },
        [("Bob", 1.0), (None, 1.0)],
    ),
    "a share of all groups": (
        {"measures": [{"metric": "bookings", "share": True, "name": "part"}], "group_by": BY_OWNER},
        [("Bob", pytest.approx(2 / 3)), ("Ann", pytest.approx(2 / 9)), (None, pytest.approx(1 / 9))],
    ),
    "a share stays one of all when groups are cut": (
        {
            "measures": [{"metric": "bookings", "share": True, "name": "part"}], "group_by": BY_OWNER,
            "having": [{"measure": "part", "op": "gt", "value": 0.5}], "limit": 5,
        },
        [("Bob", pytest.approx(2 / 3))],
    ),
    "a change since the month before, which holds nothing": (
        {"measures": [{**SUM, "growth": True}], "group_by": [{"field": "closed_on", "bucket": "month"}], "where": WON},
        [("2017-01", None), ("2017-04", None)],
    ),
    "a change since the quarter before": (
        {"measures": [SUM, {**SUM, "growth": True}],
         "group_by": [{"field": "closed_on", "bucket": "quarter"}], "where": WON},
        [("2017-Q1", D("100.00"), None), ("2017-Q2", D("350.00"), 2.5)],
    ),
    "a running total": (
        {"measures": [{**SUM, "running": True}], "group_by": [{"field": "closed_on", "bucket": "month"}], "where": WON},
        [("2017-01", D("100.00")), ("2017-04", D("450.00"))],
    ),
    "a running share": (
        {
            "measures": [{**COUNT, "running": True, "share": True}], "where": WON,
            "group_by": [{"field": "closed_on", "bucket": "month"}],
        },
        [("2017-01", pytest.approx(1 / 3)), ("2017-04", 1.0)],
    ),
    "a running total in the order asked for": (
        {
            "measures": [{**COUNT, "running": True}], "group_by": BY_OWNER,
            "order_by": [{"by": "owner", "descending": True}],
        },
        [("Bob", 2), ("Ann", 5), (None, 6)],
    ),
    "the best of each": (
        {
            "measures": [SUM], "group_by": [{"field": "owner.region"}, {"field": "account"}],
            "top_per": {"field": "owner.region", "limit": 1}, "order_by": [{"by": "sum_amount", "descending": True}],
        },
        [("East", "Acme", D("300.00")), ("West", "Bluth", D("300.00")), (None, "Cyber_50%", D("50.00"))],
    ),
    "two periods": (
        {
            "measures": [{"metric": "bookings"}],
            "compare_to": {"base": first_half(), "against": first_half("2017-04-01", "2017-06-30")},
        },
        [(D("100.00"), D("350.00"), D("250.00"), 2.5)],
    ),
    "two periods of a rate": (
        {
            "measures": [{"metric": "win_rate"}],
            "compare_to": {"base": first_half(), "against": first_half("2017-04-01", None)},
        },
        [(1.0, pytest.approx(2 / 3), pytest.approx(-1 / 3))],
    ),
    "two periods by owner": (
        {
            "measures": [{"metric": "bookings"}], "group_by": BY_OWNER,
            "compare_to": {"base": first_half(), "against": first_half("2017-04-01", "2017-06-30")},
        },
        [
            ("Bob", None, D("300.00"), D("300.00"), None),
            ("Ann", D("100.00"), None, D("-100.00"), None),
            (None, None, D("50.00"), D("50.00"), None),
        ],
    ),
    "the change picks": (
        {
            "measures": [COUNT], "group_by": BY_OWNER,
            "compare_to": {"base": first_half(), "against": first_half("2017-04-01", "2017-06-30")},
            "having": [{"measure": "change", "op": "le", "value": 0}],
        },
        [("Ann", 1, 1, 0, 0.0)],
    ),
    "two sides": (
        {
            "measures": [COUNT],
            "compare_to": {
                "base": {"where": {"field": "stage.kind", "value": "lost"}},
                "against": {"where": {"field": "stage.kind", "value": "won"}, "name": "won"},
            },
        },
        [(1, 3, 2, 2.0)],
    ),
    "more on one side": (
        {
            "measures": [COUNT], "group_by": BY_OWNER,
            "compare_to": {
                "base": {"where": {"field": "stage.kind", "value": "lost"}},
                "against": {"where": {"field": "stage.kind", "value": "won"}},
            },
            "having": [{"measure": "count@difference", "op": "gt", "value": 0}], "summary": "count",
        },
        [2],
    ),
    "the average over groups": ({"measures": [SUM], "group_by": BY_OWNER, "summary": "avg"}, [D("243.33")]),
    "the median over groups": ({"measures": [SUM], "group_by": BY_OWNER, "summary": "median"}, [D("300.00")]),
    "the sum over the top": (
        {
            "measures": [SUM], "group_by": BY_OWNER, "order_by": [{"by": "sum_amount", "descending": True}],
            "limit": 2, "summary": "sum",
        },
        [D("680.00")],
    ),
    "how many groups": (
        {
            "group_by": BY_OWNER, "having": [{"measure": "count", "op": "ge", "value": 2}], "summary": "count",
        },
        [2],
    ),
    "the extremes of groups": ({"measures": [SUM], "group_by": BY_OWNER, "summary": "max"}, [D("380.00")]),
    "the gap": (
        {
            "measures": [SUM], "group_by": BY_OWNER, "order_by": [{"by": "sum_amount", "descending": True}],
            "summary": "gap",
        },
        [D("80.00")],
    ),
    "the gap where there is but one": (
        {"measures": [SUM], "group_by": BY_OWNER, "where": {"field": "owner", "value": "Ann"}, "summary": "gap"},
        [None],
    ),
    "the mean of a count is no whole number": ({"group_by": BY_OWNER, "summary": "avg"}, [2.0]),
    "different values": (
        {"distinct": True, "columns": ["owner.region", "stage.kind"], "where": {"field": "owner", "op": "not_empty"}},
        [("East", "lost"), ("East", "open"), ("East", "won"), ("West", "open"), ("West", "won")],
    ),
    "different dates": (
        {"distinct": True, "columns": ["closes_on"], "limit": 1},
        [date(2017, 12, 1)],
    ),
    "a measure under two filters": (
        {
            "measures": [
                {**SUM, "where": {"field": "owner", "value": "Ann"}, "name": "ann"},
                {**SUM, "where": {"field": "owner", "value": "Bob"}, "name": "bob"},
            ],
            "group_by": [{"field": "stage"}],
        },
        [
            ("Prospecting", None, None), ("Engaging", D("200.00"), None), ("Won", D("100.00"), D("300.00")),
            ("Lost", D("80.00"), None),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_question_gives_what_one_would_work_out_by_hand(world, shape):
    spec, expected = SHAPES[shape]

    assert rows(world.ask("deal", **spec)) == expected


def test_accounts_are_measured_by_what_is_worked_out_of_their_deals(world):
    asked = world.ask(
        "account",
        measures=[{"fn": "sum", "field": "won_amount"}, {"fn": "max", "field": "last_interaction_at"}],
        group_by=[{"field": "country"}],
        order_by=[{"by": "country"}],
    )

    assert [row.values[:2] for row in asked.rows] == [
        ("Canada", None),
        ("Germany", D("300.00")),
        ("United States", D("100.00")),
        (None, D("50.00")),
    ]


def test_what_was_left_out_is_told(world):
    by_owner = world.ask("deal", measures=[SUM, COUNT], group_by=BY_OWNER)
    won = world.ask("deal", measures=[{"metric": "bookings"}])
    folded = world.ask("deal", measures=[SUM], group_by=BY_OWNER, summary="avg")

    assert by_owner.missing == {"sum_amount": 1}
    assert won.missing == {"bookings": 0}
    assert folded.missing == {"avg_sum_amount": 1}


def test_references_carry_their_ids(world):
    asked = world.ask("deal", group_by=BY_OWNER)

    assert [row.ids for row in asked.rows] == [{0: world.ann}, {0: world.bob}, {}]


def test_a_deleted_reference_counts_as_none(store, ask):
    kept, gone = make_user(store, "Kept"), make_user(store, "Gone", deleted_at=datetime(2017, 1, 1, tzinfo=UTC))
    for owner in (kept, gone, None):
        make_deal(store, owner=owner, amount=10)

    assert rows(ask("deal", measures=[SUM], group_by=BY_OWNER)) == [("Kept", D("10.00")), (None, D("20.00"))]
    assert rows(ask("deal", where={"field": "owner", "op": "empty"}, measures=[COUNT])) == [2]
    assert rows(ask("deal", where={"field": "owner", "value": gone}, measures=[COUNT])) == [0]


def test_columns_say_what_they_hold(world):
    asked = world.ask(
        "deal",
        measures=[
            {"metric": "bookings"},
            {"metric": "win_rate"},
            {"metric": "sales_cycle_days"},
            {"metric": "bookings"},
        ],
        group_by=[{"field": "owner"}, {"field": "closed_on", "bucket": "month"}],
    )

    told = {column.name: column for column in asked.columns}
    assert list(told) == ["owner", "closed_on", "bookings", "win_rate", "sales_cycle_days", "bookings_4"]
    assert (told["owner"].kind, told["owner"].entity) == (Kind.REFERENCE, "user")
    assert told["closed_on"].bucket == "month"
    assert (told["bookings"].kind, told["bookings"].currency) == (Kind.MONEY, "USD")
    assert told["win_rate"].is_ratio
    assert told["sales_cycle_days"].unit == "days"


@pytest.mark.parametrize(
    ("measure", "is_rate"),
    [
        ({**COUNT, "where": WON, "over": COUNT}, True),
        ({"metric": "deals_won", "over": {"metric": "deals_lost"}}, False),
        ({"metric": "deals_won", "over": {"metric": "deals_lost"}, "percent": True}, True),
    ],
)
def test_a_ratio_is_in_percent_where_it_is_a_part_or_is_asked_for_so(world, measure, is_rate):
    assert world.ask("deal", measures=[measure]).columns[0].is_ratio is is_rate


REFUSED = [
    ({"measures": [{"metric": "bokings"}]}, "bookings"),
    ({"measures": [{}]}, "needs a function"),
    ({"measures": [{"fn": "sum"}]}, "needs a field"),
    ({"measures": [{"fn": "sum", "field": "name"}]}, "no number"),
    ({"measures": [{"fn": "max", "field": "stage"}]}, "no number"),
    ({"measures": [{"fn": "avg", "field": "closed_on"}]}, "min, max and count"),
    ({"measures": [{"metric": "bookings", "fn": "sum"}]}, "not both"),
    ({"measures": [{"metric": "win_rate", "over": COUNT}]}, "already"),
    ({"measures": [{**COUNT, "over": {"metric": "win_rate"}}]}, "denominator"),
    ({"measures": [{"fn": "sum", "field": "amount", "weight": "amount"}]}, "weight"),
    ({"measures": [COUNT], "group_by": [{"field": "closed_on"}]}, "bucket"),
    ({"measures": [COUNT], "group_by": [{"field": "owner", "bucket": "month"}]}, "no date"),
    ({"measures": [COUNT], "order_by": [{"by": "amount"}]}, "cannot be sorted"),
    ({"measures": [COUNT], "having": [{"measure": "sum", "op": "gt", "value": 1}]}, "no measure"),
    ({"group_by": BY_OWNER, "top_per": {"field": "stage"}}, "grouped field"),
    ({"summary": "avg"}, "need measures"),
    ({"having": [{"measure": "count", "op": "gt", "value": 1}]}, "need measures"),
    ({"measures": [COUNT] * 31}, "At most 30"),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "told"), REFUSED, ids=[told for _, told in REFUSED])
def test_a_question_that_makes_no_sense_is_refused_in_words(world, spec, told):
    with pytest.raises(Invalid, match=told):
        world.ask("deal", **spec)


def test_a_metric_belongs_to_its_records(world):
    with pytest.raises(Invalid, match="measured over deal"):
        world.ask("account", measures=[{"metric": "bookings"}])
