"""The words of a store come from its registry, its values and its names."""

from collections.abc import Callable

import pytest

from copilot.offline.tags import T
from tests.copilot.offline.conftest import Desk


def senses(desk: Desk, *words: str) -> list[tuple[T, object]]:
    return [(sense.type, sense.value) for sense in desk.vocabulary.phrases.get(words, [])]


def test_a_field_word_of_the_registry_names_its_field(sales: Desk) -> None:
    assert (T.FIELD, "account.industry") in senses(sales, "industry")


def test_a_field_word_is_known_in_the_plural(sales: Desk) -> None:
    assert (T.FIELD, "account.industry") in senses(sales, "industries")


def test_an_entity_word_is_known_in_both_numbers(sales: Desk) -> None:
    assert (T.ENTITY, "account") in senses(sales, "customer")
    assert (T.ENTITY, "account") in senses(sales, "customers")


def test_a_stored_value_names_itself_and_its_field(sales: Desk) -> None:
    assert (T.VALUE, ("account.industry", "healthcare")) in senses(sales, "healthcare")


def test_a_chinese_word_for_a_stored_value_means_that_value(sales: Desk) -> None:
    assert (T.VALUE, ("account.country", "Germany")) in senses(sales, "德", "国")


def test_a_value_that_is_not_stored_is_no_value(sales: Desk) -> None:
    assert not [s for s in senses(sales, "aerospace") if s[0] is T.VALUE]


def test_a_country_is_known_also_where_no_record_is_in_it(sales: Desk) -> None:
    assert [s for s in senses(sales, "france") if s[0] is T.VALUE] == [(T.VALUE, ("account.country", "France"))]


def test_a_record_is_known_by_its_whole_name(sales: Desk) -> None:
    ((_, names),) = [s for s in senses(sales, "kestrel", "aviation") if s[0] is T.RECORD]

    assert [(n.entity, n.label) for n in names] == [("account", "Kestrel Aviation")]


def test_each_word_of_a_name_leads_to_all_records_that_have_it(sales: Desk) -> None:
    assert {name.label for name in sales.vocabulary.parts["kestrel"]} == {"Kestrel Aviation", "Kestrel Robotics"}


def test_a_stage_called_won_is_the_state_and_not_a_name(sales: Desk) -> None:
    assert not [s for s in senses(sales, "won") if s[0] is T.RECORD]


def test_a_field_that_holds_nothing_is_not_held(sales: Desk) -> None:
    assert sales.vocabulary.holds("account.industry")
    assert not sales.vocabulary.holds("account.website")


def test_a_kind_of_record_that_is_not_there_is_not_held(desk: Callable[[str], Desk]) -> None:
    assert desk("sales").vocabulary.holds_records("deal")
    assert not desk("shop").vocabulary.holds_records("deal")


@pytest.mark.parametrize(("words", "field"), [(("first", "quote"), "deal.first_quote"),
                                              (("industry", "group"), "account.industry_group")])  # fmt: skip
def test_a_column_that_came_with_an_import_can_be_asked_about(
    desk: Callable[[str], Desk], words: tuple[str, ...], field: str
) -> None:
    assert (T.FIELD, field) in senses(desk("distracted"), *words)
