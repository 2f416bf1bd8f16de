"""A country that no record is in has an answer, which is none; a word that is no country has none."""

import pytest

from copilot.offline.plan import Cannot
from tests.copilot.offline.conftest import Desk
from tests.worlds import COUNTRIES

ELSEWHERE = ("France", "Italy", "Spain", "India", "China", "Sweden", "South Korea", "New Zealand")


@pytest.mark.parametrize("country", ELSEWHERE)
def test_a_country_without_records_has_none(sales: Desk, country: str) -> None:
    assert country not in COUNTRIES
    assert sales.rows(f"accounts in {country}") == []
    assert sales.number(f"how many accounts are in {country}") == 0
    assert sales.number(f"how many deals did we win in {country} in 2024") == 0
    assert sales.rows(f"revenue from {country} in 2024") == [(None,)]


@pytest.mark.parametrize("country", ELSEWHERE)
def test_leaving_out_a_country_without_records_leaves_all(sales: Desk, country: str) -> None:
    assert sales.number(f"how many deals did we win in 2024 excluding {country}") == sales.number(
        "how many deals did we win in 2024"
    )


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_country_with_records_is_not_none(sales: Desk, country: str) -> None:
    expected = {row["account"] for row in sales.world.tables["accounts"] if row["country"] == country}

    assert expected
    assert {str(row[0]) for row in sales.rows(f"accounts in {country}")} == expected


@pytest.mark.parametrize(
    ("chinese", "country"), [("法国", "France"), ("意大利", "Italy"), ("印度", "India"), ("西班牙", "Spain")]
)
def test_a_country_without_records_is_known_in_chinese_too(sales: Desk, chinese: str, country: str) -> None:
    assert sales.spec(f"{chinese}有多少客户") == sales.spec(f"how many accounts are in {country}")
    assert sales.number(f"{chinese}有多少客户") == 0


@pytest.mark.parametrize("place", ["Narnia", "Mordor", "Zwanfelland"])
def test_a_place_that_is_no_country_is_not_answered_with_none(sales: Desk, place: str) -> None:
    for text in (f"accounts in {place}", f"how many accounts are in {place}", f"revenue from {place} in 2024"):
        plan = sales.plan(text)
        assert isinstance(plan, Cannot)
        assert plan.unread == place
