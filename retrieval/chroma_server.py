"""The index of the vectors on a Chroma server (`chroma run`), shared by several processes.

Only ids and vectors are kept there, no text. What the server answers is looked up in the table like any other hit;
where it does not answer, the table itself is searched: slower, and as right.
"""

import logging
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from retrieval.collection import CollectionIndex, open_collection
from retrieval.scan import Scan

log = logging.getLogger(__name__)

_BEATS_WITHIN_S, _TIMEOUT_S = 5.0, 30.0


class Unreachable(Exception):
    """The server does not answer, or not like one."""


class ServerIndex(CollectionIndex):
    """The vectors of one embedder, in a collection of a server.

    Args:
        url: `http://host:port` or `https://…`.
        name: of the collection: one for each store.
        embedder: whose vectors are indexed.

    Raises:
        Unreachable: there is no such server.
    """

    def __init__(self, url: str, name: str, embedder: str) -> None:
        super().__init__(embedder)
        self._name = name
        self._client = _connect(url)

    def nearest(self, connection: Connection, vector: npt.NDArray[np.float32], limit: int) -> list[int]:
        """Ids of the nearest passages; by a look at every vector where the server does not answer."""
        try:
            return super().nearest(connection, vector, limit)
        except _faults() as error:
            log.warning("the Chroma server does not answer (%s); the table is searched", type(error).__name__)
            return Scan(self._embedder).nearest(connection, vector, limit)

    def sync(self, connection: Connection, *, progress: Callable[[int, int], None] | None = None) -> int:
        """As of any index.

        Raises:
            Unreachable: the server is gone; what it has by then it keeps.
        """
        try:
            return super().sync(connection, progress=progress)
        except _faults() as error:
            raise Unreachable(f"The Chroma server broke off ({type(error).__name__}).") from error

    def close(self) -> None:
        """End the connection."""
        for session in _sessions(self._client):
            session.close()  # Chroma's own close leaves them open
        self._client.close()

    def _opened(self, _connection: Connection) -> Any:
        """Asked for each time: another process may have made it anew."""
        return open_collection(self._client, self._name, self._embedder)

    def _throw_away(self) -> None:
        open_collection(self._client, self._name, self._embedder)  # only what is there can be thrown away
        self._client.delete_collection(self._name)

    def _mark(self, *, is_clean: bool) -> None:
        """The server looks after its own files."""


def _connect(url: str) -> Any:
    import chromadb
    import httpx
    from chromadb.config import Settings

    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 8000)
    settings = Settings(anonymized_telemetry=False)
    try:
        httpx.get(f"{parts.scheme}://{parts.hostname}:{port}/api/v2/heartbeat", timeout=_BEATS_WITHIN_S)
        client = chromadb.HttpClient(str(parts.hostname), port, ssl=parts.scheme == "https", settings=settings)
    except _faults() as error:
        raise Unreachable(f"There is no Chroma server at {parts.hostname}:{port}.") from error
    for session in _sessions(client):
        session.timeout = httpx.Timeout(_TIMEOUT_S)  # Chroma would wait for ever
    return client


def _sessions(client: Any) -> Iterator[Any]:
    """The client's connections: its own, and that of the part of it which looks after databases."""
    yield client._server._session
    yield client._admin_client._server._session


def _faults() -> tuple[type[Exception], ...]:
    """What a server that is gone, or is none, makes the client raise."""
    from chromadb.errors import ChromaError
    from httpx import HTTPError

    return (ChromaError, HTTPError, ValueError, KeyError)
