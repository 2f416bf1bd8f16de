"""Against a real `chroma run` on this machine."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("chromadb", reason="the extra `embeddings` is not installed")

from crm_core.db import Store
from retrieval import table
from retrieval.chroma_server import ServerIndex, Unreachable
from retrieval.document import Source
from retrieval.scan import Scan
from tests.retrieval.conftest import TopicEmbedder, take_in

TEXTS = ("Too expensive.", "They want a trial.", "Contract questions.", "A demo of the price list.")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Its URL and process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    program = Path(sys.executable).with_name("chroma")
    command = [str(program), "run", "--path", str(tmp_path_factory.mktemp("chroma")), "--port", str(port)]
    process = subprocess.Popen([*command, "--host", "127.0.0.1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            ServerIndex(url, "probe", "topics").close()
            break
        except Unreachable:
            time.sleep(0.1)
    else:
        process.kill()
        pytest.skip("`chroma run` does not start here")
    yield url, process
    process.kill()
    process.wait()


@pytest.fixture
def opened(server):
    """Opens an index on it, as a process of its own would."""
    made: list[ServerIndex] = []

    def open_(name, embedder="topics"):
        made.append(ServerIndex(server[0], name, embedder))
        return made[-1]

    yield open_
    for index in made:
        index.close()


@pytest.fixture
def filled(sqlite_store: Store, embedder: TopicEmbedder) -> Store:
    take_in(sqlite_store, *TEXTS, embedder=embedder)
    return sqlite_store


def test_two_processes_share_one_index_that_follows_the_table(filled, opened, embedder):
    first, second = opened("shared"), opened("shared")
    vector = embedder.encode_question("price")
    with filled.read() as connection:
        assert first.sync(connection) == 4
        assert second.sync(connection) == 0
        assert second.is_sound(connection)
        assert second.nearest(connection, vector, 1) == Scan("topics").nearest(connection, vector, 1)
    with filled.derive() as connection:
        table.remove(connection, [Source("note", 1)])
    with filled.read() as connection:
        assert second.sync(connection) == 1
        assert 1 not in first.nearest(connection, vector, 4)
        assert first.rebuild(connection) == 3
        assert second.is_sound(connection)


def test_another_embedder_begins_anew(filled, opened):
    index = opened("changed")
    with filled.read() as connection:
        index.sync(connection)
        other = opened("changed", "another")

        assert other.sync(connection) == 0
        assert other.nearest(connection, TopicEmbedder().encode_question("price"), 4) == []


def test_where_there_is_no_server_it_says_so():
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:1"):
        ServerIndex("http://127.0.0.1:1", "x", "topics")


def test_a_server_that_goes_away_takes_nothing_with_it(filled, opened, server, embedder):
    index, vector = opened("lost"), embedder.encode_question("price")
    with filled.read() as connection:
        index.sync(connection)
        before = index.nearest(connection, vector, 2)
        server[1].kill()
        server[1].wait()

        assert index.nearest(connection, vector, 2) == before
