import pytest

from crm_core.db import Store
from retrieval import table
from retrieval.document import Document, Source
from retrieval.fill import embed_waiting
from retrieval.scan import Scan
from retrieval.search import Question, search_all, search_within
from tests.retrieval.conftest import TopicEmbedder, take_in

QUIET = {"progress": lambda _done, _total: None}
ALL = None


def ids(passages) -> list[int]:
    return [passage.source.id for passage in passages]


def test_a_word_finds_its_passage_in_the_whole_store(store: Store):
    take_in(store, "They love the scanner.", "The budget is frozen until May.", "Nothing new.")

    with store.read() as connection:
        found = search_all(connection, Question.of("budgets", None), ALL, nearest=Scan(""), limit=5)

    assert ids(found) == [2]
    assert found[0].text == "The budget is frozen until May."


def test_chinese_is_found_by_its_pairs(store: Store):
    take_in(store, "客户担心数据安全。", "价格可以接受。", "下周演示。")

    with store.read() as connection:
        found = search_all(connection, Question.of("价格怎么样", None), ALL, nearest=Scan(""), limit=1)

    assert ids(found) == [2]


def test_meaning_finds_what_no_word_does(store: Store, embedder: TopicEmbedder):
    take_in(store, "Too expensive for them.", "They want a trial.", "Sunny day.", embedder=embedder)
    question = Question.of("what of the price", embedder)

    with store.read() as connection:
        everywhere = search_all(connection, question, ALL, nearest=Scan(embedder.name), limit=1)
        inside = search_within(connection, question, {"note": [1, 2, 3]}, limit=1)

    assert ids(everywhere) == ids(inside) == [1]
    assert everywhere[0].is_close


def test_only_what_may_be_looked_at_is_found(store: Store):
    take_in(store, *["budget talk"] * 400, "budget secret")
    question = Question.of("budget", None)

    with store.read() as connection:
        allowed = {"note": [401]}
        everywhere = search_all(connection, question, allowed, nearest=Scan(""), limit=3)
        inside = search_within(connection, question, allowed, limit=3)
        nothing = search_all(connection, question, {"mail": [1]}, nearest=Scan(""), limit=3)

    assert ids(everywhere) == ids(inside) == [401]
    assert nothing == []


def test_what_has_nothing_to_do_with_the_question_is_not_close(store: Store, embedder: TopicEmbedder):
    take_in(store, "They want a trial.", embedder=embedder)

    with store.read() as connection:
        found = search_within(connection, Question.of("legal questions", embedder), {"note": [1]}, limit=3)

    assert [passage.is_close for passage in found] == [False]


def test_a_text_that_is_taken_in_again_keeps_the_vectors_of_what_stayed(store: Store, embedder: TopicEmbedder):
    long = " ".join(["The price is a topic here for all of them."] * 7)
    take_in(store, long + " Then a demo.", embedder=embedder)
    before = embedder.texts

    take_in(store, long + " Then a contract.", embedder=embedder)

    with store.read() as connection:
        assert embedder.texts == before + 1
        assert table.count(connection) == table.count(connection, embedded_by=embedder.name) == 2


def test_a_document_that_is_taken_out_is_not_found(store: Store):
    take_in(store, "The budget is frozen.")

    with store.derive() as connection:
        table.remove(connection, [Source("note", 1)])

    with store.read() as connection:
        assert search_all(connection, Question.of("budget", None), ALL, nearest=Scan(""), limit=3) == []


def test_vectors_of_another_model_do_not_count(store: Store, embedder: TopicEmbedder):
    take_in(store, "Too expensive.", "A demo.", embedder=embedder)
    other = TopicEmbedder()
    other.name = "other"

    with store.read() as connection:
        question = Question.of("cost", other)
        assert Scan(other.name).nearest(connection, question.vector, 5) == []
        assert not any(one.is_close for one in search_within(connection, question, {"note": [1, 2]}, limit=2))
    assert embed_waiting(store.read, store.derive, other, **QUIET) == 2


def test_embedding_goes_on_where_it_stopped(sqlite_store: Store, embedder: TopicEmbedder, monkeypatch):
    monkeypatch.setattr("retrieval.fill._BATCH", 2)
    take_in(sqlite_store, "price", "demo", "legal", "cost", "trial")

    class Killed(Exception):
        pass

    def stop(done: int, _total: int) -> None:
        if done == 4:
            raise Killed

    with pytest.raises(Killed):
        embed_waiting(sqlite_store.read, sqlite_store.derive, embedder, progress=stop)

    assert embed_waiting(sqlite_store.read, sqlite_store.derive, embedder, **QUIET) == 1
    assert embedder.texts == 5


@pytest.mark.parametrize("text", ["", "   ", "\x00\ud800", "'\"() OR NEAR * :", "a" * 10_000, "؟‏"])
def test_any_question_is_survived(store: Store, text):
    take_in(store, "The budget is frozen.", "a" * 3_000)

    with store.read() as connection:
        found = search_all(connection, Question.of(text, None), ALL, nearest=Scan(""), limit=3)

    assert len(found) <= 2


def test_the_speaker_of_a_talk_is_told(store: Store):
    talk = "Ann Bell: Is the price fixed?\nBob Yu: Until June.\nAnn Bell: Then we take it."
    with store.derive() as connection:
        table.replace(connection, [Document(Source("call", 1), talk, heading="Call")])

    with store.read() as connection:
        found = search_within(connection, Question.of("what did Bob Yu say on June", None), {"call": [1]}, limit=1)

    assert (found[0].speaker, found[0].text) == ("Bob Yu", "Until June.")
