"""Which section a sentence goes to: what it denies, asks or tells of long ago is not what its words say alone."""

from datetime import date, timedelta

import pytest

from copilot.reply import Citation
from copilot.summaries import Quote, sort_quotes
from copilot.summaries.cues import find_section, find_tone

TODAY = date(2017, 11, 15)


def quote(text: str, *, days_ago: int = 0, order: int = 0) -> Quote:
    source = Citation("interaction", order, "", text)
    return Quote(text, source, "", (), TODAY - timedelta(days=days_ago), is_theirs=False, is_sent=False, order=order)


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("Two competitors were invited as well.", "competitors"),
        ("There are no competitors in this round.", None),
        ("No strong competitor has been heard of, but another vendor will be asked.", "competitors"),
        ("They worry about the move.", "objections"),
        ("Nobody there worries about the move.", None),
        ("They worried about the move, and that is resolved.", None),
        ("The board has not decided.", "decides"),
        ("They do not want a second tool.", "wants"),
        ("Who signs the order?", None),
        ("Can we have it in blue?", "wants"),
        ("他们也在看别家的方案。", "competitors"),
        ("目前没有竞争对手。", None),
        ("客户不担心价格。", "prices"),
        ("谁来拍板？", None),
    ],
)
def test_a_sentence_goes_where_what_it_says_belongs(text, section):
    assert find_section(text) == section


@pytest.mark.parametrize(
    ("text", "tone"),
    [
        ("They were happy with the pilot.", "warm"),
        ("They were not happy with the pilot.", "cool"),
        ("Not impressed, and the room was silent.", "cool"),
        ("Happy to send the file again.", None),
        ("They are not annoyed.", None),
        ("The gate was open.", None),
        ("客户很满意。", "warm"),
        ("客户并不满意。", "cool"),
    ],
)
def test_a_tone_that_is_denied_turns_around(text, tone):
    assert find_tone(text) == tone


def test_what_was_to_come_long_before_the_last_talk_is_no_next_step():
    quotes = [
        quote("Next step is a visit to the hall.", days_ago=200, order=1),
        quote("Next step is the second visit."),
    ]

    found = sort_quotes(quotes)

    assert [one.text for one in found.sections["next"]] == ["Next step is the second visit."]
