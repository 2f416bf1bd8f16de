"""Nearest vectors by looking at every one: exact, and with nothing to keep in step. Enough for a one-off question."""

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from retrieval.table import all_vectors


class Scan:
    """Reads the table itself.

    Args:
        embedder: whose vectors count.
    """

    def __init__(self, embedder: str) -> None:
        self._embedder = embedder

    def nearest(self, connection: Connection, vector: npt.NDArray[np.float32], limit: int) -> list[int]:
        """Ids of the nearest passages, exactly."""
        ids: list[int] = []
        cosines = np.empty(0, dtype=np.float32)
        for more, vectors in all_vectors(connection, self._embedder):
            ids += more
            cosines = np.concatenate([cosines, vectors @ vector])
            if len(ids) > 4 * limit:
                best = np.argpartition(-cosines, limit)[:limit]
                ids, cosines = [ids[at] for at in best], cosines[best]
        order = np.argsort(-cosines, kind="stable")[:limit]
        return [ids[at] for at in order]
