"""A question in, passages out: words and meaning, only among the documents that may be looked at."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Connection, Select, and_, false, or_, select, true

from retrieval import table
from retrieval.document import Passage, Source
from retrieval.embed import Embedder, Vectors
from retrieval.full_text import find_words, frequencies
from retrieval.rank import Scores, bm25, fuse, in_context
from retrieval.table import from_bytes, passages
from retrieval.words import telling_words, words_of

# Kind of document → the ids that may be looked at; None: everything may.
Among = Mapping[str, Select[Any] | Sequence[int]] | None

_FIRST_DEPTH, _LAST_DEPTH = 200, 12_800  # candidates of a search over everything


class Nearest(Protocol):
    """Finds the passages of all the store whose vectors are nearest."""

    def nearest(self, connection: Connection, vector: npt.NDArray[np.float32], limit: int) -> list[int]:
        """Ids of passages, the nearest first; some may be gone from the table."""
        ...


@dataclass(frozen=True)
class Question:
    """What is looked for.

    Attributes:
        text: as asked.
        words: that tell.
        vector: None: there is no embedder.
        embedder: name of the one that made the vector.
        trust: in the vector.
        near: the cosine from which a passage is close.
    """

    text: str
    words: tuple[str, ...]
    vector: npt.NDArray[np.float32] | None
    embedder: str | None
    trust: float
    near: float = 1.0

    @classmethod
    def of(cls, text: str, embedder: Embedder | None) -> "Question":
        """The question `text`, embedded once."""
        trust = embedder.trust(text) if embedder else 0.0
        vector = embedder.encode_question(text) if embedder and trust else None
        words = tuple(telling_words(text))
        if embedder is None:
            return cls(text, words, None, None, 0.0)
        return cls(text, words, vector, embedder.name, trust, embedder.near)


def search_within(connection: Connection, question: Question, among: Among, *, limit: int) -> list[Passage]:
    """The best passages of a set of documents that belongs together, one account's say: exact over all of them."""
    statement = _SCORED.where(_allowed(among)).order_by(*_IN_ORDER)
    rows = connection.execute(statement).all()
    if not rows:
        return []
    return _told(connection, rank_rows(question, rows), limit)


def search_all(
    connection: Connection, question: Question, among: Among, *, nearest: Nearest, limit: int
) -> list[Passage]:
    """The best passages of everything in `among`, by candidates of the indexes.

    Where most candidates may not be looked at, it looks deeper.
    """
    depth, held_by = _FIRST_DEPTH, frequencies(connection, question.words)
    while True:
        lexical = find_words(connection, held_by, depth)
        near = nearest.nearest(connection, question.vector, depth) if question.vector is not None else []
        rows = _candidates(connection, [*dict.fromkeys([*lexical, *near])], among)
        is_all = len(lexical) < depth and len(near) < depth
        if len(rows) >= limit or is_all or depth >= _LAST_DEPTH:
            break
        depth *= 8
    scores = _by_words(question, rows, held_by=list(held_by.values()), total=table.newest_id(connection))
    dense = _cosines(question, rows)
    fused = fuse(scores, dense, trust=question.trust)
    return _told(connection, _ordered(rows, fused, _closeness(question, scores, dense)), limit)


def rank_rows(question: Question, rows: Sequence[Any]) -> list[tuple[int, float, bool]]:
    """Passage ids with score and closeness, the best first."""
    lexical, dense = _by_words(question, rows), _cosines(question, rows)
    scores = in_context(
        fuse(lexical, dense, trust=question.trust),
        threads=[row.thread for row in rows],
        lengths=_lengths(rows),
        is_speaker=_named(question, rows),
    )
    return _ordered(rows, scores, _closeness(question, lexical, dense))


_IN_ORDER = (passages.c.thread, passages.c.kind, passages.c.record_id, passages.c.position)
_SCORED = select(
    passages.c.id, passages.c.kind, passages.c.record_id, passages.c.thread, passages.c.words, passages.c.length,
    passages.c.speaker, passages.c.vector, passages.c.embedder,
)  # fmt: skip


def _allowed(among: Among) -> ColumnElement[bool]:
    if among is None:
        return true()
    tests = [and_(passages.c.kind == kind, passages.c.record_id.in_(ids)) for kind, ids in among.items()]
    return or_(false(), *tests)


def _candidates(connection: Connection, ids: Sequence[int], among: Among) -> Sequence[Any]:
    rows = connection.execute(_SCORED.where(passages.c.id.in_(ids)).order_by(passages.c.id)).all()
    if among is None:
        return rows
    held = defaultdict(set)
    for row in rows:
        held[row.kind].add(row.record_id)
    seen = {kind: _of_these(connection, held[kind], wanted) for kind, wanted in among.items()}
    return [row for row in rows if row.record_id in seen.get(row.kind, ())]


def _of_these(connection: Connection, ids: set[int], wanted: Select[Any] | Sequence[int]) -> set[int]:
    """Those of `ids` that may be looked at, without a look at all others that may."""
    if not isinstance(wanted, Select):
        return ids.intersection(wanted)
    return set(connection.scalars(wanted.where(wanted.selected_columns[0].in_(ids)))) if ids else set()


def _by_words(question: Question, rows: Sequence[Any], **of_all: Any) -> Scores:
    counts = np.array([[row.words.count(f" {word} ") for row in rows] for word in question.words], dtype=np.float64)
    return bm25(counts.reshape(len(question.words), len(rows)), _lengths(rows), **of_all)


def _lengths(rows: Sequence[Any]) -> Scores:
    return np.array([row.length for row in rows], dtype=np.float64)


def _cosines(question: Question, rows: Sequence[Any]) -> Scores | None:
    """How near each passage is; one without a vector of this embedder is middling. None: there are no vectors."""
    if question.vector is None:
        return None
    has = [at for at, row in enumerate(rows) if row.vector is not None and row.embedder == question.embedder]
    if not has:
        return None
    found = vectors_of(rows, has) @ question.vector
    cosines = np.full(len(rows), float(found.mean()))
    cosines[has] = found
    return cosines


def vectors_of(rows: Sequence[Any], at: Sequence[int]) -> Vectors:
    """The vectors of some rows."""
    return from_bytes([rows[index].vector for index in at])


def _closeness(question: Question, lexical: Scores, dense: Scores | None) -> npt.NDArray[np.bool_]:
    near = dense >= question.near if dense is not None else np.zeros(len(lexical), dtype=np.bool_)
    return np.asarray((lexical > 0) | near)


def _named(question: Question, rows: Sequence[Any]) -> npt.NDArray[np.bool_]:
    """Which passages are said by somebody whom the question names in full."""
    asked = f" {' '.join(words_of(question.text))} "
    said_by = {row.speaker for row in rows if row.speaker}
    named = {speaker for speaker in said_by if f" {' '.join(words_of(speaker))} " in asked}
    return np.array([row.speaker in named for row in rows], dtype=np.bool_)


def _ordered(rows: Sequence[Any], scores: Scores, is_close: npt.NDArray[np.bool_]) -> list[tuple[int, float, bool]]:
    order = np.argsort(-scores, kind="stable")
    return [(rows[at].id, float(scores[at]), bool(is_close[at])) for at in order]


def _told(connection: Connection, ranked: Sequence[tuple[int, float, bool]], limit: int) -> list[Passage]:
    best = ranked[:limit]
    columns = (passages.c.id, passages.c.kind, passages.c.record_id, passages.c.position, passages.c.text)
    found = connection.execute(
        select(*columns, passages.c.speaker).where(passages.c.id.in_([one[0] for one in best]))
    )  # fmt: skip
    rows = {row.id: row for row in found}
    return [
        Passage(Source(row.kind, row.record_id), row.position, row.text, row.speaker, score, is_close)
        for id_, score, is_close in best
        for row in (rows[id_],)
    ]
