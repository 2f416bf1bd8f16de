"""How good the search is on a folder of texts and questions, beside plain BM25 and plain vectors in the same run.

A folder holds `corpus.jsonl`, a text a line: {"id", "text", "about"?, "speaker"?}, and `queries.jsonl`, a question a
line: {"id", "text", "relevant": [ids], "about"?}. Texts of one `about` are one talk, in the order of the file, and a
question with an `about` is put to that talk alone; any other is put to everything.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crm_core.db import Store
from crm_core.errors import Invalid
from crm_core.setup import create_store
from retrieval import table
from retrieval.document import Document, Source
from retrieval.embed import Embedder, Vectors
from retrieval.fill import embed_waiting
from retrieval.rank import bm25
from retrieval.scan import Scan
from retrieval.search import Question, search_all, search_within

AT = 10  # results that count
_SEVERAL = 10  # passages looked at for each result: a text may be found by several
KIND = "text"

Line = TypeVar("Line", bound=BaseModel)


class Text(BaseModel):
    """A text of the corpus."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    text: str
    about: str | None = None
    speaker: str | None = None


class Asked(BaseModel):
    """A question with the ids of the texts that answer it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    text: str
    relevant: tuple[str, ...] = Field(min_length=1)
    about: str | None = None


@dataclass(frozen=True)
class Score:
    """Means over the questions; each from 0 to 1."""

    ndcg: float
    precision: float
    recall: float

    def to_json(self) -> dict[str, float]:
        """Keyed by the usual names."""
        values = {"ndcg": self.ndcg, "p": self.precision, "recall": self.recall}
        return {f"{name}@{AT}": round(value, 4) for name, value in values.items()}


@dataclass(frozen=True)
class Measured:
    """The search and its baselines; `dense` is None where no embedding model is installed."""

    queries: int
    farley: Score
    bm25: Score
    dense: Score | None

    def to_json(self) -> dict[str, Any]:
        """The report as scripts read it."""
        return {
            **self.farley.to_json(),
            "queries": self.queries,
            "bm25": self.bm25.to_json() | {"queries": self.queries},
            "dense": self.dense and self.dense.to_json() | {"queries": self.queries},
        }

    def lines(self) -> Iterator[str]:
        """The report as text."""
        for name, score in (("farley", self.farley), ("bm25", self.bm25), ("dense", self.dense)):
            told = score.to_json() if score else {"no embedding model is installed": ""}
            yield f"{name:8s}" + "".join(f"  {key} {value}" for key, value in told.items())
        yield f"{self.queries} questions"


def measure(folder: Path, embedder: Embedder | None, *, progress: Callable[[int, int], None]) -> Measured:
    """Search every question of `folder`.

    Raises:
        Invalid: a file is missing or a line is not as above.
    """
    texts, asked = load(folder / "corpus.jsonl", Text), load(folder / "queries.jsonl", Asked)
    check(texts, asked, folder)
    with TemporaryDirectory(prefix="farley-eval-") as place:
        store = create_store(f"sqlite:///{place}/texts.db")
        try:
            take_in(store, texts, embedder, progress)
            plain = _Plain(texts, _vectors(store, texts, embedder))
            found = [_search(store, texts, one, embedder) for one in asked]
        finally:
            store.close()
    return Measured(
        queries=len(asked),
        farley=_mean(map(_judged, asked, found)),
        bm25=_mean(_judged(one, plain.by_words(one)) for one in asked),
        dense=_mean(_judged(one, plain.by_vectors(one, embedder)) for one in asked) if embedder else None,
    )


def take_in(
    store: Store, texts: Sequence[Text], embedder: Embedder | None, progress: Callable[[int, int], None]
) -> None:
    """Put the texts into a store made for this, with vectors where there is an embedder."""
    documents = [
        Document(
            source=Source(KIND, number),
            text=text.text,
            speaker=text.speaker,
            thread=text.about,
        )
        for number, text in enumerate(texts)
    ]
    with store.derive() as connection:
        table.replace(connection, documents)
    if embedder:
        embed_waiting(store.read, store.derive, embedder, progress=progress)


def _search(store: Store, texts: Sequence[Text], asked: Asked, embedder: Embedder | None) -> list[str]:
    question = Question.of(asked.text, embedder)
    numbers = [number for number, text in enumerate(texts) if asked.about is None or text.about == asked.about]
    with store.read() as connection:
        if asked.about is not None:
            passages = search_within(connection, question, {KIND: numbers}, limit=AT * _SEVERAL)
        else:
            nearest = Scan(embedder.name if embedder else "")
            passages = search_all(connection, question, None, nearest=nearest, limit=AT * _SEVERAL)
    return list(dict.fromkeys(texts[passage.source.id].id for passage in passages))[:AT]


class _Plain:
    """The baselines: BM25 over lower-case words, and nearest vectors; nothing else."""

    def __init__(self, texts: Sequence[Text], vectors: Vectors) -> None:
        self._texts = texts
        self._words = [_plain_words(text.text) for text in texts]
        self._vectors = vectors

    def by_words(self, asked: Asked) -> list[str]:
        """The best texts by BM25."""
        pool, wanted = self._pool(asked), set(_plain_words(asked.text))
        held = [Counter(self._words[number]) for number in pool]
        counts = np.array([[one[word] for one in held] for word in wanted], dtype=np.float64)
        lengths = np.array([len(self._words[number]) for number in pool], dtype=np.float64)
        return self._best(pool, bm25(counts.reshape(len(wanted), len(pool)), lengths))

    def by_vectors(self, asked: Asked, embedder: Embedder) -> list[str]:
        """The best texts by cosine."""
        pool = self._pool(asked)
        return self._best(pool, self._vectors[pool] @ embedder.encode_question(asked.text))

    def _pool(self, asked: Asked) -> list[int]:
        return [at for at, text in enumerate(self._texts) if asked.about is None or text.about == asked.about]

    def _best(self, pool: Sequence[int], scores: npt.NDArray[Any]) -> list[str]:
        return [self._texts[pool[at]].id for at in np.argsort(-scores, kind="stable")[:AT]]


def _vectors(store: Store, texts: Sequence[Text], embedder: Embedder | None) -> Vectors:
    """A vector for each text as a whole; those that stand in the store as they are were embedded already."""
    if embedder is None:
        return np.empty((0, 0), np.float32)
    with store.read() as connection:
        held = table.vectors_by_text(connection, embedder.name)
    others = list({text.text for text in texts} - held.keys())
    if others:
        held |= zip(others, embedder.encode(others), strict=True)
    return np.stack([held[text.text] for text in texts])


def _plain_words(text: str) -> list[str]:
    """Lower-case words; of Chinese, characters and their pairs."""
    found: list[str] = []
    for run in re.findall(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+", text.lower()):
        is_chinese = "\u3400" <= run[0] <= "\u9fff"
        found += [*run, *(run[at : at + 2] for at in range(len(run) - 1))] if is_chinese else [run]
    return found


def _judged(asked: Asked, found: Sequence[str]) -> Score:
    """Binary gains. Source: Järvelin and Kekäläinen 2002."""
    relevant = set(asked.relevant)
    hits = [id_ in relevant for id_ in found[:AT]]
    gain = sum(hit / math.log2(at + 2) for at, hit in enumerate(hits))
    ideal = sum(1 / math.log2(at + 2) for at in range(min(AT, len(relevant))))
    return Score(gain / ideal, sum(hits) / AT, sum(hits) / len(relevant))


def _mean(scores: Iterable[Score]) -> Score:
    rows = [(one.ndcg, one.precision, one.recall) for one in scores]
    return Score(*(sum(column) / len(rows) for column in zip(*rows, strict=True)))


def load(path: Path, model: type[Line]) -> list[Line]:
    """The lines of a file; Invalid names the first that cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} cannot be read: {error}.") from error
    return [_read(path, number, line, model) for number, line in enumerate(lines, 1) if line.strip()]


def _read(path: Path, number: int, line: str, model: type[Line]) -> Line:
    try:
        return model.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the line"
        raise Invalid(f"{path}, line {number}: {where}: {first['msg']}.") from error


def check(texts: Sequence[Text], asked: Sequence[Asked], folder: Path) -> None:
    """Raise Invalid where questions and texts do not belong together."""
    known = {text.id for text in texts}
    if len(known) < len(texts):
        raise Invalid(f"{folder / 'corpus.jsonl'} gives an id twice.")
    if not asked:
        raise Invalid(f"{folder / 'queries.jsonl'} has no question.")
    for one in asked:
        if missing := set(one.relevant) - known:
            raise Invalid(f"Question {one.id} names texts that are not in the corpus, such as {min(missing)}.")
