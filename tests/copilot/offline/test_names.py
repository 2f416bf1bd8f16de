"""Names in part, by a beginning, misspelt, in any case; and everyday words that are none."""

import pytest

from copilot.offline.tags import T
from tests.copilot.offline.conftest import Desk


def named(desk: Desk, text: str) -> set[str]:
    return {n.label for tag in desk.tags(text) for s in tag.senses if s.type is T.RECORD for n in s.value}


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("Castellan", "Mira Castellan"), ("mira", "Mira Castellan"), ("MIRA CASTELLAN", "Mira Castellan"),
        ("Nordhavn", "Nordhavn Shipping"), ("Brightwater", "Brightwater Foods"), ("Ferncliff's", "Ferncliff"),
        ("Mira Castelan", "Mira Castellan"), ("Tesa Obafemi", "Tessa Obafemi"), ("nordhaven shipping",
        "Nordhavn Shipping"),
        ("Zephirine", "Zephyrine"), ("Lumora Helth", "Lumora Health"), ("Whitlock", "Jonas Whitlock"),
        ("Palisade", "Palisade Holdings"), ("Drumlin", "Drumlin Energy"),
    ],
)  # fmt: skip
def test_a_name_is_found_in_part_and_with_an_error(sales: Desk, typed: str, label: str) -> None:
    assert named(sales, f"deals of {typed}") == {label}


def test_a_name_that_two_records_share_gives_both(sales: Desk) -> None:
    assert named(sales, "revenue of Kestrel") == {"Kestrel Aviation", "Kestrel Robotics"}


@pytest.mark.parametrize(
    "text",
    ["deals in logistics", "health of the pipeline", "team numbers", "the core of it", "stores with deals",
     "capital of Japan", "selling price", "the foods we like", "legal questions"],
)  # fmt: skip
def test_an_everyday_word_is_no_name(sales: Desk, text: str) -> None:
    assert named(sales, text) == set()


@pytest.mark.parametrize(
    "text", ["revenue from Microsoft", "deals of Angela Merkel", "Peter's deals", "revenue from Acme"]
)
def test_a_name_that_nobody_has_is_nobody(sales: Desk, text: str) -> None:
    assert named(sales, text) == set()


def test_a_misspelt_name_is_noted_in_the_answer(sales: Desk) -> None:
    plan = sales.plan("how many open deals does Tesa Obafemi have")

    assert any("Tessa Obafemi" in note for note in getattr(plan, "notes", ()))


@pytest.mark.parametrize("name", ["Mira Castell", "Kestrel Robotic Arms"])
def test_a_name_that_begins_like_another_is_its_own(desk, name: str) -> None:
    assert named(desk("distracted"), f"deals of {name}") == {name}
