"""Figures in a model's text: what has a source passes, what has none is named."""

from datetime import date
from decimal import Decimal

import pytest

from copilot.faithful import sources_of, unsourced
from crm_core.models import Kind
from tests.results import MONEY, RATE, a_turn, answer, column

BY_PRODUCT = answer(
    {
        "where": {"all": [
            {"field": "closed_on", "op": "between", "value": ["2017-10-01", "2017-12-31"]},
            {"field": "amount", "op": "gt", "value": 50_000},
        ]},
        "group_by": [{"field": "product"}],
        "measures": [{"metric": "bookings"}, {"metric": "win_rate"}],
        "limit": 10,
    },
    [
        column("product", Kind.REFERENCE),
        column("bookings", **MONEY),
        column("win_rate", **RATE),
        column("last", Kind.DATE),
        column("founded", Kind.YEAR),
    ],
    ("GTX 500", Decimal("2802496"), 0.6315, date(2017, 11, 30), 1996),
    ("MG Special", Decimal("43768.5"), -0.05, None, None),
    words="bookings and win rate by product, closed in Q4 2017, amount over 50,000",
    missing={"bookings": 12},
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Bookings were $2,802,496.",
        "About $2.8 million, i.e. 2.80M or 2802k.",
        "约 280.2 万美元，赢单率 63.2%",
        "The win rate was 63%, or 63.15 percent, and fell 5% elsewhere.",
        "GTX 500 leads; MG Special has $43,768.50.",
        "The last one closed on 2017-11-30, that is November 30, 2017 (30 Nov).",
        "最后一单在2017年11月30日成交。",
        "In Q4 2017 (2017-Q4, October 2017 to 2017-12) both products sold.",
        "Founded in 1996.",
        "Deals over $50,000: 2 rows; 12 have no amount. Top 10.",
        "1. GTX 500\n2. MG Special",
        "No figure at all.",
        "",
    ],
)
def test_figures_with_a_source_pass(text):
    assert unsourced(text, sources_of([BY_PRODUCT], a_turn())) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Bookings were $2,802,497.", "$2,802,497"),
        ("About $2.9 million.", "$2.9 million"),
        ("约 290 万", "290 万"),
        ("The win rate was 64%.", "64%"),
        ("It closed on 2017-11-29.", "2017-11-29"),
        ("It closed on November 29.", "November 29"),
        ("11月29日", "11月29日"),
        ("Founded in 1997.", "1997"),
        ("GTX 500 and GTX 700.", "700"),
        ("That makes 2,846,264.50 in all.", "2,846,264.50"),
        ("Up 17 since.", "17"),
        ("It was 0.9.", "0.9"),
    ],
)
def test_a_figure_without_a_source_is_named(text, wrong):
    assert unsourced(text, sources_of([BY_PRODUCT], a_turn())) == [wrong]


def test_a_name_of_digits_alone_covers_no_figure():
    answered = answer({}, [column("name")], ("3",), total=1)

    assert unsourced("There are 33 and 3,000.", sources_of([answered], a_turn())) == ["33", "3,000"]


def test_what_a_record_tool_said_is_a_source():
    turn = a_turn()
    turn.ledger.facts.append("employees: 120")

    assert unsourced("They have 120 employees.", sources_of([], turn)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Bookings were US$2,802,496 or USD 2.8 million.",
        "成交额为280.2万美元，涉及2行。",
        "In the fourth quarter of 2017, and in October.",
        "2017年第四季度、2017年12月",
        "It closed on 11/30/2017 (30.11.2017, 2017/11/30).",
        "Two products: the two of them.",
        "Closed Nov 30th.",
    ],
)
def test_other_ways_to_write_what_has_a_source_pass_too(text):
    assert unsourced(text, sources_of([BY_PRODUCT], a_turn())) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Bookings were €2,802,496.", "€2,802,496"),
        ("成交额为280.2万欧元", "280.2万欧元"),
        ("共有12家客户，45行。", "45"),
        ("Bookings in Q3 2017.", "Q3 2017"),
        ("in the third quarter", "third quarter"),
        ("2017年第三季度", "2017年第三季度"),
        ("since August", "since August"),
        ("It closed on 11/29/2017.", "11/29/2017"),
        ("Seventeen deals.", "Seventeen"),
        ("三百万美元", "三百万美元"),
        ("It was ２,９０２,４９６.", "2,902,496"),
    ],
)
def test_other_ways_to_write_what_has_none_are_named(text, wrong):
    assert unsourced(text, sources_of([BY_PRODUCT], a_turn())) == [wrong]
