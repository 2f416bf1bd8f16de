"""Periods: running totals, growth, cohorts, periods told by other ones, how long things took, as of a day."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

import pytest

from copilot.offline.plan import Query
from crm_core.query.spec import QuerySpec
from tests.copilot.offline.conftest import Desk


def spec_after(desk: Desk, *turns: str) -> QuerySpec:
    past: list = []
    for text in turns[:-1]:
        past.append(desk.turn(text, after=past))
    plan = desk.plan(turns[-1], after=past)
    assert isinstance(plan, Query), plan
    return plan.spec


SAME: list[tuple[str, str]] = [
    ("cumulative bookings by month in 2024", "running total of bookings per month in 2024"),
    ("2024年各月累计业绩", "running total of bookings per month in 2024"),
    ("cumulative bookings in 2024", "total bookings in 2024"),
    ("month over month growth of bookings in 2024", "growth in bookings by month in 2024"),
    ("按月看2024年业绩的环比", "growth in bookings by month in 2024"),
    ("trend of the win rate in 2024", "win rate by month in 2024"),
    ("win rate by start month", "win rate by the month in which the deal was started"),
    ("2024年月均赢单数", "average number of wins per month in 2024"),
    ("open deals as of 30 June 2024", "deals that were open at the end of June 2024"),
    ("how many deals did we close within 30 days", "how many deals did we close in at most 30 days"),
    ("bookings on Christmas Eve 2024", "bookings on 24 December 2024"),
    ("2024年双十一的业绩", "bookings on 11 November 2024"),
    ("bookings in the week before Christmas 2024", "bookings between 18 and 24 December 2024"),
    ("cumulative wins in 2024", "wins in 2024"),
    ("wins in the 30 days to 31 May 2024", "wins between 2 May and 31 May 2024"),
    ("open deals on 30 June 2024", "deals that were open at the end of June 2024"),
    ("pipeline by start month", "pipeline by the month in which the deal was started"),
    ("top 3 months by wins", "the 3 best months by wins"),
    ("赢单最多的三个月", "哪三个月赢单最多"),
    ("revenue from 1/10/2024 to 15/10/2024", "revenue from 1 October 2024 to 15 October 2024"),
    ("wins in the back half of 2024", "wins in the second half of 2024"),
    ("wins in the quarter just ended", "wins last quarter"),
    ("前三季度业绩", "bookings from Q1 to Q3 2025"),
    ("圣诞节前一周业绩", "bookings between 16 December 2024 and 22 December 2024"),
    ("wins in week 20 of 2024", "wins between 13 and 19 May 2024"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_ways_to_say_a_time_mean_the_same(sales: Desk, one: str, other: str) -> None:
    assert sales.spec(one) == sales.spec(other)


def test_a_running_total_adds_up_what_the_periods_hold(sales: Desk) -> None:
    plain = [row[1] for row in sales.rows("wins by month in 2024")]
    running = [row[1] for row in sales.rows("cumulative wins by month in 2024")]

    assert running == list(accumulate(plain))


def test_growth_is_told_beside_what_grows(sales: Desk) -> None:
    rows = sales.rows("growth of bookings by quarter in 2024")
    values = [float(row[1]) for row in rows]  # type: ignore[arg-type]

    assert [row[2] for row in rows][1:] == pytest.approx([b / a - 1 for a, b in pairwise(values)])


def test_a_cohort_goes_by_the_date_that_is_named(sales: Desk) -> None:
    assert [group.field for group in sales.spec("win rate by start month").group_by] == ["started_on"]
    assert [group.field for group in sales.spec("win rate by month").group_by] == ["closed_on"]


def test_each_period_goes_by_the_state_that_it_stands_with(sales: Desk) -> None:
    spec = sales.spec("how many deals opened in Q1 2024 and won in Q2 2024")

    assert {(c["field"], c.get("value")) for c in spec.model_dump(exclude_defaults=True)["where"]["all"]} >= {
        ("started_on", "2024-01-01"), ("started_on", "2024-03-31"), ("closed_on", "2024-04-01"),
        ("closed_on", "2024-06-30"),
    }  # fmt: skip


STEPS: list[tuple[Sequence[str], str]] = [
    (("bookings in Q2 2024", "and the quarter before?"), "bookings in Q1 2024"),
    (("bookings in Q2 2024", "the previous quarter"), "bookings in Q1 2024"),
    (("bookings in June 2024", "and the month after that?"), "bookings in July 2024"),
    (("bookings in Q2 2024", "the next quarter?"), "bookings in Q3 2024"),
    (("bookings in Q2 2024", "same period last year"), "bookings in Q2 2023"),
    (("2024年二季度业绩", "上一个季度呢"), "bookings in Q1 2024"),
    (("2024年3月赢了几单", "再往前一个月呢"), "2024年2月赢了几单"),
]


@pytest.mark.parametrize(("turns", "whole"), STEPS)
def test_a_period_told_by_the_one_spoken_of(sales: Desk, turns: Sequence[str], whole: str) -> None:
    assert spec_after(sales, *turns).where == sales.spec(whole).where


@pytest.mark.parametrize(
    ("text", "base", "against"),
    [("bookings in Q2 2024 compared with the quarter before", "2024-01-01", "2024-04-01"),
     ("how did bookings in Q2 2024 compare to the same quarter last year", "2023-04-01", "2024-04-01"),
     ("2024年二季度业绩同比", "2023-04-01", "2024-04-01"),
     ("revenue from 1 May 2024 to 20 May 2024 vs the same period last year", "2023-05-01", "2024-05-01"),
     ("2024年二季度业绩环比", "2024-01-01", "2024-04-01")],
)  # fmt: skip
def test_a_period_is_set_against_its_neighbour(sales: Desk, text: str, base: str, against: str) -> None:
    compared = sales.spec(text).compare_to

    assert compared is not None
    assert (compared.base.since, compared.against.since) == (base, against)  # type: ignore[union-attr]


def test_a_series_goes_on_in_a_follow_up(sales: Desk) -> None:
    spec = spec_after(sales, "wins by month in 2024", "and cumulatively?")

    assert spec.measures[0].running
    assert spec.group_by == sales.spec("wins by month in 2024").group_by


@pytest.mark.parametrize(
    "text",
    ["when was the last time we won a deal with Ferncliff", "when did we last win a deal with Ferncliff",
     "when did Ferncliff last buy"],
)  # fmt: skip
def test_the_last_time_is_that_of_the_last_deal_won(sales: Desk, text: str) -> None:
    spec = sales.spec(text)

    assert (spec.order_by[0].by, spec.order_by[0].descending, spec.limit) == ("closed_on", True, 1)
    assert "closed_on" in spec.columns


def test_every_period_is_a_clause_of_its_own(sales: Desk) -> None:
    every = sales.rows("which reps won a deal in every quarter of 2024")
    quarters = [{row[0] for row in sales.rows(f"which reps won a deal in Q{n} 2024")} for n in (1, 2, 3, 4)]

    assert {row[0] for row in every} == set.intersection(*quarters)


def test_the_oldest_company_was_founded_first(sales: Desk) -> None:
    assert not sales.spec("the oldest account by founding year").order_by[0].descending


def test_a_running_total_of_a_party_is_its_total(sales: Desk) -> None:
    assert sales.spec("top 3 accounts by cumulative bookings") == sales.spec("top 3 accounts by bookings")
    assert sales.asks("which month had the highest cumulative bookings")


def test_how_much_more_one_period_holds_is_told(sales: Desk) -> None:
    spec = sales.spec("2024年下半年比上半年多做了多少业绩")

    assert spec.compare_to is not None


def test_a_date_field_goes_with_the_date_behind_it(sales: Desk) -> None:
    begun, closed = sales.read("deals begun in Q1 2024 that closed in Q2 2024").periods

    assert (begun.dotted, begun.role) == (None, "opened")
    assert closed.dotted == "deal.closed_on"


def test_a_share_of_wins_is_that_of_the_quick_ones(sales: Desk) -> None:
    quick, wins = sales.number("wins that closed within 30 days"), sales.number("how many deals did we win")

    assert sales.number("share of wins that closed within 30 days") == pytest.approx(quick / wins)


def test_the_oldest_open_deal_has_the_highest_age(sales: Desk) -> None:
    ages = [row[1] for row in sales.rows("list the open deals with their age")]

    assert sales.rows("how old is the oldest open deal")[0][1] == max(a for a in ages if a is not None)  # type: ignore[type-var]


@pytest.mark.parametrize(
    "text",
    [
        "growth of bookings",  # since when?
        "环比增长多少",
        "which deals closed in the same month they were started",
        "win rate by month for deals started in 2024",  # months of the start, or of the close?
        "which month had the biggest growth in bookings",
        "growth of bookings by weekday",
        "how many deals were open in May 2024",  # started in it, or open at some time in it?
        "which accounts did we win for the first time in 2024",
    ],
)
def test_a_time_that_is_not_fully_said_is_asked_about(sales: Desk, text: str) -> None:
    assert sales.asks(text)
