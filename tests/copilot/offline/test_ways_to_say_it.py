"""Questions as those ask who manage: "region-wise", what hinges on whom, "when we win", who is under whom."""

from collections.abc import Callable

import pytest

from tests.copilot.offline.conftest import Desk


@pytest.fixture(scope="session")
def chinese(desk: Callable[[str], Desk]) -> Desk:
    """The Chinese company."""
    return desk("chinese")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("region-wise, what did we sell", "bookings by region"),
        ("how many accounts do we have, industry-wise", "number of accounts by industry"),
        (
            "what share of bookings hinges on our three largest customers",
            "what share of bookings comes from our three largest customers",
        ),
        (
            "which part of bookings came from the two largest customers",
            "what share of bookings came from the two largest customers",
        ),
        ("how many clients are there in our client base", "how many accounts are there"),
        ("average deal size when we win", "average deal size"),
        (
            "how many days does it take us to win with retail accounts on average",
            "average days to win with retail accounts",
        ),
        ("bookings by region this year. They are on the line in ten minutes.", "bookings by region this year"),
        ("deals Caleb Durand dropped in 2024", "deals that Caleb Durand lost in 2024"),
        ("how many deals we dropped in 2024", "how many deals did we lose in 2024"),
        ("how much turnover has Caleb Durand made", "bookings of Caleb Durand"),
        ("how many people Victor Amadi got under him", "how many reps report to Victor Amadi"),
        ("how many customers have bought Atlas Max at least once", "how many customers have bought Atlas Max"),
    ],
)
def test_two_ways_to_say_it_are_the_same_question(sales: Desk, text: str, plain: str) -> None:
    assert sales.rows(text) == sales.rows(plain)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("钱伟明手下有多少人", "钱伟明团队有多少个业务员"),
        ("至少一次买过慧联网关的客户有几个", "买过慧联网关的客户有几个"),
    ],
)
def test_in_chinese_too(chinese: Desk, text: str, plain: str) -> None:
    assert chinese.rows(text) == chinese.rows(plain)


@pytest.mark.parametrize(
    "text",
    [
        "which customers bought Atlas Max at least once a month",  # how often is another question
        "how much did we sell and when did we win the first deal of it",
        "bookings by region. I only count deals that took ten days.",
    ],
)
def test_what_is_another_question_is_not_answered_as_this_one(sales: Desk, text: str) -> None:
    plan = sales.plan(text)
    told = ("when", "day", "closed_on", "duration")
    assert sales.asks(text) or any(word in str(plan) for word in told)
