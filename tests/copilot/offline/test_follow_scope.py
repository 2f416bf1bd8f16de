"""What a follow-up does to the scope: lets go, turns round, moves in time, takes back; and what it may not lose."""

from collections.abc import Sequence

import pytest

from copilot.offline.plan import Clarify, PastTurn, Plan, Query
from tests.copilot.offline.conftest import Desk


def last(desk: Desk, turns: Sequence[str]) -> Plan:
    """The plan for the last of several turns."""
    past: list[PastTurn] = []
    for text in turns[:-1]:
        past.append(desk.turn(text, after=past))
    return desk.plan(turns[-1], after=past)


SAME: list[tuple[tuple[str, ...], str]] = [
    (("win rate in Germany in 2024", "drop the country filter"), "win rate in 2024"),
    (("win rate in Germany in 2024", "never mind the year"), "win rate in Germany"),
    (("bookings in the North in 2024", "across all regions"), "bookings in 2024"),
    (("bookings of Mira in 2024", "and for the whole company?"), "bookings in 2024"),
    (("北区2024年的销售额", "不限地区"), "2024年的销售额"),
    (("2024年德国的销售额", "不看时间"), "德国的销售额"),
    (("bookings in Q3 2024", "and the quarter before that?"), "bookings in Q2 2024"),
    (("bookings in Q3 2024", "n the one b4?"), "bookings in Q2 2024"),
    (("bookings in Q3 2024", "a year earlier?"), "bookings in Q3 2023"),
    (("bookings in Q3 2024", "same period of 2023"), "bookings in Q3 2023"),
    (("2024年8月的销售额", "再往前一个月呢"), "2024年7月的销售额"),
    (("how many accounts are in Germany", "and the rest?"), "how many accounts are not in Germany"),
    (("bookings of Mira in 2024", "and the other reps?"), "bookings excluding Mira in 2024"),
    (("bookings of Mira in 2024", "not Mira, Jonas"), "bookings of Jonas in 2024"),
    (("bookings by region for 2024", "exclude March 2024"), "bookings by region for 2024 excluding March 2024"),
    (("how many deals did we win in 2024", "and the biggest of them?"), "the biggest deal that we won in 2024"),
    (("deals won by region in 2024", "now by value"), "bookings by region in 2024"),
    (("2024年各大区的赢单数", "换成金额"), "2024年各大区的销售额"),
    (("top 3 reps by revenue in 2024", "who came second?"), "the second best rep by revenue in 2024"),
    (("which region is Mira Castellan in", "how many accounts do we have"), "how many accounts do we have"),
]


@pytest.mark.parametrize(("turns", "whole"), SAME, ids=lambda value: value if isinstance(value, str) else value[-1])
def test_a_change_of_scope_says_what_the_whole_question_would(sales: Desk, turns: tuple[str, ...], whole: str) -> None:
    plan = last(sales, turns)

    assert isinstance(plan, Query), plan
    assert [row.values[-1] for row in sales.run(plan.spec).rows] == [row[-1] for row in sales.rows(whole)]


UNCLEAR = [
    ("bookings in 2024", "drop the industry filter"),  # there was none
    ("bookings", "and the quarter before that?"),  # before what?
    ("bookings in 2024", "and the month before that?"),  # of which month?
    ("bookings of Mira in Germany in 2024", "and the rest?"),  # of the reps, or of the countries?
    ("bookings in 2024", "and the others?"),
    ("how many zwanfels are there", "and by rep?"),  # what had no answer is nothing to lean on
    ("how many zwanfels are there", "which account?"),
    ("win rate of Mira in 2024", "and Jonas?", "what is the average of the two?"),  # rates have no plain mean
]


@pytest.mark.parametrize("turns", UNCLEAR, ids=" >> ".join)
def test_a_change_that_fits_nothing_shown_is_asked_about(sales: Desk, turns: tuple[str, ...]) -> None:
    assert not isinstance(last(sales, turns), Query)


def test_a_month_that_begins_a_name_is_asked_about(sales: Desk) -> None:
    plan = last(sales, ("how many deals did Jonas win", "and Mar?"))

    assert isinstance(plan, Query | Clarify)


UNITS = [
    ("how many accounts are in Germany", "how many of those have deals in Negotiation?"),
    ("how many accounts are in Germany", "其中还有单子停在 Negotiation 的有几家？"),
]


@pytest.mark.parametrize("turns", UNITS, ids=" >> ".join)
def test_of_companies_it_is_companies_that_are_counted(sales: Desk, turns: tuple[str, ...]) -> None:
    plan = last(sales, turns)

    assert isinstance(plan, Query), plan
    assert plan.spec.entity == "account"


def test_columns_asked_for_beside_a_list_leave_the_list_as_it_was(sales: Desk) -> None:
    first = sales.spec("open deals of Tessa Obafemi")
    plan = last(sales, ("open deals of Tessa Obafemi", "list them with the account and the product"))

    assert isinstance(plan, Query), plan
    assert plan.spec.where == first.where
    assert {"account", "product"} <= set(plan.spec.columns)


def test_a_question_without_a_subject_is_about_the_one_that_was_found(sales: Desk) -> None:
    first = ("what was the biggest deal we won in 2024",)
    it, bare = (last(sales, (*first, asked)) for asked in ("which account was it for?", "which account?"))

    assert isinstance(it, Query), it
    assert isinstance(bare, Query), bare
    assert sales.run(it.spec).rows[0].values == sales.run(bare.spec).rows[0].values


def test_a_number_without_a_subject_is_asked_about(sales: Desk) -> None:
    assert not isinstance(last(sales, ("which rep won the most deals in 2024", "how many deals were lost?")), Query)
