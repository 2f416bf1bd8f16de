"""Deals told by when they were won, prices told by the list, owners and products that a sentence shares."""

from typing import Any

import pytest

from copilot.offline.plan import Clarify, Query
from crm_core.changes.steps import Computed
from crm_core.query.spec import Condition, QuerySpec
from tests.copilot.offline.conftest import Desk
from tests.copilot.offline.writing.newly import made
from tests.copilot.offline.writing.wishing import changes

WON = {"stage": "Won"}


@pytest.mark.parametrize(
    ("text", "codes", "given"),
    [
        ("Mark D1218 closed won at list price", ["D1218"], {**WON, "amount": Computed(of="product.list_price")}),
        ("D1218 按目录价打九折成交了", ["D1218"], {**WON, "amount": Computed(of="product.list_price", times=0.9)}),
        ("They beat me down to 7k on D1218, mark it won", ["D1218"], {**WON, "amount": 7000}),
        ("Vantry signed! 8,000 for the Atlas Plus, please close it as won", ["D1218"], {**WON, "amount": 8000}),
        ("We lost Caleb's Vantry deal on price", ["D1218"], {"stage": "Lost", "lost_reason": "price"}),
        ("把 D1218 专给 Mira", ["D1218"], {"owner": "Mira Castellan"}),
        ("D1218 预计成交日改到9月1号", ["D1218"], {"closes_on": "2025-09-01"}),
        ("Vantry 的 Atlas Plus 开始谈了，改成 Proposal", ["D1218"], {"stage": "Proposal"}),
    ],
)
def test_a_deal_and_its_price_are_told_in_other_words(
    sales: Desk, text: str, codes: list[str], given: dict[str, Any]
) -> None:
    assert changes(sales, sales.plan(text)) == [("update", "deal", tuple(codes), given)]


@pytest.mark.parametrize(
    "text",
    [
        "Take 8% off the amount of the deal that {owner} won on {day}",
        "Correction for the books: {owner}'s win from {day} was booked too high. Take 8% off the amount.",
        "{owner} {day}赢的那单，金额下调8%",
    ],
)
def test_a_deal_is_told_by_when_it_was_won(sales: Desk, text: str) -> None:
    won = Condition(field="stage", op="eq", value="Won")
    rows = sales.run(QuerySpec(entity="deal", where=won, columns=["owner", "closed_on"], limit=1000)).rows
    days = [row.values for row in rows]
    owner, day = next(pair for pair in days if days.count(pair) == 1)

    ((_, _, codes, given),) = changes(sales, sales.plan(text.format(owner=owner, day=day)))

    assert (len(codes), given) == (1, {"amount": Computed(times=0.92)})


def test_one_owners_deals_go_to_different_people(sales: Desk) -> None:
    plan = sales.plan("Caleb is on leave. His Bexley deal goes to Mira and the Drumlin one to Priya.")

    assert changes(sales, plan) == [
        ("update", "deal", ("D1284",), {"owner": "Mira Castellan"}),
        ("update", "deal", ("D1373",), {"owner": "Priya Ramanath"}),
    ]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("two new contacts at Tidewell: Lucia Ortega, head of procurement, and Tomas Rivas, CFO",
         [("Lucia Ortega", "head of procurement"), ("Tomas Rivas", "CFO")]),
        ("加个联系人，Tidewell 的采购经理 Helen Zhou", [("Helen Zhou", "采购经理")]),
    ],
)  # fmt: skip
def test_people_are_told_with_their_jobs(sales: Desk, text: str, people: list[tuple[str, str]]) -> None:
    found = [(values["name"], values["title"]) for _, values in made(sales, sales.plan(text))]

    assert found == people


def test_a_task_after_a_change_has_the_owner_that_is_named(sales: Desk) -> None:
    text = "We lost Caleb's Vantry deal on price. And set Mira a task to check back with Vantry on September 1st."

    _, (_, task) = made(sales, sales.plan(text))

    assert (task["title"], task["owner"], task["due_on"]) == ("Check back with Vantry", "Mira Castellan", "2025-09-01")


@pytest.mark.parametrize("text", ["two new contacts at Tidewell: Lucia Ortega, CFO", "Add 2 new deals at Tidewell"])
def test_another_number_than_is_told_is_asked_about(sales: Desk, text: str) -> None:
    assert isinstance(sales.plan(text), Clarify)


def test_wins_that_are_asked_for_stay_a_question(sales: Desk) -> None:
    assert isinstance(sales.plan("Mira's wins in 2024"), Query)
