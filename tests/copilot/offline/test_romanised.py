"""Names and values that are stored in Chinese, asked for by their pinyin."""

from collections.abc import Callable

import pytest

from copilot.offline.plan import Query
from tests.copilot.offline.conftest import Desk

At = Callable[[str], Desk]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("Shanghai", "上海"), ("beijing", "北京"), ("Wang Xiaoyan", "王晓燕"), ("Xiaoyan Wang", "王晓燕"),
     ("li jianguo", "李建国"), ("Xinghe Keji", "星河科技")],
)  # fmt: skip
@pytest.mark.parametrize("question", ["bookings for {v} in 2024", "how many deals did we win for {v}?"])
def test_what_is_stored_in_chinese_is_found_by_its_pinyin(desk: At, question: str, typed: str, stored: str) -> None:
    company = desk("chinese")
    plan = company.plan(question.format(v=typed))

    assert isinstance(plan, Query)
    assert plan.spec == company.spec(question.format(v=stored))
    assert plan.notes == (f"{typed} → {stored}",)


@pytest.mark.parametrize("typed", ["Guangzhou", "Wang Xiaoming", "zwanfel"])
def test_what_is_not_stored_is_not_found(desk: At, typed: str) -> None:
    plan = desk("chinese").plan(f"bookings for {typed} in 2024")

    assert not isinstance(plan, Query)


def test_an_english_question_with_a_name_in_pinyin_is_answered_in_english(desk: At) -> None:
    plan = desk("chinese").plan("how many zwanfels did Wang Xiaoyan sell?")

    assert "zwanfels" in str(plan)
    assert "我" not in str(plan)


def test_a_company_without_chinese_names_knows_no_pinyin(sales: Desk) -> None:
    assert sales.asks("bookings for Shanghai in 2024")
