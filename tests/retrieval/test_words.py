import pytest

from retrieval.words import chinese_share, joined, telling_words, words_of


def test_english_words_meet_in_their_stems():
    assert words_of("Their OBJECTIONS, objected") == ["their", "object", "object"]


def test_chinese_is_found_by_characters_and_pairs():
    assert words_of("价格高") == ["价", "格", "高", "价格", "格高"]


def test_traditional_and_simplified_characters_meet():
    assert words_of("報價") == words_of("报价")


def test_what_every_question_says_tells_nothing():
    assert telling_words("What about the budget of this?") == ["budget"]


def test_a_question_of_common_words_alone_keeps_them():
    assert telling_words("who said that") == ["who", "said", "that"]


@pytest.mark.parametrize(("text", "share"), [("price", 0.0), ("价格", 1.0), ("SSO价格", 0.4), ("…", 0.0)])
def test_the_chinese_part_of_a_text(text, share):
    assert chinese_share(text) == pytest.approx(share)


def test_joined_words_can_be_counted_one_by_one():
    assert joined(["no", "no", "not"]).count(" no ") == 2
