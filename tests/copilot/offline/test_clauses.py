"""Several conditions on one company or colleague are set operations on the answers of plain questions."""

from itertools import combinations

import pytest

from copilot.offline.plan import Query
from tests.copilot.offline.conftest import Desk
from tests.worlds import PRODUCTS


def buyers(desk: Desk, scope: str, noun: str = "account") -> set[str]:
    """Who has won deals within a scope ("for Atlas Core", "in 2023"), by a plain question."""
    return {str(name) for name, count in desk.rows(f"deals won by {noun} {scope}") if name is not None and count}


def labels(desk: Desk, text: str) -> set[str]:
    return {str(row[0]) for row in desk.rows(text)}


PAIRS = list(combinations(PRODUCTS, 2))


@pytest.mark.parametrize(("one", "other"), [*PAIRS, *(pair[::-1] for pair in PAIRS)])
def test_bought_one_but_never_the_other_is_a_difference_of_sets(sales: Desk, one: str, other: str) -> None:
    expected = buyers(sales, f"for {one}") - buyers(sales, f"for {other}")

    assert labels(sales, f"which accounts bought {one} but never {other}") == expected
    assert sales.number(f"how many accounts bought {one} but never {other}") == len(expected)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_bought_both_is_an_intersection_of_sets(sales: Desk, one: str, other: str) -> None:
    expected = buyers(sales, f"for {one}") & buyers(sales, f"for {other}")

    assert labels(sales, f"which accounts bought both {one} and {other}") == expected
    assert sales.number(f"how many accounts bought both {one} and {other}") == len(expected)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_who_bought_one_bought_the_other_too_or_never(sales: Desk, one: str, other: str) -> None:
    both = labels(sales, f"which accounts bought both {one} and {other}")
    only = labels(sales, f"which accounts bought {one} but never {other}")

    assert both | only == buyers(sales, f"for {one}")
    assert not both & only


@pytest.mark.parametrize(
    ("text", "first", "other"),
    [
        ("哪些客户买过 Atlas Core 但没买过 Nimbus Lite", "for Atlas Core", "for Nimbus Lite"),
        ("which accounts have bought Atlas Core but never bought Nimbus Lite", "for Atlas Core", "for Nimbus Lite"),
    ],
)
def test_other_words_for_never_are_the_same_difference(sales: Desk, text: str, first: str, other: str) -> None:
    expected = buyers(sales, first) - buyers(sales, other)

    assert 0 < len(expected) < len(buyers(sales, first))
    assert labels(sales, text) == expected


@pytest.mark.parametrize("country", ["Germany", "Brazil", "Canada"])
def test_a_condition_on_the_company_itself_holds_beside_the_clauses(sales: Desk, country: str) -> None:
    expected = buyers(sales, f"for Atlas Core in {country}") - buyers(sales, "for Nimbus Lite")

    assert labels(sales, f"which accounts in {country} bought Atlas Core but never Nimbus Lite") == expected


@pytest.mark.parametrize("year", [2024, 2025])
@pytest.mark.parametrize(("one", "other"), [("Atlas Max", "Nimbus Grand"), ("Atlas Core", "Nimbus Team")])
def test_a_colleague_who_sold_both_is_in_both_lists(sales: Desk, one: str, other: str, year: int) -> None:
    expected = buyers(sales, f"for {one} in {year}", "rep") & buyers(sales, f"for {other} in {year}", "rep")

    assert labels(sales, f"which reps sold both {one} and {other} in {year}") == expected


@pytest.mark.parametrize(
    ("first", "other"), [("2023", "2024"), ("2024", "2025"), ("Q1 2024", "Q3 2024"), ("Q4 2024", "Q1 2025")]
)
def test_in_both_periods_is_an_intersection(sales: Desk, first: str, other: str) -> None:
    expected = buyers(sales, f"in {first}") & buyers(sales, f"in {other}")

    assert expected < buyers(sales, f"in {first}") | buyers(sales, f"in {other}")
    assert labels(sales, f"which accounts bought in both {first} and {other}") == expected


EVERY = (
    ("rep", "quarter", "2024", [f"Q{q} 2024" for q in (1, 2, 3, 4)]),
    ("account", "quarter", "2024", [f"Q{q} 2024" for q in (1, 2, 3, 4)]),
    ("rep", "month", "Q3 2024", ["July 2024", "August 2024", "September 2024"]),
    ("rep", "month", "Q1 2025", ["January 2025", "February 2025", "March 2025"]),
    ("account", "month", "Q3 2024", ["July 2024", "August 2024", "September 2024"]),
)


@pytest.mark.parametrize(("noun", "unit", "whole", "parts"), EVERY, ids=lambda value: str(value)[:20])
def test_in_every_part_of_a_time_is_an_intersection_of_all(
    sales: Desk, noun: str, unit: str, whole: str, parts: list[str]
) -> None:
    each = [buyers(sales, f"in {part}", noun) for part in parts]
    expected = set.intersection(*each)

    assert expected < set.union(*each), "some must fall short in one part"
    assert labels(sales, f"which {noun}s had a won deal in every {unit} of {whole}") == expected
    assert sales.number(f"how many {noun}s had a won deal in every {unit} of {whole}") == len(expected)


@pytest.mark.parametrize(
    "text",
    [
        "which accounts bought Atlas Core but never zwanfel",
        "which accounts bought both Atlas Core and zwanfel",
        "which accounts bought Atlas Core but never anything blorptastic",
        "which reps won a deal in every zwanfel of 2024",
    ],
)
def test_an_unknown_word_in_a_clause_means_no_answer(sales: Desk, text: str) -> None:
    assert not isinstance(sales.plan(text), Query)


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_company_described_by_what_it_bought_is_listed_and_counted(sales: Desk, product: str) -> None:
    expected = buyers(sales, f"for {product}")

    assert labels(sales, f"customers that bought {product}") == expected
    assert sales.number(f"how many customers bought {product}") == len(expected)
    assert sales.number(f"买过{product}的客户有几家") == len(expected)


@pytest.mark.parametrize("product", PRODUCTS)
def test_what_was_never_bought_leaves_the_others(sales: Desk, product: str) -> None:
    everyone = labels(sales, "list all accounts")
    expected = everyone - buyers(sales, f"for {product}")

    assert labels(sales, f"accounts that never bought {product}") == expected
    assert labels(sales, f"从来没买过{product}的客户") == expected


@pytest.mark.parametrize("product", PRODUCTS)
def test_only_one_product_is_no_other_one(sales: Desk, product: str) -> None:
    others = [other for other in PRODUCTS if other != product]
    expected = buyers(sales, f"for {product}") - set().union(*(buyers(sales, f"for {other}") for other in others))

    assert labels(sales, f"customers that only bought {product}") == expected
    assert labels(sales, f"which customers bought nothing but {product}") == expected


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("customers who bought in 2023 but not in 2024", "in 2023", "in 2024"),
        ("accounts with wins in 2023 but no wins in 2024", "in 2023", "in 2024"),
        ("2023年买过但2024年没买的客户", "in 2023", "in 2024"),
    ],
)
def test_a_later_clause_need_not_repeat_the_verb(sales: Desk, text: str, one: str, other: str) -> None:
    assert labels(sales, text) == buyers(sales, one) - buyers(sales, other)


def test_a_number_in_a_clause_is_tested_in_that_clause(sales: Desk) -> None:
    won = {row[0] for row in sales.rows("reps with more than 20 wins")}
    lost = {row[0] for row in sales.rows("reps with fewer than 20 losses")}

    assert labels(sales, "which reps won more than 20 deals but lost fewer than 20") == won & lost


def test_nothing_won_is_not_nothing_in_that_region(sales: Desk) -> None:
    north = labels(sales, "reps in the North")

    assert labels(sales, "reps who won nothing in the North") <= north


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_products_joined_by_and_are_both_bought(sales: Desk, one: str, other: str) -> None:
    expected = buyers(sales, f"for {one}") & buyers(sales, f"for {other}")

    assert labels(sales, f"accounts that bought {one} and {other}") == expected
    assert labels(sales, f"which accounts bought {one} or {other}") == buyers(sales, f"for {one}") | buyers(
        sales, f"for {other}"
    )


def test_only_lost_deals_is_no_other_deal(sales: Desk) -> None:
    lost = labels(sales, "accounts with a lost deal") - labels(sales, "accounts with an open deal")

    assert labels(sales, "which accounts only have lost deals") == lost - buyers(sales, "")


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_later_time_is_of_the_same_product(sales: Desk, product: str) -> None:
    expected = buyers(sales, f"for {product} in 2023") - buyers(sales, f"for {product} in 2024")

    assert labels(sales, f"accounts that bought {product} in 2023 but not in 2024") == expected


def test_none_without_a_time_of_its_own_is_asked_about(sales: Desk) -> None:
    assert sales.asks("accounts that lost deals in 2024 and won none")
