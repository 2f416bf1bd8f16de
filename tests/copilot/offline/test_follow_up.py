"""A follow-up edits the last question: it narrows, replaces, or points into the answer."""

from collections.abc import Sequence

import pytest

from copilot.offline.plan import Query
from crm_core.query.spec import QuerySpec
from tests.copilot.offline.conftest import Desk


def last_spec(desk: Desk, *turns: str) -> QuerySpec:
    """The spec of the last of several turns."""
    past: list = []
    for text in turns[:-1]:
        past.append(desk.turn(text, after=past))
    plan = desk.plan(turns[-1], after=past)
    assert isinstance(plan, Query), plan
    return plan.spec


def answer(desk: Desk, spec: QuerySpec) -> list[tuple[object, ...]]:
    return [row.values for row in desk.run(spec).rows]


SAME: list[tuple[Sequence[str], str]] = [
    (("bookings by region for 2024", "what about 2023?"), "bookings by region for 2023"),
    (("bookings by region for 2024", "and by product?"), "bookings by product for 2024"),
    (("bookings by region for 2024", "only for Germany"), "bookings by region for 2024 in Germany"),
    (("how many deals did Mira win in 2024", "and Jonas?"), "how many deals did Jonas win in 2024"),
    (("how many deals did Mira win in 2024", "and lost?"), "how many deals did Mira lose in 2024"),
    (("win rate in 2024", "per rep"), "win rate per rep in 2024"),
    (("win rate in 2024", "per rep", "only in the North"), "win rate per rep in 2024 in the North"),
    (("top 3 reps by revenue in 2024", "and the bottom 3?"), "bottom 3 reps by revenue in 2024"),
    (("how many accounts are in Germany", "list them"), "list the accounts in Germany"),
    (("how many accounts are in Germany", "which of those have more than 1000 employees"),
     "which accounts in Germany have more than 1000 employees"),
    (("revenue for Kestrel", "Kestrel Aviation"), "revenue for Kestrel Aviation"),
    (("how many deals did Mira win in 2024", "what was the biggest one?"), "the biggest deal that Mira won in 2024"),
    (("open deals of Tessa Obafemi", "how many are there?"), "how many open deals does Tessa Obafemi have"),
    (("open deals of Tessa Obafemi", "what's the total?"), "pipeline of Tessa Obafemi"),
    (("open deals of Tessa Obafemi", "which of them are over 10k?"), "open deals of Tessa Obafemi over 10k"),
    (("deals won in 2024", "excluding Germany", "and Japan too"), "deals won in 2024 excluding Germany and Japan"),
    (("which reps are in the North", "what is their combined revenue in 2024?"), "revenue in the North in 2024"),
    (("which rep won the most deals in 2024", "who is their manager?"), "who manages Caleb Durand"),
    (("which rep won the most deals in 2024", "how many did that rep lose"), "how many did Caleb Durand lose in 2024"),
    (("which region is Caleb Durand in", "revenue of that region in 2024"), "revenue in the South in 2024"),
    (("what's our pipeline", "what's the weather?", "and by rep?"), "pipeline by rep"),
    (("2024年的销售额", "按大区呢"), "2024年各大区的销售额"),
    (("Mira Castellan 去年的业绩", "Jonas Whitlock 呢"), "Jonas Whitlock 去年的业绩"),
    (("去年赢了多少单", "今年呢"), "今年赢了多少单"),
    (("去年赢了多少单", "德国的呢"), "德国去年赢了多少单"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("turns", "whole"), SAME, ids=lambda value: value if isinstance(value, str) else " >> ".join(value)
)
def test_a_follow_up_says_what_the_whole_question_would(sales: Desk, turns: Sequence[str], whole: str) -> None:
    assert answer(sales, last_spec(sales, *turns)) == answer(sales, sales.spec(whole))


def test_a_whole_question_with_a_scope_of_its_own_leaves_the_old_one(sales: Desk) -> None:
    spec = last_spec(sales, "which rep won the most deals in 2024", "how many accounts do we have")

    assert spec == sales.spec("how many accounts do we have")


def test_a_pointer_stands_for_the_record_last_spoken_of(sales: Desk) -> None:
    spec = last_spec(sales, "which rep won the most deals in 2024", "how much revenue did they bring in?")

    assert [row[-1] for row in answer(sales, spec)] == [
        row[-1] for row in sales.rows("revenue of Caleb Durand in 2024")
    ]


def test_them_are_the_one_company_that_was_shown(sales: Desk) -> None:
    turns = ("what was the biggest win in 2024", "which account was that for")
    ((account, *_),) = answer(sales, last_spec(sales, *turns))

    follow_up = last_spec(sales, *turns, "how many deals have we lost with them in 2024?")

    assert answer(sales, follow_up) == answer(sales, sales.spec(f"how many deals did we lose with {account} in 2024"))


def test_small_talk_between_two_turns_changes_nothing(sales: Desk) -> None:
    assert last_spec(sales, "win rate in 2024", "thanks", "per rep") == sales.spec("win rate per rep in 2024")


def test_the_same_turns_give_the_same_answer_twice(sales: Desk) -> None:
    turns = ("bookings by region for 2024", "only for Germany", "and 2023?")

    assert last_spec(sales, *turns) == last_spec(sales, *turns)


@pytest.mark.parametrize("after", ["zwanfel?", "and the zwanfel ones", "only zwanfel"])
def test_an_unknown_word_is_not_answered_in_a_follow_up_either(sales: Desk, after: str) -> None:
    past = [sales.turn("bookings by region for 2024")]

    assert not isinstance(sales.plan(after, after=past), Query)


@pytest.mark.parametrize("text", ["how many open deals does she have?", "what is his win rate", "她有多少商机"])
def test_somebody_who_was_not_spoken_of_is_not_everybody(sales: Desk, text: str) -> None:
    assert not isinstance(sales.plan(text), Query)
