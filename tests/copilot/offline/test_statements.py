"""Sentences told before a question: left aside as a whole, but for what the question needs of them."""

from collections.abc import Callable

import pytest

from copilot.offline.plan import Query
from tests.copilot.offline.conftest import Desk

TOLD = (
    "My wife says that I work too much.",
    "The printer ate my report.",
    "Our lawyers visited on Friday and they hate surprises.",
    "Nobody tells me anything around here.",
    "Got an awful headache this morning.",
    "My predecessor always looked at the median.",
    "I'm not technical.",
    "We've been told to tidy our folders.",
    "Honestly, I don't trust the forecast one bit.",
    "Between you and me, the whole thing felt slow.",
    "They lost my luggage.",
    "It is budget season again.",
)
QUESTIONS = (
    "How many deals did Mira win in 2024?",
    "Bookings by region for 2024?",
    "Which rep won the most deals in 2024?",
    "What share of 2024 revenue came from Germany?",
    "Which accounts have we never won a deal with?",
    "How many employees does Okapi Games have?",
)


@pytest.mark.parametrize("told", TOLD)
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_statement_before_a_question_changes_nothing(sales: Desk, told: str, question: str) -> None:
    assert sales.spec(f"{told} {question}") == sales.spec(question)


@pytest.mark.parametrize(
    ("told", "plain"),
    [
        ("Mira tells me Tidewell is her best customer. How many deals has she won with them?",
         "how many deals has Mira won with Tidewell"),
        ("Everybody talks about Germany. What is the revenue there?", "what is the revenue in Germany"),
        ("Tidewell is a funny name for a company. How many employees do they have?",
         "how many employees does Tidewell have"),
        ("We celebrated a lot in June 2024. Which rep won the most deals that month?",
         "which rep won the most deals in June 2024"),
        ("My manager doubts it, but I think we did well in October 2024. How many wins was that?",
         "how many wins in October 2024"),
        ("Our conference is in Japan. How many accounts do we have there?",
         "how many accounts do we have in Japan"),
    ],
)  # fmt: skip
def test_the_question_keeps_what_it_needs_of_a_statement(sales: Desk, told: str, plain: str) -> None:
    assert sales.rows(told) == sales.rows(plain)


@pytest.mark.parametrize(
    ("told", "bare"),
    [
        ("I only count deals over 20k. How many deals did we win in 2024?", "How many deals did we win in 2024?"),
        ("We ignore Japan. How many deals did we win in 2024?", "How many deals did we win in 2024?"),
        ("I like the biggest deals. Who won them in 2024?", "Who won deals in 2024?"),
        ("How many deals did we win? I look at 2024.", "How many deals did we win?"),
        ("How many deals did we win? The ones in Germany matter.", "How many deals did we win?"),
        ("I was away in May 2024. How many deals did we win?", "How many deals did we win?"),
        ("We never sell to Japan. How many deals did we win?", "How many deals did we win?"),
    ],
)
def test_a_statement_that_may_narrow_is_not_left_aside(sales: Desk, told: str, bare: str) -> None:
    plan = sales.plan(told)

    assert not isinstance(plan, Query) or plan.spec != sales.spec(bare)


@pytest.mark.parametrize(
    "told",
    ["昨晚没睡好。", "财务那边又在催了，", "又要写总结了，", "领导不相信我，", "我不太会用系统，", "刚开完会，"],
)
@pytest.mark.parametrize("question", ["2024年赢了多少单？", "未结商机有多少？", "2024年每个季度的成交额是多少？"])
def test_a_chinese_statement_before_a_question_changes_nothing(
    desk: Callable[[str], Desk], told: str, question: str
) -> None:
    company = desk("chinese")

    assert company.spec(f"{told}{question}") == company.spec(question)


@pytest.mark.parametrize("told", ["企业版的，", "别的先不管，", "没联系过的，", "华东以外，"])
def test_a_chinese_clause_that_may_narrow_is_not_left_aside(desk: Callable[[str], Desk], told: str) -> None:
    company = desk("chinese")
    plan = company.plan(f"{told}2024年未结商机有多少？")

    assert not isinstance(plan, Query) or plan.spec != company.spec("2024年未结商机有多少？")


def test_the_team_that_was_spoken_of_stays_a_team(sales: Desk) -> None:
    plain = "how many deals did Helene Brandt's team win in 2024"

    assert sales.rows("Helene Brandt's team had a party. How many deals did they win in 2024?") == sales.rows(plain)


@pytest.mark.parametrize("text", ["What did Tidewell pay on average?", "How much did Tidewell spend on average?"])
def test_an_average_behind_a_verb_is_no_total(sales: Desk, text: str) -> None:
    assert sales.rows(text) == sales.rows("average deal size of Tidewell")


@pytest.mark.parametrize("text", ["Which rep won the most deals that month?", "How many deals did his team win?"])
def test_what_points_at_nothing_is_asked_about(sales: Desk, text: str) -> None:
    assert not isinstance(sales.plan(text), Query)


def test_whose_team_was_said_before(sales: Desk) -> None:
    manager = "Helene Brandt"

    assert sales.rows(f"{manager} is on holiday. How many deals did his team win in 2024?") == sales.rows(
        f"how many deals did {manager}'s team win in 2024"
    )


def test_everyday_words_that_a_name_holds_name_nobody(desk: Callable[[str], Desk]) -> None:
    shop = desk("shop")

    assert shop.spec("The new director is here. How many customers are there?") == shop.spec("how many customers")
