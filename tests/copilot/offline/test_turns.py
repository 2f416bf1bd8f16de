"""Conversations of three to six turns: the team as a whole, bounds on figures, totals, whose each of them is."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from copilot.offline.plan import Cannot, Clarify, PastTurn, Plan, Query
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


SAME: list[tuple[tuple[str, ...], str]] = [
    # the team as a whole, after its people
    (("bookings of Helene's team in 2024", "per rep", "and the team as a whole?"), "bookings of Helene's team in 2024"),
    (("win rate of Mira in 2024", "and the team as a whole"), "win rate of Helene's team in 2024"),
    # a total of all, where each was told
    (("bookings by region in 2024", "what's the total value"), "bookings in 2024"),
    (("bookings per rep in 2024", "without Mira, what does that add up to"), "bookings in 2024 without Mira"),
    (
        ("how many deals did each rep win in 2024", "不算Mira，一共多少"),
        "how many deals did we win in 2024 without Mira",
    ),
    # what was measured is what others are ranked by
    (
        ("win rate by region in 2024", "who is lowest in the North?"),
        "which rep in the North has the lowest win rate in 2024",
    ),
    (
        ("how many deals did Mira lose in 2024", "which product mostly"),
        "which product did Mira lose the most deals with in 2024",
    ),
    (("bookings by quarter in 2024", "which quarter was the worst"), "which quarter of 2024 had the lowest bookings"),
    # the time stays where the same is asked of another
    (("how many deals did Mira win in May 2024", "how many did Jonas win"), "how many deals did Jonas win in May 2024"),
    # open deals stay open
    (("what is Mira's pipeline", "how many deals"), "how many open deals does Mira have"),
    (
        ("how many of Mira's deals are in Proposal", "ignore the stage, just those over 5000"),
        "how many of Mira's deals over 5000",
    ),
    (("who won the most deals in 2024", "and by value?"), "which rep had the highest bookings in 2024"),
]


@pytest.mark.parametrize(("turns", "whole"), SAME, ids=lambda value: value if isinstance(value, str) else value[-1])
def test_the_last_turn_says_what_the_whole_question_would(sales: Desk, turns: tuple[str, ...], whole: str) -> None:
    found = rows(sales, turns)

    assert found
    assert [row[-1] for row in found] == [row[-1] for row in sales.rows(whole)]


def test_those_above_an_amount_are_the_figures_that_were_told(sales: Desk) -> None:
    told = rows(sales, ("bookings per rep in 2024",))
    bound = sorted(row[-1] for row in told)[3]

    found = rows(sales, ("bookings per rep in 2024", f"only those above {bound}"))

    assert found == [row for row in told if row[-1] > bound]


def test_a_total_without_one_is_of_the_rows_that_were_left(sales: Desk) -> None:
    told = rows(sales, ("bookings per rep in 2024",))
    bound = sorted(row[-1] for row in told)[3]
    kept = [row for row in told if row[-1] > bound]

    ((found,),) = rows(
        sales,
        ("bookings per rep in 2024", f"only those above {bound}", f"without {kept[0][0]}, what does that add up to"),
    )

    assert float(found) == pytest.approx(float(sum(row[-1] for row in kept[1:])))


@pytest.mark.parametrize("turn", ["whose are they", "who owns each of them", "分别是谁在跟"])
def test_whose_each_is_lists_each_with_its_owner(sales: Desk, turn: str) -> None:
    listed = last(sales, ("open deals in Negotiation",))
    assert isinstance(listed, Query)

    found = last(sales, ("open deals in Negotiation", turn))

    assert isinstance(found, Query)
    assert {row.record_id for row in sales.run(found.spec).rows} == {
        row.record_id for row in sales.run(listed.spec).rows
    }
    assert found.spec.columns[-1] == "owner"


@pytest.mark.parametrize("turn", ["which close in July 2024", "哪些2024年7月关"])
def test_which_without_a_noun_is_of_those_that_were_shown(sales: Desk, turn: str) -> None:
    plan = last(sales, ("deals won by Mira", turn))

    assert isinstance(plan, Query)
    assert "Mira" in str(plan.spec.where)


def test_how_many_of_her_deals_counts_deals(sales: Desk) -> None:
    turns = ("who has the most open deals", "how many of her deals are in Proposal")

    plan = last(sales, turns)

    assert isinstance(plan, Query)
    assert plan.spec.entity == "deal"


def test_how_many_did_they_lose_counts_what_they_lost(sales: Desk) -> None:
    ((rep, _),) = rows(sales, ("who won the fewest deals in 2024",))

    found = rows(sales, ("who won the fewest deals in 2024", "how many did they lose"))

    assert found == sales.rows(f"how many deals did {rep} lose in 2024")


def test_which_of_the_customers_bought_is_a_number_of_customers(sales: Desk) -> None:
    listed = last(sales, ("customers with open deals over 20000",))
    assert isinstance(listed, Query)
    shown = [str(row.values[0]) for row in sales.run(listed.spec).rows]
    won = {d["account"] for d in sales.world.tables["deals"] if d["stage"] == "Won" and d["product"] == "Atlas Core"}

    ((found,),) = rows(sales, ("customers with open deals over 20000", "how many of them have bought Atlas Core"))

    assert found == len(won & set(shown))


def test_a_size_that_is_not_told_is_asked_back_and_its_answer_taken(sales: Desk) -> None:
    asked = last(sales, ("how many open deals does each rep have", "only the big ones"))
    assert isinstance(asked, Clarify)
    assert asked.options

    found = rows(sales, ("how many open deals does each rep have", "only the big ones", "I mean above 5k"))

    big = [d for d in sales.world.tables["deals"] if d["stage"] not in ("Won", "Lost") and d["amount"] > 5000]
    assert dict(found) == Counter(d["rep"] for d in big)


def test_what_the_lost_deals_come_to_is_their_amounts(sales: Desk) -> None:
    ((rep, _),) = rows(sales, ("who lost the most deals in 2024",))

    ((found,),) = rows(sales, ("who lost the most deals in 2024", "what did those come to"))

    assert found == sum(
        d["amount"]
        for d in sales.world.tables["deals"]
        if d["rep"] == rep and d["stage"] == "Lost" and d["close_date"].year == 2024
    )


@pytest.mark.parametrize(
    ("turns", "last_turn"),
    [
        (("how many deals did Mira lose in 2024", "why"), "价格的有几个"),  # a field that no count tells
        (
            ("win rate of Mira in 2024", "and the team as a whole"),
            "how do the others on it do",
        ),  # of whom on which team?
        (("how many zwanfels are there",), "and the team as a whole?"),
    ],
)
def test_what_has_no_place_is_asked_about(sales: Desk, turns: tuple[str, ...], last_turn: str) -> None:
    assert isinstance(last(sales, (*turns, last_turn)), Clarify | Cannot)


def test_a_whole_question_after_one_without_an_answer_is_answered(sales: Desk) -> None:
    found = rows(sales, ("how many zwanfels are there", "Mira2024年签了多少钱"))

    assert found == sales.rows("bookings of Mira in 2024")


@pytest.mark.parametrize("turn", ["不算{}，加起来多少", "去掉{}，一共多少"])
def test_a_total_without_one_in_chinese(desk: Callable[[str], Desk], turn: str) -> None:
    company, asked = desk("chinese"), "2024年各销售的销售额"
    told = rows(company, (asked,))

    ((found,),) = rows(company, (asked, turn.format(told[0][0])))

    assert float(found) == pytest.approx(float(sum(row[-1] for row in told[1:])))
