from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.chunk import MAX_SENTENCE_WORDS, MAX_WORDS, size, split


def test_short_sentences_stand_together():
    pieces = split("Hello Ann,\n\nthe price is fine. We start in May.\n\nBest\nBob")

    assert [piece.text for piece in pieces] == ["Hello Ann, the price is fine. We start in May. Best Bob"]


def test_a_long_text_is_cut_between_sentences():
    sentence = "One two three four five six seven eight nine ten."

    pieces = split(" ".join([sentence] * 13))

    assert [size(piece.text) for piece in pieces] == [60, 60, 10]
    assert all(piece.text.endswith("ten.") for piece in pieces)


def test_a_transcript_gives_a_passage_a_turn():
    pieces = split("Ann Bell: Is the price fixed?\nBob: Until June.\nIt may fall.\nAnn Bell: Good.")

    assert [(piece.speaker, piece.text) for piece in pieces] == [
        ("Ann Bell", "Is the price fixed?"),
        ("Bob", "Until June."),
        ("Bob", "It may fall."),
        ("Ann Bell", "Good."),
    ]


def test_a_note_with_one_label_is_no_transcript():
    assert [piece.speaker for piece in split("Good call.\nNext: send the offer.\nBudget is clear.")] == [None]


def test_chinese_sentences_are_cut_at_their_own_marks():
    pieces = split("他们觉得价格太高。" * 40)

    assert len(pieces) > 1
    assert all(piece.text.endswith("。") for piece in pieces)


@given(st.text(max_size=3_000))
@example("x" * 5_000)
@example("字" * 5_000)
@example("Ann: \nAnn: \nAnn: \n")
def test_no_word_is_lost_and_no_passage_is_endless(text):
    pieces = split(text)

    told = "".join(f"{piece.speaker or ''}{piece.text}" for piece in pieces)
    assert all(character in told for character in set(text) if not character.isspace() and character not in ":：")
    assert all(size(piece.text) <= max(MAX_WORDS, MAX_SENTENCE_WORDS) + 1 for piece in pieces)
