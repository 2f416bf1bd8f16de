"""The table of passages: text, words and vector of each. It is the truth of the search; every index is made from it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from retrieval.document import Document, Source
from retrieval.embed import Vectors
from retrieval.words import joined, words_of

metadata = MetaData()
passages = Table(
    "passages",
    metadata,
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    Column("kind", String, nullable=False),
    Column("record_id", BigInteger().with_variant(Integer(), "sqlite"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("thread", String, nullable=False),  # passages of one thread stand in each other's context
    Column("digest", String, nullable=False),  # of the whole document
    Column("text", Text, nullable=False),
    Column("speaker", String),
    Column("words", Text, nullable=False),  # what it is found by, as `words.joined` writes it
    Column("length", Integer, nullable=False),  # of `words`
    Column("vector", LargeBinary),  # float32, little-endian; None: not embedded yet
    Column("embedder", String),  # that made the vector
    UniqueConstraint("kind", "record_id", "position"),
    Index("ix_passages_embedder", "embedder"),
    sqlite_autoincrement=True,  # an index must never meet another passage under a number that it knows
)


@dataclass(frozen=True)
class Waiting:
    """A passage that has no vector of the embedder yet."""

    id: int
    text: str


def digests(connection: Connection, kind: str, ids: Sequence[int]) -> dict[int, str]:
    """The digests of those documents of `kind` that the table holds, by record id."""
    rows = connection.execute(
        select(passages.c.record_id, passages.c.digest)
        .where(passages.c.kind == kind, passages.c.record_id.in_(ids), passages.c.position == 0)
    )  # fmt: skip
    return {row.record_id: row.digest for row in rows}


def replace(connection: Connection, documents: Iterable[Document]) -> int:
    """Put documents in place of what was there of their sources; gives the number of passages.

    Vectors come later; a passage whose text did not change keeps its own.
    """
    written = 0
    for document in documents:
        kept = _vectors_of(connection, document.source)
        remove(connection, [document.source])
        rows = [row | kept.get(str(row["text"]), _NO_VECTOR) for row in _rows(document)]
        if rows:
            connection.execute(insert(passages), rows)
        written += len(rows)
    return written


def remove(connection: Connection, sources: Iterable[Source]) -> None:
    """Take documents out."""
    for source in sources:
        connection.execute(
            delete(passages).where(passages.c.kind == source.kind, passages.c.record_id == source.id)
        )  # fmt: skip


def known(connection: Connection, kind: str, *, after: int, limit: int) -> list[int]:
    """Record ids of documents of `kind`, in order, from the first one above `after`."""
    where = (passages.c.kind == kind, passages.c.record_id > after, passages.c.position == 0)
    return list(connection.scalars(select(passages.c.record_id).where(*where).order_by("record_id").limit(limit)))


def kinds(connection: Connection) -> list[str]:
    """The kinds of documents in the table."""
    return list(connection.scalars(select(passages.c.kind).distinct().order_by("kind")))


def count(connection: Connection, *, embedded_by: str | None = None) -> int:
    """How many passages there are, or how many have a vector of that embedder."""
    where = () if embedded_by is None else (passages.c.embedder == embedded_by,)
    return connection.execute(select(func.count()).select_from(passages).where(*where)).scalar_one()


def newest_id(connection: Connection) -> int:
    """The highest id: about the number of passages, at no cost."""
    return int(connection.execute(select(func.coalesce(func.max(passages.c.id), 0))).scalar_one())


def is_embedded(connection: Connection, embedder: str) -> bool:
    """Whether any passage has a vector of that embedder."""
    found = select(passages.c.id).where(passages.c.embedder == embedder).limit(1)
    return connection.execute(found).first() is not None


def waiting(connection: Connection, embedder: str, limit: int) -> list[Waiting]:
    """Passages without a vector of that embedder, the oldest first."""
    lacks = or_(passages.c.embedder.is_(None), passages.c.embedder != embedder)
    rows = connection.execute(
        select(passages.c.id, passages.c.text).where(lacks).order_by(passages.c.id).limit(limit)
    )  # fmt: skip
    return [Waiting(row.id, row.text) for row in rows]


def fill(connection: Connection, found: Sequence[Waiting], vectors: Vectors, embedder: str) -> None:
    """Add vectors to passages; one that changed or went in the meantime is left alone."""
    statement = (
        update(passages)
        .where(passages.c.id == bindparam("of"), passages.c.text == bindparam("read"))
        .values(vector=bindparam("to"), embedder=embedder)
    )
    rows = [
        {"of": one.id, "read": one.text, "to": to_bytes(vectors[at : at + 1])} for at, one in enumerate(found)
    ]  # fmt: skip
    if rows:
        connection.execute(statement, rows)


def all_vectors(
    connection: Connection, embedder: str, *, after: int = 0, chunk: int = 2_000
) -> Iterator[tuple[list[int], Vectors]]:
    """All vectors of that embedder with the ids of their passages, a chunk at a time in the order of ids."""
    while True:
        rows = connection.execute(
            select(passages.c.id, passages.c.vector)
            .where(passages.c.embedder == embedder, passages.c.id > after)
            .order_by(passages.c.id)
            .limit(chunk)
        ).all()
        if not rows:
            return
        after = rows[-1].id
        yield [row.id for row in rows], from_bytes([row.vector for row in rows])


def vectors_by_text(connection: Connection, embedder: str) -> dict[str, Any]:
    """All vectors of that embedder, shape (dimensions,), by the text of their passage."""
    rows = connection.execute(select(passages.c.text, passages.c.vector).where(passages.c.embedder == embedder))
    return {row.text: from_bytes([row.vector])[0] for row in rows}


def to_bytes(vectors: Vectors) -> bytes:
    """Vectors as the table keeps them."""
    return vectors.astype("<f4").tobytes()


def from_bytes(kept: Sequence[bytes]) -> Vectors:
    """Vectors of the table, shape (rows, dimensions)."""
    return np.frombuffer(b"".join(kept), dtype="<f4").reshape(len(kept), -1)


_NO_VECTOR: dict[str, object] = {"vector": None, "embedder": None}


def _vectors_of(connection: Connection, source: Source) -> dict[str, dict[str, object]]:
    where = (passages.c.kind == source.kind, passages.c.record_id == source.id, passages.c.vector.is_not(None))
    columns = (passages.c.text, passages.c.vector, passages.c.embedder)
    return {
        row.text: {"vector": row.vector, "embedder": row.embedder}
        for row in connection.execute(select(*columns).where(*where))
    }


def _rows(document: Document) -> list[dict[str, object]]:
    digest, heading = document.digest, words_of(document.heading)
    thread = document.thread or f"{document.source.kind}:{document.source.id}"
    rows: list[dict[str, object]] = []
    for position, piece in enumerate(document.pieces):
        speaker = piece.speaker or document.speaker
        own = words_of(f"{speaker} {piece.text}" if speaker else piece.text)
        rows.append({
            "kind": document.source.kind, "record_id": document.source.id, "position": position, "thread": thread,
            "digest": digest, "text": piece.text, "speaker": speaker, "words": joined([*own, *heading]),
            "length": len(own),
        })  # fmt: skip
    return rows
