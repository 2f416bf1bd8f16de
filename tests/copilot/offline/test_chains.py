"""Several comparisons of one measure, counted in plain Python."""

from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from tests.copilot.offline.conftest import Desk
from tests.worlds import joined


@pytest.fixture(params=["sales", "renamed"])
def at(request: pytest.FixtureRequest, desk: object) -> Desk:
    return desk(request.param)  # type: ignore[operator,no-any-return]


def bookings(desk: Desk, by: str) -> dict[str, Counter[tuple[int, int]]]:
    """The amounts won by group and quarter."""
    out: dict[str, Counter[tuple[int, int]]] = defaultdict(Counter)
    for row in joined(desk.world):
        if row["stage"] == "Won" and row[by] is not None:
            out[row[by]][row["close_date"].year, (row["close_date"].month + 2) // 3] += row["amount"]
    return out


def names(desk: Desk, text: str) -> set[str]:
    return {str(row[0]) for row in desk.rows(text)}


def falling(desk: Desk, by: str, *quarters: tuple[int, int]) -> set[str]:
    """Those of whom each of these quarters is below the one before it."""
    return {
        name
        for name, amounts in bookings(desk, by).items()
        if all(amounts[a] > amounts[b] for a, b in pairwise(quarters))
    }


@pytest.mark.parametrize(
    "text",
    ["which reps booked less in Q4 2024 than in Q3 2024 and also less in Q3 2024 than in Q2 2024",
     "reps with less revenue in Q4 2024 than in Q3 2024 and less in Q3 2024 than in Q2 2024"],
)  # fmt: skip
def test_each_of_two_comparisons_holds(at: Desk, text: str) -> None:
    assert names(at, text) == falling(at, "rep", (2024, 2), (2024, 3), (2024, 4))


def test_the_other_way_round(at: Desk) -> None:
    text = "which accounts bought more in Q3 2024 than in Q2 2024 and more in Q4 2024 than in Q3 2024"

    assert names(at, text) == falling(at, "account", (2024, 4), (2024, 3), (2024, 2))


@pytest.mark.parametrize(
    "text",
    ["industries where won revenue fell two quarters in a row", "连续两个季度业绩下滑的行业",
     "industries where won revenue fell two quarters in a row - Q4 2024 below Q3 2024 and Q1 2025 below Q4 2024"],
)  # fmt: skip
def test_a_streak_is_of_the_last_complete_periods(at: Desk, text: str) -> None:
    assert names(at, text) == falling(at, "industry", (2024, 3), (2024, 4), (2025, 1))


def test_every_quarter_of_a_year_is_above_the_one_before(at: Desk) -> None:
    text = "which products grew in revenue every quarter of 2024"

    assert names(at, text) == falling(at, "product", (2024, 4), (2024, 3), (2024, 2), (2024, 1))


def test_a_streak_told_in_other_steps_is_asked_about(sales: Desk) -> None:
    assert sales.asks("industries where won revenue fell three quarters in a row - Q1 2025 below Q4 2024")


def test_the_periods_are_told_beside_each_other(sales: Desk) -> None:
    spec = sales.spec("industries where won revenue fell two quarters in a row")

    assert [measure.name for measure in spec.measures] == ["2024-Q3", "2024-Q4", "2025-Q1"]


@pytest.mark.parametrize(("product", "verb"), [("Atlas Plus", "take"), ("Nimbus Team", "run")])
def test_how_many_days_longer_is_of_days_and_not_of_money(at: Desk, product: str, verb: str) -> None:
    def lasted(name: str) -> float:
        found = [(row["close_date"] - row["engage_date"]).days for row in joined(at.world)
                 if row["stage"] == "Lost" and row["product"] == name]  # fmt: skip
        return sum(found) / len(found)

    text = f"for deals we lost, how many days longer does an Atlas Max {verb} on average than a {product}"

    (row,) = at.rows(text)

    assert row[2] == pytest.approx(lasted("Atlas Max") - lasted(product))
