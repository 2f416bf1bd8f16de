"""A table of passages to search, and an embedder whose vectors a test can foresee."""

from collections.abc import Sequence

import numpy as np
import pytest

from crm_core.db import Store
from retrieval import table
from retrieval.document import Document, Source
from retrieval.embed import Vectors
from retrieval.fill import embed_waiting


class TopicEmbedder:
    """Texts on the same topic are near: a topic is any of a set of words, and a dimension."""

    name = "topics"
    dimensions = 3
    near = 0.3
    TOPICS = (("price", "cost", "expensive"), ("demo", "trial", "show"), ("legal", "privacy", "contract"))

    def __init__(self) -> None:
        self.texts = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.texts += len(texts)
        return np.stack([self.encode_question(text) for text in texts])

    def encode_question(self, question: str) -> Vectors:
        found = [float(any(word in question.lower() for word in topic)) for topic in self.TOPICS]
        vector = np.array(found, dtype=np.float32) + np.float32(0.01)
        return vector / np.linalg.norm(vector)

    def trust(self, text: str) -> float:
        return 1.0


@pytest.fixture
def embedder() -> TopicEmbedder:
    return TopicEmbedder()


def take_in(store: Store, *texts: str, kind: str = "note", embedder: TopicEmbedder | None = None) -> None:
    """Each text a document, numbered from 1."""
    with store.derive() as connection:
        table.replace(connection, [Document(Source(kind, n), text) for n, text in enumerate(texts, 1)])
    if embedder:
        embed_waiting(store.read, store.derive, embedder, progress=lambda _done, _total: None)
