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
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from retrieval.collection import CollectionIndex, finds, known, open_collection

log = logging.getLogger(__name__)

_COLLECTION = "passages"
_PROBE_TIMEOUT_S = 120.0


class Busy(Exception):
    """Another process holds the index."""


class ChromaIndex(CollectionIndex):
    """The vectors of one embedder, indexed in `folder`.

    Args:
        folder: for the index alone; it may be deleted at any time.
        embedder: whose vectors are indexed.

    Raises:
        Busy: another process has it open.
    """

    def __init__(self, folder: Path, embedder: str) -> None:
        from filelock import FileLock, Timeout

        super().__init__(embedder)
        self._folder = folder / "chroma"
        self._state = folder / "state.json"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = FileLock(folder / "lock", blocking=False)
        try:
            self._lock.acquire()
        except Timeout as error:
            raise Busy(f"Another process holds the search index {folder}.") from error
        self._client: Any = None
        self._collection: Any = None

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
        self._collection = open_collection(self._client, _COLLECTION, self._embedder)

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
        wanted = [[id_, vector.tolist()] for id_, vector in known(connection, self._embedder)]
        try:
            done = subprocess.run(
                [sys.executable, "-m", "retrieval.chroma", str(self._folder)],
                input=json.dumps(wanted), text=True, capture_output=True, timeout=_PROBE_TIMEOUT_S, check=False,
                cwd=Path(__file__).parents[1],
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0


def _look_of(folder: Path) -> list[list[Any]]:
    """Name, size and time of change of every file, for the eye of the next process."""
    found = [(path, path.stat()) for path in sorted(folder.rglob("*")) if path.is_file()]
    return [[path.relative_to(folder).as_posix(), stat.st_size, stat.st_mtime_ns] for path, stat in found]


def _probe_folder(folder: str) -> int:
    """Open a folder and look for what standard input tells; 0: all is found."""
    import chromadb
    from chromadb.config import Settings

    wanted = json.load(sys.stdin)
    client = chromadb.PersistentClient(folder, Settings(anonymized_telemetry=False))
    return 0 if finds(client.get_collection(_COLLECTION, embedding_function=None), wanted) else 1


if __name__ == "__main__":
    sys.exit(_probe_folder(sys.argv[1]))
