"""Follow-ups: another whole for a share, a unit asked for, an order, a row's owner, which of them, all but a family."""

from collections.abc import Sequence
from typing import Any

import pytest

from copilot.offline.plan import Clarify, PastTurn, Plan, Query
from tests.copilot.offline.conftest import Desk


def last(desk: Desk, turns: Sequence[str]) -> Plan:
    """The plan for the last of several turns."""
    past: list[PastTurn] = []
    for text in turns[:-1]:
        past.append(desk.turn(text, after=past))
    return desk.plan(turns[-1], after=past)


def rows(desk: Desk, turns: Sequence[str]) -> list[tuple[Any, ...]]:
    plan = last(desk, turns)
    assert isinstance(plan, Query), f"{turns} gave {plan}"
    return [row.values for row in desk.run(plan.spec).rows]


@pytest.mark.parametrize(
    "turns",
    [
        ("how many deals were opened in March 2024", "what share of them did we win", "same for May 2024"),
        ("2024年3月新建了多少单", "其中赢了的占多少", "2024年5月呢"),
    ],
)
def test_another_time_is_of_the_whole_and_not_of_the_part(sales: Desk, turns: tuple[str, ...]) -> None:
    ((found,),) = rows(sales, turns)
    ((plain,),) = rows(sales, ("how many deals were opened in May 2024", "what share of them did we win"))

    assert 0 < plain < 1
    assert found == plain


@pytest.mark.parametrize(
    "turns",
    [
        ("bookings in Q2 2024", "by what percent did that change from Q1 2024"),
        ("2024年第二季度的销售额", "比2024年第一季度变化了百分之几"),
    ],
)
def test_a_change_in_percent_is_told_as_one(sales: Desk, turns: tuple[str, ...]) -> None:
    before, after = sales.number("bookings in Q1 2024"), sales.number("bookings in Q2 2024")
    ((*_, change),) = rows(sales, turns)

    assert float(change) == pytest.approx((after - before) / before)


def test_a_gap_in_percentage_points_is_one_of_rates_only(sales: Desk) -> None:
    rates = ("win rate of Tessa Obafemi in 2024", "and Mira Castellan?")
    sums = ("bookings of Tessa Obafemi in 2024", "and Mira Castellan?")
    ask = "how big is the gap between the two, in percentage points"
    ((*_, gap),) = rows(sales, (*rates, ask))
    one, other = (sales.number(f"win rate of {rep} in 2024") for rep in ("Tessa Obafemi", "Mira Castellan"))

    assert abs(float(gap)) == pytest.approx(abs(one - other))
    assert isinstance(last(sales, (*sums, ask)), Clarify)


@pytest.mark.parametrize(
    "turns",
    [
        ("show me what we won in March 2024", "sort by amount, biggest first", "only the top 3"),
        ("列出2024年3月赢的单", "按金额从高到低排", "只看前三个"),
    ],
)
def test_an_order_is_of_the_list_that_was_shown(sales: Desk, turns: tuple[str, ...]) -> None:
    plain = [row[0] for row in sales.rows("the 3 biggest deals won in March 2024")]

    assert [row[0] for row in rows(sales, turns)] == plain
    assert len(rows(sales, turns[:2])) == sales.number("how many deals did we win in March 2024")


@pytest.mark.parametrize(
    "turns",
    [
        ("the 3 biggest deals won in March 2024", "who won the second of those"),
        ("the 3 biggest deals won in March 2024", "who closed the second one"),
    ],
)
def test_who_won_a_row_is_its_owner(sales: Desk, turns: tuple[str, ...]) -> None:
    second = sales.rows("the 3 biggest deals won in March 2024")[1][0]

    assert rows(sales, turns) == rows(sales, (turns[0], "who owns the second one"))
    assert rows(sales, turns)[0][0] == second


@pytest.mark.parametrize(
    "turns",
    [
        ("which companies belong to Palisade Holdings", "which of them has brought us the most revenue"),
        ("哪些客户的母公司是 Palisade Holdings", "其中哪家的销售额最高"),
    ],
)
def test_which_of_them_is_one_of_those_shown(sales: Desk, turns: tuple[str, ...]) -> None:
    revenue = {name: sales.number(f"bookings from {name}") for name in ("Tidewell", "Vantry", "Corvane")}
    ((name, found),) = rows(sales, turns)

    assert (name, float(found)) == max(revenue.items(), key=lambda pair: pair[1])


@pytest.mark.parametrize(
    "turns",
    [
        ("bookings by product in 2024", "without the Atlas family"),
        ("2024年各产品的销售额", "不算 Atlas 系列"),
    ],
)
def test_a_family_is_left_out_by_its_noun(sales: Desk, turns: tuple[str, ...]) -> None:
    assert {row[0] for row in rows(sales, turns)} == {"Nimbus Lite", "Nimbus Team", "Nimbus Grand"}


def test_for_each_of_them_is_one_figure_for_each_row(sales: Desk) -> None:
    turns = ("deals lost in 2024 by product", "and the win rate for each of those instead")

    assert sorted(rows(sales, turns)) == sorted(sales.rows("win rate by product in 2024"))
