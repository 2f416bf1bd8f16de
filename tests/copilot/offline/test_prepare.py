"""Abbreviations are written out, typing errors repaired, and nothing else is touched."""

import pytest

from copilot.offline.prepare import MAX_TOKENS, prepare
from tests.copilot.offline.conftest import Desk


def words(desk: Desk, text: str) -> list[str]:
    return [token.text for token in prepare(text, desk.vocabulary).tokens]


@pytest.mark.parametrize(
    ("typed", "right"),
    [("bokings", "bookings"), ("pipleine", "pipeline"), ("avergae", "average"), ("prodcut", "product"),
    ("helthcare", "healthcare")],
)  # fmt: skip
def test_a_typing_error_is_repaired_and_noted(sales: Desk, typed: str, right: str) -> None:
    found = prepare(f"show {typed}", sales.vocabulary)

    assert [token.text for token in found.tokens] == ["show", right]
    assert found.repairs in (((typed, right),), ())  # a typing error on the list needs no note


@pytest.mark.parametrize("word", ["zwanfel", "weather", "meaning", "stock", "xyz", "qq", "Microsoft"])
def test_a_word_that_resembles_nothing_stays_as_it_is(sales: Desk, word: str) -> None:
    assert words(sales, f"show {word}") == ["show", word.lower()]


def test_an_abbreviation_is_written_out(sales: Desk) -> None:
    assert words(sales, "accts") == ["accounts"]


def test_traditional_characters_are_read_as_simplified(sales: Desk) -> None:
    assert words(sales, "銷售額") == words(sales, "销售额")


def test_a_capitalised_word_inside_a_sentence_is_not_repaired(sales: Desk) -> None:
    assert words(sales, "deals with Bokings") == ["deals", "with", "bokings"]


def test_a_text_of_any_length_is_cut(sales: Desk) -> None:
    assert len(words(sales, "deals " * 5000)) == MAX_TOKENS
