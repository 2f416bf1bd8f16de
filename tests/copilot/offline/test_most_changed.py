"""Whoever changed most, and whoever is above an average: by the figures of the two periods, of all or of none."""

from collections.abc import Callable

import pytest

from copilot.offline.plan import Clarify, PastTurn, Query
from tests.copilot.offline.conftest import Desk

At = Callable[[str], Desk]
GROUPS = {"product": "product", "rep": "rep", "region": "region", "industry": "industry", "account": "account"}


def changes(desk: Desk, group: str, measure: str) -> dict[str, float]:
    """The measure in 2024 less that in 2023."""
    sides = [
        {str(row[0]): float(row[1] or 0) for row in desk.rows(f"{measure} by {group} in {year}")}  # type: ignore[arg-type]
        for year in (2023, 2024)
    ]
    names = {name for side in sides for name in side} - {"None"}
    return {name: sides[1].get(name, 0) - sides[0].get(name, 0) for name in names}


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("measure", ["bookings", "deals won"])
@pytest.mark.parametrize(
    ("form", "pick"),
    [("which {g} had the biggest increase in {m} from 2023 to 2024?", max),
     ("which {g}'s {m} grew the most from 2023 to 2024?", max),
     ("which {g} had the biggest drop in {m} from 2023 to 2024?", min),
     ("which {g} had the biggest increase in {m} in 2024?", max)],
)  # fmt: skip
def test_whoever_changed_most_has_the_largest_difference(
    sales: Desk, form: str, pick: Callable[..., float], measure: str, group: str
) -> None:
    told = changes(sales, group, measure)
    ((name, _, _, difference, *_),) = sales.rows(form.format(g=group, m=measure))

    assert float(difference) == pick(told.values())  # type: ignore[arg-type]
    assert told[str(name)] == pick(told.values())


def test_the_fastest_growth_is_the_largest_part_of_what_was_before(sales: Desk) -> None:
    rows = sales.rows("bookings by region, 2024 versus 2023")
    ((name, *_),) = sales.rows("which region's bookings grew the fastest from 2023 to 2024?")

    assert name == max(rows, key=lambda row: float(row[2]) / float(row[1]))[0]  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["哪个大区2024年的销售额比2023年增长最快？", "2024年销售额增长最快的大区是哪个？"])
def test_the_fastest_growth_in_chinese(desk: At, text: str) -> None:
    company = desk("chinese")
    before, after = (dict(company.rows(f"{year}年各大区的销售额")) for year in (2023, 2024))
    best = max(after, key=lambda name: float(after[name]) / float(before[name]))  # type: ignore[arg-type]

    assert company.rows(text)[0][0] == best


def test_growth_of_nothing_named_asks_by_which_measure_and_keeps_the_rest(sales: Desk) -> None:
    text = "who grew the most from 2023 to 2024?"
    asked = sales.plan(text)
    assert isinstance(asked, Clarify)

    plan = sales.plan("bookings", after=[PastTurn(text, options=asked.options)])

    assert isinstance(plan, Query)
    assert [row.values for row in sales.run(plan.spec).rows] == sales.rows(
        "which rep had the biggest increase in bookings from 2023 to 2024?"
    )


@pytest.mark.parametrize("text", ["which region had the biggest increase in bookings this year?"])
def test_growth_in_a_time_that_is_not_over_is_asked_about(sales: Desk, text: str) -> None:
    assert sales.asks(text)


@pytest.mark.parametrize("whose", ["team", "company", "overall", "rep"])
@pytest.mark.parametrize("measure", ["win rate", "bookings"])
def test_an_average_of_all_is_the_average(sales: Desk, measure: str, whose: str) -> None:
    assert sales.rows(f"which reps have {measure} above the {whose} average?") == sales.rows(
        f"which reps have {measure} above average?"
    )


def test_an_average_of_the_team_is_the_average_in_chinese(desk: At) -> None:
    assert desk("chinese").rows("谁的赢单率高于团队平均？") == desk("chinese").rows("谁的赢单率高于平均？")


@pytest.mark.parametrize(
    "text",
    ["which reps are above their region's average in bookings?", "reps with more wins than their region's average",
     "which accounts have more employees than the average of their industry?",
     "accounts with employees above their country's average"],
)  # fmt: skip
def test_an_average_of_each_part_is_not_taken_for_that_of_all(sales: Desk, text: str) -> None:
    assert sales.asks(text)


def test_an_average_of_each_part_is_not_taken_for_that_of_all_in_chinese(desk: At) -> None:
    assert desk("chinese").asks("员工人数高于行业平均的客户")


def test_what_is_above_the_average_is_what_was_named(sales: Desk) -> None:
    assert [m.metric for m in sales.spec("reps with bookings above average in 2024").measures] == ["bookings"]
