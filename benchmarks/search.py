"""The search over 100,000 passages: inside one customer's history, over everything, and giving vectors.

Texts are the demo company's, with numbers that tell them apart; vectors are random, so that all of it is ready in a
minute. Questions are embedded for real. `--passages 10000` for a quick look.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

TODAY = date(2017, 11, 15)
IN_ONE_ACCOUNT, QUESTIONS, WARM = 1_000, 60, 5
LIMIT_WITHIN_MS, LIMIT_ALL_MS, LIMIT_INDEXING, LIMIT_IDLE_MB = 40.0, 60.0, 0.8, 250.0
TEXTS_TO_EMBED = 1_500
ASKED = (
    "what did they say about the price", "objections to the discount", "who decides on the budget",
    "worries about data protection", "the pilot in the second warehouse", "complaints about delivery times",
    "promised the reference list", "next step after the demo", "training for the team", "对价格的顾虑",
)  # fmt: skip


def main() -> int:
    """Print the figures; 1 where one is over its limit."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--passages", type=int, default=100_000)
    passages = wanted.parse_args().passages
    from retrieval.embed import find_minilm

    embedder = find_minilm()
    if embedder is None:
        print("search: the extra `embeddings` is not installed; nothing to measure")
        return 0
    with tempfile.TemporaryDirectory(prefix="farley-bench-") as folder:
        texts = _texts(passages)
        store, account = _filled(Path(folder), texts, embedder)
        verdicts = [_idle(folder), *_searches(Path(folder), store, account, embedder), _indexing(texts, embedder)]
        store.close()
    return 0 if all(verdicts) else 1


def _texts(count: int) -> list[str]:
    """Bodies of the demo company's interactions, each with a number of its own."""
    from crm_core.demo import build_company

    bodies = [str(row["body"]) for row in build_company(TODAY)["interaction"] if row["body"]]
    draw = random.Random(1)
    return [f"{draw.choice(bodies)[:300]} Ref {number}." for number in range(count)]


def _filled(folder: Path, texts: Sequence[str], embedder: Any) -> tuple[Any, int]:
    """A store with a passage a text, a customer with a thousand of them among others, and the index."""
    import numpy as np
    from sqlalchemy import insert

    from crm_core.models import Account, Interaction
    from crm_core.setup import create_store
    from retrieval.chroma import ChromaIndex
    from retrieval.table import passages, to_bytes
    from retrieval.words import joined, words_of

    store = create_store(f"sqlite:///{folder / 'farley.db'}")
    stamps = {"created_at": _at(), "updated_at": _at(), "version": 1, "custom": {}}
    dice = np.random.default_rng(1)
    with store.write() as connection:
        accounts = max(len(texts) // 50, 2)
        connection.execute(insert(Account), [{"id": n + 1, "name": f"Account {n}", **stamps} for n in range(accounts)])
        for start in range(0, len(texts), 5_000):
            chunk = list(enumerate(texts[start : start + 5_000], start))
            vectors = dice.normal(size=(len(chunk), embedder.dimensions)).astype(np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            connection.execute(insert(Interaction), [
                {"id": n + 1, "kind": "note", "happened_on": TODAY, "body": text, **stamps,
                 "account_id": 1 if n < IN_ONE_ACCOUNT else 2 + n % (accounts - 1)}
                for n, text in chunk
            ])  # fmt: skip
            rows = []
            for at, (n, text) in enumerate(chunk):
                words = words_of(text)
                rows.append({
                    "kind": "interaction", "record_id": n + 1, "position": 0, "thread": f"i{n}", "digest": "x",
                    "text": text, "speaker": None, "words": joined(words), "length": len(words),
                    "vector": to_bytes(vectors[at : at + 1]), "embedder": embedder.name,
                })  # fmt: skip
            connection.execute(insert(passages), rows)
    index = ChromaIndex(folder / "search", embedder.name)
    with store.read() as connection:
        index.sync(connection)
    index.close()
    return store, 1


def _at() -> Any:
    from datetime import UTC, datetime

    return datetime(2017, 1, 1, tzinfo=UTC)


def _idle(folder: str) -> bool:
    """Memory of a process that stands ready to answer and has not searched yet."""
    import os
    import subprocess

    code = (
        "import psutil\n"
        "from integrations.settings import get_settings\n"
        "from integrations.bootstrap import build_copilot, open_store\n"
        "settings = get_settings(); store = open_store(settings)\n"
        "copilot = build_copilot(settings, store, remembers=True)\n"
        "print(psutil.Process().memory_info().rss / 1024**2)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "FARLEY_HOME": folder}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return _told("memory before the first search", float(done.stdout), LIMIT_IDLE_MB, "MB")


def _searches(folder: Path, store: Any, account: int, embedder: Any) -> list[bool]:
    from copilot.knowledge import About, Knowledge, Wanted
    from crm_core.access import ADMIN
    from retrieval.chroma import ChromaIndex

    index = ChromaIndex(folder / "search", embedder.name)
    knowledge = Knowledge(store.for_agent, embedder=embedder, nearest=index)

    def search(text: str, about: tuple[Any, ...] = ()) -> None:
        knowledge.search(Wanted(text, about), actor=ADMIN, today=TODAY, limit=8)

    within = _p95(lambda text: search(text, (About("account", account),)))
    everywhere = _p95(search)
    index.close()
    return [
        _told(f"inside an account of {IN_ONE_ACCOUNT:,} passages, p95", within, LIMIT_WITHIN_MS, "ms"),
        _told("over everything, p95", everywhere, LIMIT_ALL_MS, "ms"),
    ]


def _p95(ask: Callable[[str], None]) -> float:
    """Milliseconds, the embedding of the question included."""
    took = []
    for number in range(WARM + QUESTIONS):
        begun = time.perf_counter()
        ask(f"{ASKED[number % len(ASKED)]} {number}")
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.quantiles(took[WARM:], n=20)[18]


def _indexing(texts: Sequence[str], embedder: Any) -> bool:
    """Taking in and embedding against the model's own speed on the same passages, in one run."""
    from crm_core.setup import create_store
    from retrieval import table
    from retrieval.document import Document, Source
    from retrieval.fill import embed_waiting

    some = texts[:TEXTS_TO_EMBED]
    documents = [Document(Source("interaction", n), text) for n, text in enumerate(some)]
    pieces = [piece.text for document in documents for piece in document.pieces]
    embedder.encode(pieces[:100])
    begun = time.perf_counter()
    embedder.encode(pieces)
    raw = time.perf_counter() - begun
    with tempfile.TemporaryDirectory(prefix="farley-bench-") as folder:
        store = create_store(f"sqlite:///{folder}/farley.db")
        begun = time.perf_counter()
        with store.derive() as connection:
            table.replace(connection, documents)
        embed_waiting(store.read, store.derive, embedder, progress=lambda _done, _total: None)
        ours = time.perf_counter() - begun
        store.close()
    share, verdict = raw / ours, "ok" if raw / ours >= LIMIT_INDEXING else "SLOW"
    told = f"indexing, share of raw encoding ({len(pieces) / raw:.0f} passages/s)"
    print(f"{told:60} {share:9.2f}        at least {LIMIT_INDEXING}   {verdict}")
    return share >= LIMIT_INDEXING


def _told(what: str, figure: float, limit: float, unit: str) -> bool:
    print(f"{what:60} {figure:9.1f} {unit:3}    at most {limit:g}   {'ok' if figure <= limit else 'SLOW'}")
    return figure <= limit


if __name__ == "__main__":
    sys.exit(main())
