"""Takes in texts, gives vectors and feeds the index until it is killed: a URL and a folder are its arguments."""

import itertools
import sys
from pathlib import Path

from crm_core.db import Store
from retrieval import table
from retrieval.chroma import ChromaIndex
from retrieval.document import Document, Source
from retrieval.fill import embed_waiting
from tests.retrieval.conftest import TopicEmbedder


def main(url: str, folder: str) -> None:
    """Tell each round on standard output when it has been taken in."""
    store, embedder = Store(url), TopicEmbedder()
    index = ChromaIndex(Path(folder), embedder.name)
    for number in itertools.count():
        with store.read() as connection:
            start = table.count(connection)
        documents = [Document(Source("note", start + n), f"marker{start + n} price demo {number}") for n in range(50)]
        with store.derive() as connection:
            table.replace(connection, documents)
        print(start + len(documents), flush=True)
        embed_waiting(store.read, store.derive, embedder, progress=lambda _done, _total: None)
        with store.read() as connection:
            index.sync(connection)


if __name__ == "__main__":
    main(*sys.argv[1:])
