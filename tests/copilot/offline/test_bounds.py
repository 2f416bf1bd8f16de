"""Amounts, ranges and "or": a condition in other words is the same condition, and two sides of an "or" are a union."""

import pytest

from tests.copilot.offline.conftest import Desk


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
