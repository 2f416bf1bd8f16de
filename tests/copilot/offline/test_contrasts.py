"""Two sides of one measure set against each other: each side is what its own plain question gives."""

from typing import Any

import pytest

from copilot.offline.plan import Query
from crm_core.query.result import QueryResult
from tests.copilot.offline.conftest import Desk


def answer(desk: Desk, text: str) -> QueryResult:
    return desk.run(desk.spec(text))


def as_number(value: Any) -> float:
    return float(value or 0)


def per_group(desk: Desk, text: str) -> dict[str, float]:
    """The answer of a plain question by group."""
    return {str(label): as_number(value) for label, value in desk.rows(text) if label is not None}


def labels(desk: Desk, text: str) -> set[str]:
    return {str(row.values[0]) for row in answer(desk, text).rows}


def larger(one: dict[str, float], other: dict[str, float]) -> set[str]:
    """The groups that have more in `one` than in `other`; who is in neither has nothing in both."""
    return {name for name in one.keys() | other.keys() if one.get(name, 0) > other.get(name, 0)}


# question, the plain question of the side that should be more, and of the other
GROUPS = (
    ("reps won more deals in Q4 2024 than in Q3 2024",
     "deals won by rep in Q4 2024", "deals won by rep in Q3 2024"),
    ("reps won more deals in Q3 2024 than in Q4 2024",
     "deals won by rep in Q3 2024", "deals won by rep in Q4 2024"),
    ("reps won more deals in Q2 2025 than in Q1 2025",
     "deals won by rep in Q2 2025", "deals won by rep in Q1 2025"),
    ("reps won fewer deals in Q4 2024 than in Q3 2024",
     "deals won by rep in Q3 2024", "deals won by rep in Q4 2024"),
    ("accounts bought more in Q1 2025 than in Q1 2024",
     "bookings by account in Q1 2025", "bookings by account in Q1 2024"),
    ("products sold more in Q4 2024 than in Q3 2024",
     "bookings by product in Q4 2024", "bookings by product in Q3 2024"),
)  # fmt: skip
LOSERS = (
    ("which reps lost more deals than they won in 2024", "deals lost by rep in 2024", "deals won by rep in 2024"),
    ("which reps lost more than they won in 2024", "deals lost by rep in 2024", "deals won by rep in 2024"),
    ("which reps won more deals than they lost in 2024", "deals won by rep in 2024", "deals lost by rep in 2024"),
    ("which accounts have more lost deals than won deals", "deals lost by account", "deals won by account"),
    ("which reps have more wins than losses", "deals won by rep", "deals lost by rep"),
)


@pytest.mark.parametrize(
    ("text", "more", "less"), [*((f"which {text}", more, less) for text, more, less in GROUPS), *LOSERS]
)
def test_the_groups_with_more_are_those_of_two_plain_questions(sales: Desk, text: str, more: str, less: str) -> None:
    expected = larger(per_group(sales, more), per_group(sales, less))

    assert 0 < len(expected) < len(per_group(sales, more)), "all or none would not tell the sides apart"
    assert labels(sales, text) == expected


@pytest.mark.parametrize(("text", "more", "less"), GROUPS)
def test_how_many_have_more_is_their_number(sales: Desk, text: str, more: str, less: str) -> None:
    expected = larger(per_group(sales, more), per_group(sales, less))

    assert sales.rows(f"how many {text}") == [(len(expected),)]


def test_each_group_is_told_with_both_of_its_sides(sales: Desk) -> None:
    q3, q4 = (per_group(sales, f"bookings by product in {quarter} 2024") for quarter in ("Q3", "Q4"))

    for label, base, against, difference, *_ in sales.rows("which products sold more in Q4 2024 than in Q3 2024"):
        assert (as_number(base), as_number(against)) == (q3[str(label)], q4[str(label)])
        assert as_number(difference) == pytest.approx(q4[str(label)] - q3[str(label)])


def test_a_rate_is_compared_as_a_rate(sales: Desk) -> None:
    rates = [per_group(sales, f"win rate by rep in {year}") for year in (2025, 2024)]

    assert labels(sales, "which reps have a higher win rate in 2025 than in 2024") == larger(*rates)


# question, the plain question of the side named first, and of the other: the answer is first − other
GAPS = (
    ("how much more did we book in 2024 than in 2023", "bookings in 2024", "bookings in 2023"),
    ("how much more revenue came from Germany than from Japan in 2024",
     "bookings in Germany in 2024", "bookings in Japan in 2024"),
    ("how much more revenue came from Japan than from Germany in 2024",
     "bookings in Japan in 2024", "bookings in Germany in 2024"),
    ("how many more deals did we win in 2024 than in 2023", "deals won in 2024", "deals won in 2023"),
    ("how many more deals did Mira win than Jonas in 2024",
     "how many deals did Mira win in 2024", "how many deals did Jonas win in 2024"),
    ("the gap between Germany and Japan in bookings for 2024",
     "bookings in Germany in 2024", "bookings in Japan in 2024"),
    ("the gap in bookings between Mira Castellan and Jonas Whitlock in 2024",
     "bookings of Mira Castellan in 2024", "bookings of Jonas Whitlock in 2024"),
    ("the gap in win rate between Germany and Japan", "win rate in Germany", "win rate in Japan"),
    ("difference in win rate between Germany and Japan", "win rate in Germany", "win rate in Japan"),
    ("what is the gap between wins in 2024 and wins in 2023", "wins in 2024", "wins in 2023"),
    ("德国比日本的销售额多多少", "bookings in Germany", "bookings in Japan"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "first", "other"), GAPS)
def test_a_gap_is_the_difference_of_two_plain_answers(sales: Desk, text: str, first: str, other: str) -> None:
    one, two = sales.number(first), sales.number(other)
    ((base, against, difference, *_),) = sales.rows(text)

    assert one != two
    assert (as_number(base), as_number(against)) == (pytest.approx(two), pytest.approx(one))
    assert as_number(difference) == pytest.approx(one - two)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("the gap between Germany and Japan in bookings for 2024", {"Germany", "Japan"}),
        ("how many more deals did Mira win than Jonas in 2024", {"Mira Castellan", "Jonas Whitlock"}),
    ],
)
def test_the_sides_are_called_by_their_names(sales: Desk, text: str, names: set[str]) -> None:
    compared = sales.spec(text).compare_to
    assert compared is not None

    assert {getattr(compared.base, "name", None), getattr(compared.against, "name", None)} == names


@pytest.mark.parametrize(
    "text",
    ["which accounts have more than 500 employees", "which reps won more than 20 deals", "open deals of more than 20k"],
)
def test_more_than_a_number_is_a_bound_and_no_comparison(sales: Desk, text: str) -> None:
    assert sales.spec(text).compare_to is None


@pytest.mark.parametrize(
    "text",
    [
        "how much more did we book in 2024 than zwanfel",
        "which reps won more deals in 2024 than in the zwanfel year",
        "the gap between Germany and Narnia in bookings",
        "the gap between Germany, Japan and Brazil in bookings for 2024",
    ],
)
def test_a_side_that_is_not_clear_is_asked_back(sales: Desk, text: str) -> None:
    plan = sales.plan(text)

    assert not isinstance(plan, Query)
