"""The eval of the search: its figures, its baselines, and what it says of a folder that is not as it should be."""

import json

import pytest

from crm_core.errors import Invalid
from evals.retrieval import measure
from tests.retrieval.conftest import TopicEmbedder

TEXTS = [
    {"id": "a", "about": "m1", "speaker": "Ann", "text": "The price is too high."},
    {"id": "b", "about": "m1", "speaker": "Bob", "text": "We can show a demo."},
    {"id": "c", "about": "m2", "text": "The price is fine."},
]
ASKED = [{"id": "q1", "about": "m1", "text": "What of the price?", "relevant": ["a"]}]


@pytest.fixture
def folder(tmp_path):
    def write(texts=TEXTS, asked=ASKED):
        for name, rows in (("corpus", texts), ("queries", asked)):
            lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
            (tmp_path / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
        return tmp_path

    return write


def quiet(_done: int, _total: int) -> None:
    """No bar."""


def test_it_measures_the_search_and_both_baselines(folder):
    report = measure(folder(), TopicEmbedder(), progress=quiet).to_json()

    for part in (report, report["bm25"], report["dense"]):
        assert (part["queries"], part["ndcg@10"], part["p@10"], part["recall@10"]) == (1, 1.0, 0.1, 1.0)


def test_a_question_about_one_talk_finds_nothing_of_another(folder):
    asked = [{"id": "q1", "about": "m1", "text": "price", "relevant": ["c"]}]

    assert measure(folder(asked=asked), None, progress=quiet).to_json()["recall@10"] == 0.0


def test_a_question_about_nothing_in_particular_searches_everything(folder):
    asked = [{"id": "q1", "text": "price", "relevant": ["a", "c"]}]

    report = measure(folder(asked=asked), None, progress=quiet).to_json()

    assert report["recall@10"] == 1.0
    assert report["dense"] is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"texts": ["{"]}, "corpus.jsonl, line 1"),
        ({"texts": [*TEXTS, {"id": "a", "text": "again"}]}, "gives an id twice"),
        ({"asked": []}, "has no question"),
        ({"asked": [{"id": "q", "text": "x", "relevant": ["zz"]}]}, "such as zz"),
        ({"asked": [{"id": "q", "text": "x", "relevant": []}]}, "queries.jsonl, line 1: relevant"),
    ],
)
def test_a_wrong_folder_is_named(folder, given, told):
    with pytest.raises(Invalid, match=told):
        measure(folder(**given), None, progress=quiet)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(Invalid, match=r"corpus\.jsonl cannot be read"):
        measure(tmp_path / "nowhere", None, progress=quiet)
