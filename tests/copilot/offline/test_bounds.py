"""Amounts, ranges and "or": a condition in other words is the same condition, and two sides of an "or" are a union."""

import pytest

from tests.copilot.offline.conftest import Desk
from tests.worlds import PRODUCTS


def names(desk: Desk, text: str) -> set[str]:
    return {str(row[0]) for row in desk.rows(text)}


@pytest.mark.parametrize(
    "text",
    [
        "deals between 5k and 10k",
        "deals 5-10k",
        "deals between 5k-10k",
        "deals in the 5 to 10k range",
        "deals worth 5k~10k",
        "deals with amounts from 5k to 10k",
        "金额5000到10000之间的单子",
        "金额在5000到1万之间的单子",
    ],
)
def test_a_range_in_other_words_is_the_same_range(sales: Desk, text: str) -> None:
    assert sales.spec(text).where == sales.spec("deals between 5000 and 10000 dollars").where


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("accounts with more than 1000 but fewer than 2000 employees", "accounts with 1001 to 1999 employees"),
        ("employees at least 1000 and at most 2000: list those accounts", "accounts with 1000-2000 employees"),
        ("accounts with no fewer than 1000 employees", "accounts with at least 1000 employees"),
    ],
)
def test_two_bounds_share_their_subject(sales: Desk, one: str, other: str) -> None:
    assert names(sales, one) == names(sales, other)


@pytest.mark.parametrize("text", ["won over 5k", "how many deals won over 5k", "won deals above five thousand"])
def test_a_verb_does_not_swallow_the_operator(sales: Desk, text: str) -> None:
    where = sales.spec(text).model_dump_json()

    assert '"amount"' in where
    assert '"gt"' in where


def test_every_before_what_is_listed_is_no_group(sales: Desk) -> None:
    assert sales.spec("list every deal above 20,000") == sales.spec("list all deals above 20,000")
    assert sales.spec("revenue for every product").group_by


@pytest.mark.parametrize(
    ("either", "one", "other"),
    [
        ("accounts in retail or with more than 1000 employees", "retail accounts", "accounts with over 1000 employees"),
        ("accounts in Japan or in retail", "accounts in Japan", "accounts in retail"),
        ("deals above 20k or below 1000", "deals above 20k", "deals below 1000"),
        (
            "deals over 20k in the North or over 2k in the South",
            "deals over 20k in the North",
            "deals over 2k in the South",
        ),
        ("deals by either Mira Castellan or Jonas Whitlock", "deals by Mira Castellan", "deals by Jonas Whitlock"),
    ],
)
def test_or_between_conditions_is_a_union(sales: Desk, either: str, one: str, other: str) -> None:
    expected = names(sales, one) | names(sales, other)

    assert expected > names(sales, one)
    assert names(sales, either) == expected


def test_an_or_whose_sides_are_not_plain_is_asked_about(sales: Desk) -> None:
    assert sales.asks("open deals over 5k in the North or in retail accounts with 50 employees or more than 3 contacts")
    assert sales.asks("reps in the North or with more than 10 wins")


@pytest.mark.parametrize(
    ("defined", "plain"),
    [
        (
            "how many small accounts, i.e. those with under 500 employees, do we have",
            "how many accounts with under 500 employees",
        ),
        ("how many enterprise accounts (over 1000 employees) do we have", "how many accounts with over 1000 employees"),
        ("大客户，也就是员工超过1000人的，有几家", "员工超过1000人的客户有几家"),
    ],
)
def test_a_size_that_the_question_defines_is_that_condition(sales: Desk, defined: str, plain: str) -> None:
    assert sales.number(defined) == sales.number(plain)


def test_a_size_without_a_definition_still_ranks(sales: Desk) -> None:
    assert sales.spec("the biggest deals over 5k").order_by


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("regions with over 10 wins", "owner.region"),
        ("months with more than 2 wins", "closed_on"),
        ("sectors where the win rate is under 60%", "account.industry"),
    ],
)
def test_groups_are_tested_without_a_question_word(sales: Desk, text: str, group: str) -> None:
    spec = sales.spec(text)

    assert [g.field for g in spec.group_by] == [group]
    assert spec.having


def test_months_that_pass_a_test_are_counted(sales: Desk) -> None:
    assert sales.number("how many months had more than 2 wins") == len(sales.rows("months with more than 2 wins"))


def test_two_bounds_with_a_subject_each_are_not_of_one(sales: Desk) -> None:
    both = names(sales, "accounts with revenue of at least 10 million and no more than 2000 employees")

    assert both == names(sales, "accounts with revenue of at least 10 million") & names(
        sales, "accounts with no more than 2000 employees"
    )


def test_part_of_a_list_price_is_a_ratio(sales: Desk) -> None:
    assert '"price_ratio"' in sales.spec("won deals at less than half of list price").model_dump_json()


@pytest.mark.parametrize("text", ["wins outside 2024", "wins excluding 2024"])
def test_a_period_may_be_left_out(sales: Desk, text: str) -> None:
    assert sales.number(text) == sales.number("how many wins") - sales.number("wins in 2024")


def test_the_rest_of_a_period_is_no_exception(sales: Desk) -> None:
    assert sales.asks("wins in the rest of 2024")


def test_different_others_are_counted_once(sales: Desk) -> None:
    products: dict[str, set[str]] = {rep: set() for rep in names(sales, "reps with at least 1 wins")}
    for product in PRODUCTS:
        for rep in names(sales, f"which reps sold {product}"):
            products[rep].add(product)

    expected = {rep for rep, sold in products.items() if len(sold) > 4}
    assert names(sales, "which reps sold more than 4 different products") == expected
