"""Killed while it indexes: every passage that was taken in is found by its own text again, and nothing crashes.

Each run kills twice; FARLEY_SOAK=1 kills 20 times.
"""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("chromadb", reason="the extra `embeddings` is not installed")

from crm_core.db import Store
from retrieval import table
from retrieval.chroma import ChromaIndex
from retrieval.fill import embed_waiting
from retrieval.scan import Scan
from retrieval.search import Question, search_all
from tests.retrieval.conftest import TopicEmbedder

KILLS = 20 if os.environ.get("FARLEY_SOAK") else 2
INDEXER = Path(__file__).with_name("indexing_process.py")
ROOT = Path(__file__).parents[2]


def index_and_be_killed(url: str, folder: Path, draw: random.Random) -> int:
    """How many passages it had told before it was killed."""
    command = [sys.executable, str(INDEXER), url, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(draw.randint(1, 6))]
        time.sleep(draw.uniform(0, 0.3))
        process.kill()
        return max(int(line) for line in [*told, *process.stdout] if line.endswith(b"\n"))


def test_killed_at_any_moment_the_search_comes_back_whole(sqlite_store: Store, tmp_path):
    draw, embedder, folder = random.Random(3), TopicEmbedder(), tmp_path / "search"
    url = sqlite_store.url.render_as_string()
    for _ in range(KILLS):
        told = index_and_be_killed(url, folder, draw)

        embed_waiting(sqlite_store.read, sqlite_store.derive, embedder, progress=lambda _done, _total: None)
        index = ChromaIndex(folder, embedder.name)
        with sqlite_store.read() as connection:
            index.sync(connection)
            held = table.count(connection)
            assert held >= told
            assert index.is_sound(connection)
            assert index.sync(connection) == 0
            for number in draw.sample(range(held), 20):
                question = Question.of(f"marker{number}", None)
                found = search_all(connection, question, None, nearest=Scan(""), limit=1)
                assert found[0].source.id == number
        index.close()
