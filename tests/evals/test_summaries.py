"""The eval of summaries: ROUGE-L against an answer, and whether every sentence stands where it is said to stand."""

import json

import pytest

from crm_core.errors import Invalid
from evals.summaries import measure, rouge_l
from tests.evals.test_retrieval import ASKED, TEXTS, folder, quiet

__all__ = ["folder"]


def test_it_measures_every_question_that_has_an_answer(folder):
    asked = [{**ASKED[0], "answer": "They find the price too high."}, {**ASKED[0], "id": "q2"}]

    report = measure(folder(TEXTS, asked), None, progress=quiet).to_json()

    assert (report["queries"], report["verified"]) == (1, 1.0)
    assert report["rouge_l_recall"] == pytest.approx(4 / 6, abs=0.001)
    assert json.dumps(report)


def test_questions_without_answers_are_named(folder):
    with pytest.raises(Invalid, match="no question with an answer"):
        measure(folder(), None, progress=quiet)


def test_rouge_l_counts_the_words_of_both_in_the_same_order():
    found = rouge_l("the price is too high", "The price, they said, is high.")

    assert (found.precision, found.recall) == (4 / 5, 4 / 6)
    assert rouge_l("", "nothing").f1 == rouge_l("太贵", "便宜").f1 == 0.0
