"""What stands between a reading and an answer: unknown words, missing data, two readings, contradictions."""

from collections.abc import Callable

import pytest

from copilot.offline.plan import Cannot, Clarify, Query
from tests.copilot.offline.conftest import Desk


def test_an_unknown_word_is_named(sales: Desk) -> None:
    plan = sales.plan("how many zwanfel deals did we win")

    assert isinstance(plan, Cannot)
    assert "zwanfel" in plan.reason


@pytest.mark.parametrize(
    "text", ["what is our profit in 2024", "margin by product", "the weather in Berlin", "average discount"]
)
def test_what_the_data_does_not_hold_is_said_without_a_number(sales: Desk, text: str) -> None:
    plan = sales.plan(text)

    assert isinstance(plan, Cannot)
    assert not any(c.isdigit() for c in plan.reason)


def test_a_name_of_two_records_asks_which(sales: Desk) -> None:
    plan = sales.plan("revenue for Kestrel")

    assert isinstance(plan, Clarify)
    assert set(plan.options) == {"Kestrel Aviation", "Kestrel Robotics"}


def test_best_without_a_measure_asks_for_one(sales: Desk) -> None:
    plan = sales.plan("who is our best rep")

    assert isinstance(plan, Clarify)
    assert 2 <= len(plan.options) <= 4


def test_a_field_that_is_empty_is_said_to_be_empty(sales: Desk) -> None:
    assert isinstance(sales.plan("what is the website of Ferncliff"), Cannot)


@pytest.mark.parametrize("text", ["open won deals", "won lost deals", "bookings of lost deals"])
def test_states_that_exclude_each_other_are_not_answered_with_zero(sales: Desk, text: str) -> None:
    assert sales.asks(text)


def test_a_reason_for_losing_does_not_go_with_winning(sales: Desk) -> None:
    assert sales.asks("how many deals did the competitor win")


def test_a_metric_of_records_that_are_not_there_is_no_answer(desk: Callable[[str], Desk]) -> None:
    assert desk("shop").asks("how many deals did we win")


@pytest.mark.parametrize("text", ["how many deals will we win next year", "明年会赢多少单"])
def test_what_has_not_happened_yet_is_not_zero(sales: Desk, text: str) -> None:
    assert sales.asks(text)


@pytest.mark.parametrize("text", ["revenue in euros", "bookings in yen for 2024"])
def test_a_currency_that_the_data_does_not_hold_is_not_passed_over(sales: Desk, text: str) -> None:
    assert sales.asks(text)


@pytest.mark.parametrize(
    "text", ["delete all deals of Mira", "set the amount of D1001 to 5", "close all open deals of Mira"]
)
def test_a_wish_to_change_data_is_not_answered_with_a_list(sales: Desk, text: str) -> None:
    assert not isinstance(sales.plan(text), Query)


@pytest.mark.parametrize(
    "text",
    ["Tessa's win rate compared to her team",
     "deals signed on a Monday",
     "how many deals did Mira and Jonas each win on average per month"],
)  # fmt: skip
def test_a_question_of_no_declared_shape_is_not_answered_as_another(sales: Desk, text: str) -> None:
    assert sales.asks(text)
