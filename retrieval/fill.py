"""Giving vectors to the passages that wait for one."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Connection

from retrieval import table
from retrieval.embed import Embedder

Transaction = Callable[[], AbstractContextManager[Connection]]
_BATCH = 1_024  # texts embedded between two transactions


def embed_waiting(
    read: Transaction, write: Transaction, embedder: Embedder, *, progress: Callable[[int, int], None]
) -> int:
    """Embed every passage that has no vector of this embedder; gives how many. Stopped halfway, it goes on next time.

    No transaction is held while the model works.
    """
    with read() as connection:
        total = table.count(connection) - table.count(connection, embedded_by=embedder.name)
    done = 0
    while True:
        progress(done, total)
        with read() as connection:
            batch = table.waiting(connection, embedder.name, _BATCH)
        if not batch:
            return done
        vectors = embedder.encode([one.text for one in batch])
        with write() as connection:
            table.fill(connection, batch, vectors, embedder.name)
        done += len(batch)
