"""A number and what it comes to, asked for in one sentence: both are told, or nothing is."""

from collections.abc import Callable

import pytest

from copilot.offline.plan import Queries, Query
from tests.copilot.offline.conftest import Desk

At = Callable[[str], Desk]
NUMBERS = {
    "open deals": ("how many open deals {w}", "pipeline {w}"),
    "deals won in 2024": ("how many deals did we win in 2024 {w}", "bookings in 2024 {w}"),
    "deals lost in 2024": ("how many deals did we lose in 2024 {w}", "total amount of deals lost in 2024 {w}"),
}
WORTH = (
    "and what are they worth", "and how much are they worth in total", "and what is their total value",
    ", and what do they add up to", "and how much money was that",
)  # fmt: skip
SCOPES = ("", "in Germany", "for Caleb Durand", "in retail", "in the South")


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("worth", WORTH)
@pytest.mark.parametrize("kind", NUMBERS)
def test_the_number_and_the_worth_are_those_of_the_two_questions(
    sales: Desk, kind: str, worth: str, scope: str
) -> None:
    number, money = (text.format(w=scope) for text in NUMBERS[kind])

    ((count, amount),) = sales.rows(f"{number} {worth}?")

    assert float(count) == sales.number(number)  # type: ignore[arg-type]
    assert float(amount or 0) == sales.number(money)  # type: ignore[arg-type]


CHINESE = (
    ("未结商机多少个，一共多少钱？", "未结商机有多少个", "未结商机的总金额"),
    ("王晓燕有多少个未结商机，总金额多少？", "王晓燕有多少个未结商机", "王晓燕未结商机的总金额"),
    ("商务谈判阶段有几个商机，加起来多少钱", "商务谈判阶段有几个商机", "商务谈判阶段的商机总金额"),
    ("华东今年签了几单，金额多少", "华东今年签了几单", "华东今年的销售额"),
    ("去年赢了多少单，总共多少钱", "去年赢了多少单", "去年的销售额"),
    ("王晓燕签了多少", "王晓燕签了几单", "王晓燕的业绩"),  # how many, or how much: both
    ("去年华东赢了多少？", "去年华东赢了多少单", "去年华东的销售额"),
)


@pytest.mark.parametrize(("text", "number", "money"), CHINESE)
def test_the_number_and_the_worth_are_both_told_in_chinese(desk: At, text: str, number: str, money: str) -> None:
    company = desk("chinese")
    ((count, amount),) = company.rows(text)

    assert float(count) == company.number(number)  # type: ignore[arg-type]
    assert float(amount or 0) == company.number(money)  # type: ignore[arg-type]


@pytest.mark.parametrize("asked", ["and what do they come to", "and how much are they worth"])
def test_orders_are_counted_and_added_up(desk: At, asked: str) -> None:
    shop = desk("shop")
    ((count, amount),) = shop.rows(f"how many orders do we have from Cobalt Inn {asked}?")

    assert float(count) == shop.number("how many orders do we have from Cobalt Inn")  # type: ignore[arg-type]
    assert float(amount) == shop.number("revenue from Cobalt Inn")  # type: ignore[arg-type]


@pytest.mark.parametrize("worth", ["and what are they worth", "and what is their total value"])
def test_whoever_has_the_most_is_told_with_the_worth_and_ranked_by_the_number(sales: Desk, worth: str) -> None:
    first = sales.rows("who has the most open deals")
    both = sales.rows(f"who has the most open deals {worth}")

    assert [row[:2] for row in both] == first
    assert [float(row[2]) for row in both] == [sales.number(f"pipeline of {row[0]}") for row in first]  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["how many deals in total did we win in 2024", "how many deals did we win, in total"])
def test_a_total_of_a_number_is_that_number(sales: Desk, text: str) -> None:
    assert len(sales.spec(text).measures) == 1


def test_of_all_deals_it_is_asked_which_are_to_be_added_up(sales: Desk) -> None:
    assert sales.asks("how many deals does Caleb Durand have and what are they worth?")


@pytest.mark.parametrize("listed", ["list the open deals of Tessa Obafemi", "show the deals that Mira won in 2024"])
@pytest.mark.parametrize("total", ["and their total", "and their total value"])
def test_a_list_and_its_total_are_two_answers(sales: Desk, listed: str, total: str) -> None:
    plan = sales.plan(f"{listed} {total}")

    assert isinstance(plan, Queries)
    assert plan.parts[0].spec == sales.spec(listed)
    ((worth,),) = [row.values for row in sales.run(plan.parts[1].spec).rows]
    at = [column.name for column in sales.run(plan.parts[0].spec).columns].index("amount")
    assert float(worth) == sum(float(row[at]) for row in sales.rows(listed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    ["which region won the most in 2024 and who manages it?", "which accounts are in Germany, and who owns them?"],
)
def test_a_second_question_is_not_passed_over(sales: Desk, text: str) -> None:
    assert not isinstance(sales.plan(text), Query)
