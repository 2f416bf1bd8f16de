"""Nearest vectors by a Chroma collection: a disposable index of the table of passages, for one long-lived process.

A folder belongs to one process at a time (a lock says so). A process that was killed while it wrote can leave a folder
that crashes whoever opens it, so after an unclean end, or where the files are not those that were left, it is opened in
a process of its own first; what does not open, or does not find what it should, is thrown away and made anew.
"""

import json
import logging
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, select

from retrieval.table import count, from_bytes, passages

log = logging.getLogger(__name__)

_COLLECTION = "passages"
_BATCH = 2_000  # vectors added at once
_PROBES = 20  # known passages that must find themselves
_PROBE_TIMEOUT_S = 120.0


class Busy(Exception):
    """Another process holds the index."""


class ChromaIndex:
    """The vectors of one embedder, indexed in `folder`.

    Args:
        folder: for the index alone; it may be deleted at any time.
        embedder: whose vectors are indexed.

    Raises:
        Busy: another process has it open.
    """

    def __init__(self, folder: Path, embedder: str) -> None:
        from filelock import FileLock, Timeout

        self._folder, self._embedder = folder / "chroma", embedder
        self._state = folder / "state.json"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = FileLock(folder / "lock", blocking=False)
        try:
            self._lock.acquire()
        except Timeout as error:
            raise Busy(f"Another process holds the search index {folder}.") from error
        self._client: Any = None
        self._collection: Any = None

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
            self._add(connection, ids)
            if progress:
                progress(min((done + 1) * _BATCH, len(missing)), len(missing))
        self._mark(is_clean=True)
        return len(missing) + len(gone)

    def is_sound(self, connection: Connection) -> bool:
        """Whether known passages find themselves."""
        return _finds(self._opened(connection), _known(connection, self._embedder))

    def rebuild(self, connection: Connection, *, progress: Callable[[int, int], None] | None = None) -> int:
        """Throw the index away and make it anew; gives the number of vectors."""
        self._throw_away()
        return self.sync(connection, progress=progress)

    def close(self) -> None:
        """Let another process have it."""
        if self._client is not None:
            self._client.close()
        self._client = self._collection = None
        if self._state.exists() and self._read().get("clean"):
            self._mark(is_clean=True)
        self._lock.release()

    def _opened(self, connection: Connection) -> Any:
        """The collection, opened the first time: guarded where the folder may be damaged."""
        if self._collection is None:
            if self._folder.exists() and not self._is_as_left() and not self._probe(connection):
                log.warning("search index damaged; it is made anew from the table")
                self._throw_away()
            try:
                self._open()
            except Exception:  # whatever a damaged folder makes Chroma raise
                log.warning("search index does not open; it is made anew from the table", exc_info=True)
                self._throw_away()
                self._open()
        return self._collection

    def _open(self) -> None:
        import chromadb
        from chromadb.config import Settings

        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._client = chromadb.PersistentClient(str(self._folder), Settings(anonymized_telemetry=False))
        options: dict[str, Any] = {
            "embedding_function": None,
            "configuration": {"hnsw": {"space": "ip"}},
            "metadata": {"embedder": self._embedder},
        }
        self._collection = self._client.get_or_create_collection(_COLLECTION, **options)
        if (self._collection.metadata or {}).get("embedder") != self._embedder:
            self._client.delete_collection(_COLLECTION)
            self._collection = self._client.create_collection(_COLLECTION, **options)

    def _add(self, connection: Connection, ids: Sequence[int]) -> None:
        rows = connection.execute(
            select(passages.c.id, passages.c.vector).where(
                passages.c.id.in_(ids), passages.c.embedder == self._embedder
            )
        ).all()
        if rows:
            vectors = from_bytes([row.vector for row in rows])
            self._collection.add(ids=[str(row.id) for row in rows], embeddings=vectors)

    def _throw_away(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = self._collection = None
        shutil.rmtree(self._folder, ignore_errors=True)
        self._state.unlink(missing_ok=True)

    # --- what was left, and whether it can be trusted ---

    def _mark(self, *, is_clean: bool) -> None:
        """Remember that the folder is whole, and how it looks; or that it is being written to."""
        told = {"clean": is_clean, "files": _look_of(self._folder) if is_clean else []}
        partial = self._state.with_suffix(".new")
        partial.write_text(json.dumps(told), encoding="utf-8")
        partial.replace(self._state)

    def _read(self) -> dict[str, Any]:
        try:
            told = json.loads(self._state.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) else {}

    def _is_as_left(self) -> bool:
        told = self._read()
        return bool(told.get("clean")) and told.get("files") == _look_of(self._folder)

    def _probe(self, connection: Connection) -> bool:
        """Whether a process of its own can open the folder and find known passages."""
        known = [[id_, vector.tolist()] for id_, vector in _known(connection, self._embedder)]
        try:
            done = subprocess.run(
                [sys.executable, "-m", "retrieval.chroma", str(self._folder)],
                input=json.dumps(known), text=True, capture_output=True, timeout=_PROBE_TIMEOUT_S, check=False,
                cwd=Path(__file__).parents[1],
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0


def _look_of(folder: Path) -> list[list[Any]]:
    """Name, size and time of change of every file, for the eye of the next process."""
    found = [(path, path.stat()) for path in sorted(folder.rglob("*")) if path.is_file()]
    return [[path.relative_to(folder).as_posix(), stat.st_size, stat.st_mtime_ns] for path, stat in found]


def _known(connection: Connection, embedder: str) -> list[tuple[int, npt.NDArray[np.float32]]]:
    """Passages, spread over all, with their vectors."""
    total = count(connection, embedded_by=embedder)
    ids: list[int] = []
    for place in range(0, total, max(total // _PROBES, 1)):
        statement = select(passages.c.id).where(passages.c.embedder == embedder).order_by(passages.c.id)
        ids += connection.scalars(statement.offset(place).limit(1))
    rows = connection.execute(select(passages.c.id, passages.c.vector).where(passages.c.id.in_(ids[:_PROBES])))
    return [(row.id, from_bytes([row.vector])[0]) for row in rows]


def _finds(collection: Any, known: Sequence[tuple[int, Any]]) -> bool:
    """Whether each known passage is nearest to its own vector (or to one as near)."""
    if not known:
        return True
    if not collection.count():
        return False
    found = collection.query(
        query_embeddings=[list(map(float, vector)) for _, vector in known], n_results=1, include=["distances"]
    )
    return all(near and near[0] < _SAME for near in found["distances"])


_SAME = 1e-3  # inner-product distance (1 - cosine) of a vector and itself, and room for rounding


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))


def _probe_folder(folder: str) -> int:
    """Open a folder and look for what standard input tells; 0: all is found."""
    import chromadb
    from chromadb.config import Settings

    known = json.load(sys.stdin)
    client = chromadb.PersistentClient(folder, Settings(anonymized_telemetry=False))
    return 0 if _finds(client.get_collection(_COLLECTION, embedding_function=None), known) else 1


if __name__ == "__main__":
    sys.exit(_probe_folder(sys.argv[1]))
