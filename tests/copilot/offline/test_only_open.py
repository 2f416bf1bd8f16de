"""What only open deals have is lacked by open ones alone; what somebody earns is not taken for what they sold."""

from collections.abc import Callable

import pytest

from copilot.offline.plan import Clarify, PastTurn, Query
from tests.copilot.offline.conftest import Desk
from tests.copilot.offline.test_metamorphic import conditions

At = Callable[[str], Desk]


@pytest.mark.parametrize("text", ["which deals have no close date", "deals without an expected close date"])
def test_only_open_deals_lack_the_day_they_are_due(sales: Desk, text: str) -> None:
    assert conditions(sales.spec(text)) == conditions(sales.spec("open deals without an expected close date"))


def test_only_open_deals_lack_the_day_they_are_due_in_chinese(desk: At) -> None:
    company = desk("chinese")

    assert conditions(company.spec("哪些商机没有预计成交日期")) == conditions(
        company.spec("哪些未结商机没有预计成交日期")
    )


def test_only_lost_deals_lack_a_reason(sales: Desk) -> None:
    assert "lost" in sales.spec("deals with no lost reason").model_dump_json()


EARNS = ("how much does Mira earn?", "how much did Caleb Durand make in 2024?", "how much did Ferncliff earn?")


@pytest.mark.parametrize("text", EARNS)
def test_what_somebody_earns_is_asked_back(sales: Desk, text: str) -> None:
    plan = sales.plan(text)

    assert isinstance(plan, Clarify)
    assert "bookings" in plan.options


def test_what_somebody_earns_is_asked_back_in_chinese(desk: At) -> None:
    assert isinstance(desk("chinese").plan("王晓燕赚了多少钱"), Clarify)


def test_the_measure_that_is_picked_answers_within_the_same_scope(sales: Desk) -> None:
    text = "how much did Caleb Durand make in 2024?"
    asked = sales.plan(text)
    assert isinstance(asked, Clarify)

    plan = sales.plan(str(1 + asked.options.index("bookings")), after=[PastTurn(text, options=asked.options)])

    assert isinstance(plan, Query)
    assert plan.spec == sales.spec("bookings of Caleb Durand in 2024")


@pytest.mark.parametrize("text", ["how much did we earn in 2024", "how much did the South make in 2024"])
def test_what_a_company_or_a_region_earns_are_its_bookings(sales: Desk, text: str) -> None:
    assert [measure.metric for measure in sales.spec(text).measures] == ["bookings"]
