"""What was typed in haste is read as it was meant and noted; a word that people do use stays what it is."""

import pytest

from copilot.offline.prepare import prepare
from tests.copilot.offline.conftest import Desk


def read(desk: Desk, text: str) -> str:
    return " ".join(token.text for token in prepare(text, desk.vocabulary).tokens)


@pytest.mark.parametrize(
    ("typed", "right"),
    [("opn deals", "open deals"), ("stge", "stage"), ("wins lastmonth", "wins last month"), ("novmber", "november"),
     ("pipe line", "pipeline"), ("dealswon lastquarter", "deals won last quarter"), ("atlasplus", "atlas plus")],
)  # fmt: skip
def test_it_is_repaired_and_the_repair_is_noted(sales: Desk, typed: str, right: str) -> None:
    found = prepare(typed, sales.vocabulary)

    assert read(sales, typed) == right
    assert found.repairs


@pytest.mark.parametrize(
    ("typed", "right"), [("top5", "top 5"), ("may2024", "may 2024"), ("sep'24", "sep 2024"), ("3reps", "3 reps")]
)
def test_a_number_is_taken_from_its_word(sales: Desk, typed: str, right: str) -> None:
    assert read(sales, typed) == right


@pytest.mark.parametrize("word", ["oct25", "deal12", "q32024", "X1Z9"])
def test_what_may_be_a_day_or_an_id_stays_whole(sales: Desk, word: str) -> None:
    assert read(sales, word) == word.lower()


@pytest.mark.parametrize(
    "word",
    [
        "lessor",
        "lessee",
        "accrual",
        "resellers",
        "stags",
        "soled",
        "wining",
        "upsell",
        "depots",
        "openers",
        "sla",
        "uninvoiced",
        "unsigned",
    ],
)
def test_a_rare_word_is_no_typing_error(sales: Desk, word: str) -> None:
    assert read(sales, f"revenue by {word}") == f"revenue by {word}"


@pytest.mark.parametrize(
    ("said", "meant"),
    [("show me one deals by region", "show me won deals by region"), ("sails by rep", "sales by rep"),
     ("wins in cue two", "wins in q2"), ("revenue buy region", "revenue by region")],
)  # fmt: skip
def test_what_dictation_makes_of_a_word_is_read_as_said_and_noted(sales: Desk, said: str, meant: str) -> None:
    assert sales.spec(said) == sales.spec(meant)
    assert prepare(said, sales.vocabulary).repairs


@pytest.mark.parametrize("text", ["show me one deal", "which one", "how many deals with one product"])
def test_one_stays_a_number_where_it_makes_sense(sales: Desk, text: str) -> None:
    assert "won" not in read(sales, text)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("deals > 1,00,000", "deals over 100000"), ("deals over 2 lakh", "deals over 200000"),
     ("deals > 5lakh", "deals over 500000"), ("deals over 1.5 crore", "deals over 15000000")],
)  # fmt: skip
def test_indian_amounts_are_amounts(sales: Desk, typed: str, plain: str) -> None:
    assert sales.spec(typed) == sales.spec(plain)


@pytest.mark.parametrize("text", ["tessas last 3 wins", "miras wins"])
def test_a_name_with_an_s_is_no_typing_error(sales: Desk, text: str) -> None:
    assert read(sales, text) == text


def test_every_word_that_was_heard_can_be_read(sales: Desk) -> None:
    assert sales.number("how many deals we one in may 2025") == sales.number("how many deals did we win in may 2025")
