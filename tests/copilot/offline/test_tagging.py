"""The cover of a sentence: each word in one tag, the likeliest reading first."""

from itertools import pairwise

import pytest

from copilot.offline.tags import T
from tests.copilot.offline.conftest import Desk

CONTENT: list[tuple[str, str, T]] = [
    ("bookings of Mira Castellan", "Mira Castellan", T.RECORD),
    ("bookings in the second half of 2024", "in the second half of 2024", T.DATE),
    ("accounts in healthcare", "healthcare", T.VALUE),
    ("deals over 20k", "over", T.OP),
    ("deals over 20k", "20k", T.NUMBER),
    ("top reps by win rate", "win rate", T.METRIC),
    ("top reps by win rate", "reps", T.ENTITY),
    ("deals excluding Germany", "excluding", T.NEG),
    ("open deals", "open", T.STATE),
    ("deals of zwanfel", "zwanfel", T.UNKNOWN),
    ("weather in Germany", "weather", T.NOT_HELD),
    ("各大区的销售额", "销售额", T.METRIC),
    ("德国的客户", "德国", T.VALUE),
    ("上个季度的销售额", "上个季度", T.DATE),
]


@pytest.mark.parametrize(("text", "part", "kind"), CONTENT)
def test_a_word_is_tagged_as_what_it_is(sales: Desk, text: str, part: str, kind: T) -> None:
    assert {tag.text: tag for tag in sales.tags(text)}[part].get(kind)


@pytest.mark.parametrize("text", [text for text, _, _ in CONTENT] + ["?!", "", "a b c d", "Kestrel 在德国的 deals"])
def test_every_token_stands_in_exactly_one_tag(sales: Desk, text: str) -> None:
    tags = sales.tags(text)

    assert all(left.end == right.start for left, right in pairwise(tags))
    assert not tags or tags[0].start == 0


def test_the_longer_name_wins_over_its_words(sales: Desk) -> None:
    (tag,) = [t for t in sales.tags("deals with Kestrel Aviation") if t.type is T.RECORD]

    assert tag.text == "Kestrel Aviation"
    assert [name.label for name in tag.senses[0].value] == ["Kestrel Aviation"]


def test_a_month_is_a_date_where_a_preposition_says_so(sales: Desk) -> None:
    assert T.DATE in {tag.type for tag in sales.tags("bookings in May 2024")}


@pytest.mark.parametrize("text", ["Pipeline by product", "PIPELINE BY PRODUCT", "pipeline by product"])
def test_the_word_pipeline_is_the_metric_however_it_is_written(sales: Desk, text: str) -> None:
    assert sales.tags(text)[0].type is T.METRIC


@pytest.mark.parametrize("text", ["won deals over 5k", "Won deals over 5k", "WHICH REP WON IT"])
def test_the_word_won_is_the_state_however_it_is_written(sales: Desk, text: str) -> None:
    tag = next(t for t in sales.tags(text) if "won" in t.text.lower())

    assert tag.type in (T.STATE, T.METRIC)


def test_two_words_that_relate_two_parts_are_not_taken_for_one_phrase(sales: Desk) -> None:
    assert T.SHARE not in {tag.type for tag in sales.tags("bookings by account for Atlas Max")}
