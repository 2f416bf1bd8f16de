import json
import shutil

import numpy as np
import pytest

pytest.importorskip("chromadb", reason="the extra `embeddings` is not installed")

from crm_core.db import Store
from retrieval import table
from retrieval.chroma import Busy, ChromaIndex
from retrieval.document import Source
from retrieval.scan import Scan
from tests.retrieval.conftest import TopicEmbedder, take_in

TEXTS = ("Too expensive.", "They want a trial.", "Contract questions.", "A demo of the price list.")


@pytest.fixture
def filled(sqlite_store: Store, embedder: TopicEmbedder) -> Store:
    take_in(sqlite_store, *TEXTS, embedder=embedder)
    return sqlite_store


def near(index: ChromaIndex, store: Store, text: str) -> list[int]:
    with store.read() as connection:
        return index.nearest(connection, TopicEmbedder().encode_question(text), 2)


def test_it_finds_what_a_look_at_every_vector_finds(filled: Store, tmp_path):
    index = ChromaIndex(tmp_path / "search", "topics")

    with filled.read() as connection:
        assert index.sync(connection) == 4
        for text in ("price", "privacy", "show me"):
            vector = TopicEmbedder().encode_question(text)
            assert index.nearest(connection, vector, 1) == Scan("topics").nearest(connection, vector, 1)
        assert index.is_sound(connection)
    index.close()


def test_what_changed_in_the_table_reaches_it(filled: Store, tmp_path, embedder):
    index = ChromaIndex(tmp_path / "search", "topics")
    with filled.read() as connection:
        index.sync(connection)
    with filled.derive() as connection:
        table.remove(connection, [Source("note", 1)])

    with filled.read() as connection:
        assert index.sync(connection) == 1
        assert index.sync(connection) == 0
        assert 1 not in index.nearest(connection, embedder.encode_question("price"), 4)
    index.close()


def test_one_process_at_a_time_holds_it(filled: Store, tmp_path):
    index = ChromaIndex(tmp_path / "search", "topics")

    with pytest.raises(Busy):
        ChromaIndex(tmp_path / "search", "topics")
    index.close()
    ChromaIndex(tmp_path / "search", "topics").close()


@pytest.mark.parametrize("damage", ["cut", "scrambled", "gone", "state"])
def test_a_damaged_folder_is_made_anew_and_everything_is_found(filled: Store, tmp_path, damage):
    folder = tmp_path / "search"
    index = ChromaIndex(folder, "topics")
    with filled.read() as connection:
        index.sync(connection)
    index.close()
    files = [path for path in (folder / "chroma").rglob("*") if path.is_file()]
    for path in files:
        if damage == "cut":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
        elif damage == "scrambled":
            path.write_bytes(np.random.default_rng(7).bytes(path.stat().st_size))
    if damage == "gone":
        shutil.rmtree(folder / "chroma")
    elif damage == "state":
        (folder / "state.json").write_text("{", encoding="utf-8")

    index = ChromaIndex(folder, "topics")
    with filled.read() as connection:
        index.sync(connection)
        assert index.is_sound(connection)
    assert near(index, filled, "privacy")[0] == 3
    index.close()


def test_a_folder_that_was_being_written_to_is_looked_at_first(filled: Store, tmp_path):
    folder = tmp_path / "search"
    index = ChromaIndex(folder, "topics")
    with filled.read() as connection:
        index.sync(connection)
    index.close()
    (folder / "state.json").write_text(json.dumps({"clean": False, "files": []}), encoding="utf-8")

    index = ChromaIndex(folder, "topics")
    assert near(index, filled, "privacy")[0] == 3
    index.close()


def test_vectors_of_another_model_begin_a_new_index(filled: Store, tmp_path):
    index = ChromaIndex(tmp_path / "search", "topics")
    with filled.read() as connection:
        index.sync(connection)
    index.close()

    other = ChromaIndex(tmp_path / "search", "another")
    with filled.read() as connection:
        assert other.sync(connection) == 0
        assert other.nearest(connection, np.ones(3, dtype=np.float32), 2) == []
    other.close()
