import numpy as np

from retrieval.rank import bm25, fuse, in_context, standard


def test_a_rare_word_weighs_more_than_a_frequent_one():
    counts = np.array([[1.0, 1.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]])

    scores = bm25(counts, np.full(4, 10.0))

    assert scores.argmax() == 3


def test_a_question_without_words_scores_nothing():
    assert bm25(np.empty((0, 2)), np.array([3.0, 4.0])).tolist() == [0.0, 0.0]


def test_a_model_that_knows_nothing_of_the_language_has_no_say():
    words, meaning = np.array([2.0, 1.0, 0.0]), np.array([0.0, 1.0, 2.0])

    assert fuse(words, meaning, trust=0.0).argmax() == 0
    assert fuse(words, meaning, trust=1.0).argmax() == 2
    assert fuse(words, None, trust=1.0).argmax() == 0


def test_a_passage_among_others_on_the_topic_beats_one_by_itself():
    scores = np.array([1.0, 0, 0, 0, 0, 0, 0.9, 0.95, 0.9, 0.9])
    threads = ["a"] * 6 + ["b"] * 4

    ranked = in_context(scores, threads=threads, lengths=np.full(10, 9.0), is_speaker=np.zeros(10, dtype=bool))

    assert ranked.argmax() == 7


def test_who_is_named_is_preferred():
    scores = np.array([1.0, 1.0])

    ranked = in_context(
        scores, threads=["a", "b"], lengths=np.full(2, 9.0), is_speaker=np.array([False, True])
    )  # fmt: skip

    assert ranked.argmax() == 1


def test_scores_that_are_all_alike_are_zero():
    assert standard(np.array([3.0, 3.0])).tolist() == [0.0, 0.0]
