import json

import pytest
from langchain_core.language_models import FakeListChatModel

from crm_core.errors import Invalid
from evals.judge import FILE, Labelled, Opinion, agreement, judge, load_labels, weighted_kappa


def model(*answers):
    return FakeListChatModel(responses=list(answers))


@pytest.mark.parametrize(
    ("said", "opinion"),
    [
        ('{"tone": 4, "use": 2}', Opinion(4, 2)),
        ('Here: {"tone": 5, "use": 1} .', Opinion(5, 1)),
        ('{"tone": 9, "use": "2"}', Opinion(None, None)),
        ("splendid", Opinion(None, None)),
        ("{", Opinion(None, None)),
    ],
)
def test_an_opinion_is_two_numbers_from_one_to_five_or_none(said, opinion):
    assert judge("?", "!", model(said)) == opinion


def test_agreement_with_people_is_told_with_what_could_not_be_read():
    labels = [Labelled(question="?", reply="!", tone=n, use=n) for n in (1, 5, 3)]

    found = agreement(labels, model('{"tone": 1, "use": 5}', '{"tone": 5, "use": 1}', "no idea"))

    assert (found.n, found.unread, found.kappa["tone"]) == (2, 1, 1.0)
    assert found.kappa["use"] < 0
    assert found.near == {"tone": 1.0, "use": 0.0}


def test_kappa_of_raters_that_know_nothing_of_each_other_is_nothing():
    every = [(a, b) for a in range(1, 6) for b in range(1, 6)]

    assert weighted_kappa(every) == pytest.approx(0)


def test_a_line_that_is_no_label_is_named(tmp_path):
    file = tmp_path / "labels.jsonl"
    file.write_text('{"question": "?", "reply": "!", "tone": 1, "use": 5}\n{"tone": 9}\n', encoding="utf-8")

    with pytest.raises(Invalid, match=r"labels\.jsonl, line 2"):
        load_labels(file)


def test_the_labels_that_come_along_tell_a_judge_that_reads_from_one_that_does_not():
    labels = load_labels(FILE)
    same = [json.dumps({"tone": one.tone, "use": one.use}) for one in labels]

    reads, sleeps = agreement(labels, model(*same)), agreement(labels, model('{"tone": 3, "use": 3}'))

    assert (reads.n, reads.kappa) == (28, {"tone": 1.0, "use": 1.0})
    assert sleeps.kappa == pytest.approx({"tone": 0.0, "use": 0.0}, abs=0.1)
    assert "a language model; no sales person" in "\n".join(reads.lines())
