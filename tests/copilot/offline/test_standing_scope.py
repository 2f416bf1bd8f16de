"""Conversations: whose, when, which kind and which records stay until something replaces them."""

from typing import Any

import pytest

from copilot.offline.plan import Clarify, PastTurn, Plan, Query
from tests.copilot.offline.conftest import Desk


def last(desk: Desk, turns: str) -> Plan:
    """The plan for the last of several turns."""
    *before, text = (turn.strip() for turn in turns.split(">>"))
    past: list[PastTurn] = []
    for said in before:
        past.append(desk.turn(said, after=past))
    return desk.plan(text, after=past)


def rows(desk: Desk, turns: str) -> list[tuple[Any, ...]]:
    plan = last(desk, turns)
    assert isinstance(plan, Query), f"{turns} gave {plan}"
    return sorted((row.values for row in desk.run(plan.spec).rows), key=str)


SAME = [
    # a bound, a stage, a name: within what was shown
    ("open deals of Mira >> how many above 5,000", "how many open deals of Mira above 5,000"),
    ("how many deals did Mira win in 2024 >> how many in May?", "how many deals did Mira win in May 2024"),
    ("open deals in Germany >> how many are in Negotiation", "how many open deals in Germany are in Negotiation"),
    ("open deals of Mira >> the biggest one? >> how many are in Proposal", "how many open deals of Mira in Proposal"),
    # what they come to, and whose they are
    ("how many open deals does Tessa have >> what are they worth", "total amount of the open deals of Tessa"),
    ("open deals of Tessa >> what are the ones in Proposal worth", "total amount of Tessa's open deals in Proposal"),
    # past a sum, back to its rows
    ("deals won by rep in 2024 >> add those up >> which of them is at the bottom", "who won the fewest deals in 2024"),
    # a part of what was told
    ("deals won by rep in 2024 >> what share of the total is Mira", "what share of the deals won in 2024 is Mira's"),
    ("how many deals did we lose in 2024 >> 德国的占多少", "what share of the deals lost in 2024 is in Germany"),
]


@pytest.mark.parametrize(("turns", "whole"), SAME, ids=lambda value: value)
def test_a_turn_stays_within_what_the_answer_before_it_was_about(sales: Desk, turns: str, whole: str) -> None:
    assert rows(sales, turns) == rows(sales, whole)


AFTER_NOTHING = [
    "how many zwanfels of Mira are there >> how many above 5,000",
    "how many zwanfels of Mira are there >> which are in Negotiation",
    "米拉的扎瓦有几个 >> 五千以上的有几个",
]


@pytest.mark.parametrize("turns", AFTER_NOTHING)
def test_after_a_question_without_an_answer_a_turn_that_leans_on_it_says_so(sales: Desk, turns: str) -> None:
    plan = last(sales, turns)

    assert isinstance(plan, Clarify)
    assert "left that open" in plan.question or "没能回答" in plan.question


def test_a_question_that_may_be_a_new_one_is_offered_within_the_scope_and_over_everything(sales: Desk) -> None:
    before = sales.turn("how many deals did Mira win in 2024", after=[])
    asked = sales.plan("how much was booked in Germany", after=[before])

    assert isinstance(asked, Clarify)
    assert [one.text.split(" — ")[1].split(":")[0] for one in asked.reworded] == ["within", "over everything"]


@pytest.mark.parametrize(
    ("pick", "whole"),
    [("1", "bookings of Mira in Germany in 2024"), ("2", "bookings in Germany")],
)
def test_the_scope_that_is_picked_is_the_one_that_is_answered(sales: Desk, pick: str, whole: str) -> None:
    before = sales.turn("how many deals did Mira win in 2024", after=[])
    asked = sales.plan("how much was booked in Germany", after=[before])
    assert isinstance(asked, Clarify)

    plan = sales.plan(pick, after=[before, PastTurn("how much was booked in Germany", reworded=asked.reworded)])

    assert isinstance(plan, Query)
    assert [row.values for row in sales.run(plan.spec).rows] == sales.rows(whole)


def test_rows_of_managers_stand_for_the_people_they_lead(sales: Desk) -> None:
    plan = last(sales, "open deals by manager >> any with more than 1? >> total of all of them")
    assert isinstance(plan, Query)

    assert "owner.manager" in str(plan.spec.where)
