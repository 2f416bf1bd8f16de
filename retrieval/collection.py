"""A Chroma collection as a disposable index of the table of passages, wherever it lies."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, select

from retrieval.table import count, from_bytes, passages

_BATCH = 2_000  # vectors added at once
_PROBES = 20  # known passages that must find themselves
_SAME = 1e-3  # inner-product distance (1 - cosine) of a vector and itself, and room for rounding


class CollectionIndex(ABC):
    """The vectors of one embedder, kept in step with the table.

    Args:
        embedder: whose vectors are indexed.
    """

    def __init__(self, embedder: str) -> None:
        self._embedder = embedder

    @abstractmethod
    def _opened(self, connection: Connection) -> Any:
        """The collection."""

    @abstractmethod
    def _throw_away(self) -> None:
        """Remove it with all that is in it."""

    @abstractmethod
    def _mark(self, *, is_clean: bool) -> None:
        """Remember that it is whole, or that it is being written to."""

    @abstractmethod
    def close(self) -> None:
        """Let it go."""

    def nearest(self, connection: Connection, vector: npt.NDArray[np.float32], limit: int) -> list[int]:
        """Ids of the nearest passages; those taken in since the last `sync` are not among them."""
        collection = self._opened(connection)
        held = collection.count()
        if not held:
            return []
        found = collection.query(query_embeddings=[vector.tolist()], n_results=min(limit, held), include=[])
        return [int(id_) for id_ in found["ids"][0]]

    def sync(self, connection: Connection, *, progress: Callable[[int, int], None] | None = None) -> int:
        """Bring the index in step with the table; gives the number of vectors added and taken out."""
        collection = self._opened(connection)
        held = set(map(int, collection.get(include=[])["ids"]))
        wanted = set(connection.scalars(select(passages.c.id).where(passages.c.embedder == self._embedder)))
        missing, gone = sorted(wanted - held), sorted(held - wanted)
        if not missing and not gone:
            return 0
        self._mark(is_clean=False)
        for ids in _chunks(gone):
            collection.delete(ids=list(map(str, ids)))
        for done, ids in enumerate(_chunks(missing)):
            self._add(connection, collection, ids)
            if progress:
                progress(min((done + 1) * _BATCH, len(missing)), len(missing))
        self._mark(is_clean=True)
        return len(missing) + len(gone)

    def is_sound(self, connection: Connection) -> bool:
        """Whether known passages find themselves."""
        return finds(self._opened(connection), known(connection, self._embedder))

    def rebuild(self, connection: Connection, *, progress: Callable[[int, int], None] | None = None) -> int:
        """Throw the index away and make it anew; gives the number of vectors."""
        self._throw_away()
        return self.sync(connection, progress=progress)

    def _add(self, connection: Connection, collection: Any, ids: Sequence[int]) -> None:
        of_embedder = passages.c.embedder == self._embedder
        rows = connection.execute(
            select(passages.c.id, passages.c.vector).where(passages.c.id.in_(ids), of_embedder)
        ).all()
        if rows:
            vectors = from_bytes([row.vector for row in rows])
            collection.upsert(ids=[str(row.id) for row in rows], embeddings=vectors)


def open_collection(client: Any, name: str, embedder: str) -> Any:
    """The collection of this name; made anew where it holds another embedder's vectors."""
    options: dict[str, Any] = {
        "embedding_function": None,
        "configuration": {"hnsw": {"space": "ip"}},
        "metadata": {"embedder": embedder},
    }
    found = client.get_or_create_collection(name, **options)
    if (found.metadata or {}).get("embedder") == embedder:
        return found
    client.delete_collection(name)
    return client.create_collection(name, **options)


def known(connection: Connection, embedder: str) -> list[tuple[int, npt.NDArray[np.float32]]]:
    """Passages, spread over all, with their vectors."""
    total = count(connection, embedded_by=embedder)
    ids: list[int] = []
    for place in range(0, total, max(total // _PROBES, 1)):
        statement = select(passages.c.id).where(passages.c.embedder == embedder).order_by(passages.c.id)
        ids += connection.scalars(statement.offset(place).limit(1))
    rows = connection.execute(select(passages.c.id, passages.c.vector).where(passages.c.id.in_(ids[:_PROBES])))
    return [(row.id, from_bytes([row.vector])[0]) for row in rows]


def finds(collection: Any, wanted: Sequence[tuple[int, Any]]) -> bool:
    """Whether each known passage is nearest to its own vector (or to one as near)."""
    if not wanted:
        return True
    if not collection.count():
        return False
    found = collection.query(
        query_embeddings=[list(map(float, vector)) for _, vector in wanted], n_results=1, include=["distances"]
    )
    return all(near and near[0] < _SAME for near in found["distances"])


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))
