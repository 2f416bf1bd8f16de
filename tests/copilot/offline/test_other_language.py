"""A company's own values in the other language: what no word is known of is asked about, never passed over."""

from collections.abc import Callable

import pytest

from copilot.offline.plan import Clarify, PastTurn, Query
from tests.copilot.offline.conftest import Desk

At = Callable[[str], Desk]
ASKED = (
    ("chinese", "how many customers are in the harbour city?", {"上海", "北京", "深圳"}),
    ("shop", "灯具类别的销售额", {"furniture", "lighting", "office"}),
    ("shop", "灯具类别有多少个产品", {"furniture", "lighting", "office"}),
)


@pytest.mark.parametrize(("world", "text", "values"), ASKED)
def test_an_unknown_word_beside_a_field_asks_which_of_its_values_is_meant(
    desk: At, world: str, text: str, values: set[str]
) -> None:
    plan = desk(world).plan(text)

    assert isinstance(plan, Clarify)
    assert set(plan.options) == values
    assert plan.unread is not None


def test_the_value_that_is_picked_answers_the_question(desk: At) -> None:
    company = desk("chinese")
    text = "how many customers are in the harbour city?"
    asked = company.plan(text)
    assert isinstance(asked, Clarify)

    for number, value in enumerate(asked.options, 1):
        plan = company.plan(str(number), after=[PastTurn(text, options=asked.options)])

        assert isinstance(plan, Query)
        assert plan.spec == company.spec(f"how many customers are in {value}?")


@pytest.mark.parametrize("text", ["how many customers in the textile industry", "bookings by zwanfel"])
def test_where_each_value_has_a_word_none_is_offered_for_another(desk: At, text: str) -> None:
    plan = desk("chinese").plan(text)

    assert not isinstance(plan, Query)
    assert not getattr(plan, "options", ())


EVER = (
    ("did we ever win anything from Ferncliff?", "which deals have we won with Ferncliff?"),
    ("have we ever won anything from Germany?", "which deals have we won in Germany?"),
    ("did we ever lose anything to Tidewell?", "which deals have we lost with Tidewell?"),
)


@pytest.mark.parametrize(("ever", "which"), EVER)
def test_whether_there_ever_was_one_is_told_by_those_there_were(sales: Desk, ever: str, which: str) -> None:
    assert sorted(sales.rows(ever)) == sorted(sales.rows(which))


@pytest.mark.parametrize("text", ["有没有赢过远东物流的单子", "我们赢过远东物流的单吗"])
def test_whether_there_ever_was_one_in_chinese(desk: At, text: str) -> None:
    company = desk("chinese")

    assert len(company.rows(text)) == company.number("远东物流赢了多少单")
