"""The few sentences that answer a question best, in the order of time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from copilot.context import TurnContext
from copilot.knowledge import Wanted
from copilot.summaries.quotes import Looked, Quote, quotes_of
from copilot.summaries.sorting import distinct
from retrieval.chunk import size
from retrieval.document import Passage, Source
from retrieval.rank import bm25
from retrieval.words import joined, telling_words, words_of

PASSAGES = 12  # looked at
WORDS = 110  # of an answer, in English words or what says as much
LINES = 8
_PLACE, _LEAST = 0.24, 0.2  # weight of the passage's place; share of the best score that a sentence needs


@dataclass(frozen=True)
class Candidate:
    """A sentence with the place of its passage among those found, from 0."""

    text: str
    place: int


def find_focus(context: TurnContext, wanted: Wanted, *, asked: str) -> Looked:
    """The sentences on the question of `wanted`, from the passages that the actor may read."""
    passages = context.knowledge.search(wanted, actor=context.actor, today=context.today, limit=PASSAGES)
    looked = quotes_of(context, _ids(passages), asked=asked)
    places = _places(passages)
    held = [(quote, place) for quote in looked.quotes if (place := _place(quote, passages, places)) is not None]
    chosen = choose(wanted.text, [Candidate(quote.text, place) for quote, place in held])
    quotes = [held[at][0] for at in chosen]
    told = sorted(distinct(quotes), key=lambda one: one.order)[:LINES]
    return Looked(tuple(told), looked.answers, looked.read, looked.total)


def choose(question: str, candidates: Sequence[Candidate], *, words: int = WORDS) -> list[int]:
    """Places in `candidates` of the best sentences, the best first, as many as `words` allow; one at least."""
    chosen: list[int] = []
    left, score = float(words), scores(question, candidates)
    for at in np.argsort(-score, kind="stable"):
        needed = size(candidates[at].text)
        if chosen and (needed > left or score[at] < _LEAST * score[chosen[0]]):
            continue
        chosen.append(int(at))
        left -= needed
    return chosen


def scores(question: str, candidates: Sequence[Candidate]) -> np.ndarray:
    """How well each sentence answers: its own words beside the place of its passage."""
    asked = telling_words(question)
    held = [words_of(one.text) for one in candidates]
    texts = [joined(words) for words in held]
    counts = np.array([[text.count(f" {word} ") for text in texts] for word in asked], dtype=np.float64)
    lengths = np.array([max(len(words), 1) for words in held], dtype=np.float64)
    own = bm25(counts.reshape(len(asked), len(texts)), lengths)
    best = own.max(initial=0.0) or 1.0
    places = np.array([one.place for one in candidates], dtype=np.float64)
    return np.asarray(own / best + _PLACE / (1.0 + places / 3.0))


def _ids(passages: Sequence[Passage]) -> dict[str, tuple[int, ...]]:
    found: dict[str, dict[int, None]] = {}
    for passage in passages:
        found.setdefault(passage.source.kind, {})[passage.source.id] = None
    return {kind: tuple(ids) for kind, ids in found.items()}


def _places(passages: Sequence[Passage]) -> dict[Source, list[int]]:
    places: dict[Source, list[int]] = {}
    for place, passage in enumerate(passages):
        places.setdefault(passage.source, []).append(place)
    return places


def _place(quote: Quote, passages: Sequence[Passage], places: dict[Source, list[int]]) -> int | None:
    """The place of the passage that holds a quote."""
    held = places.get(Source(quote.source.entity, quote.source.id), [])
    return next((place for place in held if quote.text in passages[place].text), None)
