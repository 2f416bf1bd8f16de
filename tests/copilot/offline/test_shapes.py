"""Which declared shape a question takes, and that its spec has the form of the answer."""

import pytest

from copilot.offline.plan import Clarify, Query
from copilot.offline.shapes import SHAPES
from tests.copilot.offline.conftest import Desk
from tests.worlds import REGIONS

EXAMPLES: list[tuple[str, str]] = [
    ("bookings in 2024", "scalar"),
    ("how many open deals are there", "count"),
    ("bookings by region", "grouped"),
    ("top 3 reps by revenue in 2024", "top_groups"),
    ("the 5 largest deals won in 2024", "top_records"),
    ("top product in each region by revenue", "top_per_group"),
    ("accounts in Germany", "list"),
    ("who manages Priya Ramanath", "look_up"),
    ("which accounts have we never won a deal with", "anti_join"),
    ("what share of 2024 revenue came from Germany", "share"),
    ("how much did bookings change from Q1 2024 to Q2 2024", "change"),
    ("compare Mira Castellan and Jonas Whitlock on revenue in 2024", "side_by_side"),
    ("revenue in 2023 vs 2024", "periods_side_by_side"),
    ("average bookings per rep in 2024", "average_per"),
    ("reps with more than 20 wins", "having"),
    ("Ferncliff", "overview"),
    ("share of accounts by country", "mix"),
]


@pytest.mark.parametrize(("text", "shape"), EXAMPLES)
def test_a_question_takes_its_shape(sales: Desk, text: str, shape: str) -> None:
    plan = sales.plan(text)

    assert isinstance(plan, Query)
    assert plan.shape == shape


@pytest.mark.parametrize(
    "text",
    [
        "how much did that guy win",
        "how many did that rep win in 2024",
    ],
)
def test_what_is_not_fully_said_is_asked_back(sales: Desk, text: str) -> None:
    assert isinstance(sales.plan(text), Clarify)


def test_every_shape_has_a_name_of_its_own() -> None:
    names = [shape.name for shape in SHAPES]

    assert len(names) == len(set(names))


ONE_NUMBER = (
    "how many deals did we win in 2024",
    "bookings in 2024",
    "win rate in 2024",
    "how many accounts do we have",
)


@pytest.mark.parametrize("text", ONE_NUMBER)
def test_a_question_for_a_number_gives_one_row_with_one_value(sales: Desk, text: str) -> None:
    assert [len(row) for row in sales.rows(text)] == [1]


@pytest.mark.parametrize(
    ("text", "count"),
    [("which rep has the most wins", 1), ("top 3 reps by revenue", 3), ("the two largest open deals", 2),
     ("the second biggest deal we won", 1)],
)  # fmt: skip
def test_a_ranking_gives_as_many_rows_as_were_asked_for(sales: Desk, text: str, count: int) -> None:
    assert len(sales.rows(text)) == count


@pytest.mark.parametrize(
    "text", ["which deals did we win in May 2025", "won deals under 1000", "which deals sold below list price"]
)
def test_a_question_for_deals_lists_deals(sales: Desk, text: str) -> None:
    spec = sales.spec(text)

    assert (spec.entity, spec.measures) == ("deal", [])


def test_two_measures_asked_are_two_measures_answered(sales: Desk) -> None:
    assert len(sales.spec("bookings and win rate by region").measures) == 2


def test_an_average_of_a_total_over_groups_is_one_number(sales: Desk) -> None:
    assert len(sales.rows("average bookings per rep in 2024")) == 1


@pytest.mark.parametrize("text", ["who are the managers", "who are our managers"])
def test_who_are_they_lists_those_that_the_noun_names(sales: Desk, text: str) -> None:
    assert {row[0] for row in sales.rows(text)} == set(REGIONS.values())


def test_periods_of_two_dates_are_not_set_side_by_side(sales: Desk) -> None:
    assert isinstance(sales.plan("by how much has her revenue changed from August to September?"), Clarify)
