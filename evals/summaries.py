"""How good a summary on a question is: beside the answer that people wrote, and whether every line of it has a source.

A folder is one of `evals.retrieval` whose questions have an `answer`; those without one are left out.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rapidfuzz.distance import LCSseq
from sqlalchemy import Connection, select

from copilot.summaries.focus import PASSAGES, Candidate, choose
from crm_core.errors import Invalid
from crm_core.setup import create_store
from evals.retrieval import KIND, Asked, Text, check, load, take_in
from retrieval.chunk import split
from retrieval.document import Passage, Source
from retrieval.embed import Embedder
from retrieval.search import Question, search_within
from retrieval.table import passages

LEAD = 65  # words of the baseline: the beginning of the talk


class Answered(Asked):
    """A question with the answer that somebody wrote."""

    answer: str = ""


@dataclass(frozen=True)
class Told:
    """A sentence of a summary and the passage that it is said to stand in."""

    text: str
    source: Source
    position: int
    order: int


@dataclass(frozen=True)
class Rouge:
    """ROUGE-L. Source: Lin 2004."""

    precision: float
    recall: float
    f1: float

    @property
    def told(self) -> str:
        """For a person."""
        return f"ROUGE-L F1 {self.f1:.3f}, precision {self.precision:.3f}, recall {self.recall:.3f}"


@dataclass(frozen=True)
class Measured:
    """Means over the questions; `verified` is the share of all sentences whose passage holds them word for word."""

    queries: int
    sentences: int
    verified: float
    farley: Rouge
    lead: Rouge

    def lines(self) -> list[str]:
        """For a person."""
        return [
            f"{self.queries} questions, {self.sentences} sentences, {self.verified:.1%} with a verified citation",
            f"Farley: {self.farley.told}",
            f"first words of the talk: {self.lead.told}",
        ]

    def to_json(self) -> dict[str, object]:
        """For a script."""
        return {
            "queries": self.queries,
            "sentences": self.sentences,
            "verified": round(self.verified, 4),
            **_keyed("", self.farley),
            **_keyed("lead_", self.lead),
        }


def measure(folder: Path, embedder: Embedder | None, *, progress: Callable[[int, int], None]) -> Measured:
    """Sum up on every question of `folder` that has an answer.

    Raises:
        Invalid: a file is missing or holds something else, or no question has an answer.
    """
    texts, asked = load(folder / "corpus.jsonl", Text), load(folder / "queries.jsonl", Answered)
    check(texts, asked, folder)
    answered = [one for one in asked if one.answer.strip()]
    if not answered:
        raise Invalid(f"{folder / 'queries.jsonl'} has no question with an answer.")
    with TemporaryDirectory(prefix="farley-eval-") as place:
        store = create_store(f"sqlite:///{place}/texts.db")
        try:
            take_in(store, texts, embedder, progress)
            with store.read() as connection:
                told = [_summary(connection, texts, one, embedder) for one in answered]
                verified = [_is_held(connection, one) for summary in told for one in summary]
        finally:
            store.close()
    return Measured(
        queries=len(answered),
        sentences=len(verified),
        verified=sum(verified) / max(len(verified), 1),
        farley=_mean(rouge_l(_joined(one), asked.answer) for one, asked in zip(told, answered, strict=True)),
        lead=_mean(rouge_l(_lead(texts, one), one.answer) for one in answered),
    )


def rouge_l(summary: str, answer: str) -> Rouge:
    """How much of the words of an answer a summary has in the same order."""
    said, wanted = _words(summary), _words(answer)
    shared = LCSseq.similarity(said, wanted)
    precision, recall = shared / max(len(said), 1), shared / max(len(wanted), 1)
    return Rouge(precision, recall, 2 * precision * recall / (precision + recall) if shared else 0.0)


def _summary(connection: Connection, texts: Sequence[Text], asked: Answered, embedder: Embedder | None) -> list[Told]:
    numbers = [number for number, text in enumerate(texts) if text.about == asked.about]
    question = Question.of(asked.text, embedder)
    found = search_within(connection, question, {KIND: numbers}, limit=PASSAGES)
    held = [(one, place) for place, passage in enumerate(found) for one in _sentences(passage)]
    chosen = choose(asked.text, [Candidate(one.text, place) for one, place in held])
    return sorted((held[at][0] for at in chosen), key=lambda one: (one.source, one.position, one.order))


def _sentences(passage: Passage) -> Iterable[Told]:
    said = (sentence for piece in split(passage.text) for sentence in piece.sentences)
    return (Told(text, passage.source, passage.position, order) for order, text in enumerate(said))


def _is_held(connection: Connection, told: Told) -> bool:
    """Whether the passage as it is stored holds the sentence word for word."""
    at = (passages.c.kind == told.source.kind, passages.c.record_id == told.source.id)
    text = connection.execute(select(passages.c.text).where(*at, passages.c.position == told.position)).scalar()
    return text is not None and told.text in text


def _lead(texts: Sequence[Text], asked: Answered) -> str:
    words = (word for text in texts if text.about == asked.about for word in text.text.split())
    return " ".join(word for word, _ in zip(words, range(LEAD), strict=False))


def _joined(told: Iterable[Told]) -> str:
    return " ".join(one.text for one in told)


def _words(text: str) -> list[str]:
    return re.findall(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+", text.lower())


def _mean(scores: Iterable[Rouge]) -> Rouge:
    rows = [(one.precision, one.recall, one.f1) for one in scores]
    return Rouge(*(sum(column) / len(rows) for column in zip(*rows, strict=True)))


def _keyed(prefix: str, rouge: Rouge) -> dict[str, float]:
    return {
        f"{prefix}rouge_l": round(rouge.f1, 4),
        f"{prefix}rouge_l_precision": round(rouge.precision, 4),
        f"{prefix}rouge_l_recall": round(rouge.recall, 4),
    }
