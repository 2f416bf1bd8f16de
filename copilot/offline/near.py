"""Which words of the registry and the data come near a word that nothing explains: by spelling, stem or sense."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

from copilot.offline.compose.scope import STATES
from copilot.offline.tags import Sense, T
from copilot.offline.vocabulary import Vocabulary
from crm_core.own_words import METRIC

How = Literal["spelling", "stem", "sense"]
Similar = Callable[[str, Sequence[str]], Sequence[float]]  # a word and others → cosine of each

LOOKS_ALIKE = 72  # of 100, by letters changed
MEANS_ALIKE = 0.45  # cosine of MiniLM
SHORTEST_STEM = 4
_ENDINGS = (
    "ations", "ation", "ments", "ment", "ness", "ities", "ity", "ings", "ing", "ions", "ion", "ers", "er", "ors", "or",
    "als", "al", "ies", "ed", "es", "ly", "s", "y", "e",
)  # fmt: skip
_ROLE_OF = {"rep": "user", "manager": "user"}


@dataclass(frozen=True)
class Candidate:
    """Something that the word may mean.

    Attributes:
        target: "account", "deal.amount", "metric:bookings"; with a value the field that holds it.
        value: a stored value, for a condition.
        phrase: the known word that comes near.
        how: in which way it does.
        score: 0 to 1.
    """

    target: str
    value: str | None
    phrase: str
    how: How
    score: float

    @property
    def meaning(self) -> str:
        """As `farley lexicon accept` takes it."""
        return self.target if self.value is None else f"{self.target}={self.value}"


def near_words(
    vocabulary: Vocabulary, word: str, *, limit: int = 4, similar: Similar | None = None
) -> tuple[Candidate, ...]:
    """The best candidates, the nearest first, each target once.

    Args:
        vocabulary: whose words are looked through.
        word: that is not known.
        limit: how many at most.
        similar: tells which words mean much the same, where a model for that is there.
    """
    known = vocabulary.content
    best: dict[tuple[str, str | None], Candidate] = {}
    labels = _labels(vocabulary, known) if similar is not None else []
    for phrase, how, score in _matches(word.lower(), list(known), labels, similar):
        for target, value in _targets(vocabulary, known[phrase]):
            held = best.get((target, value))
            if held is None or held.score < score:
                best[target, value] = Candidate(target, value, phrase, how, round(score, 2))
    return tuple(sorted(best.values(), key=lambda c: (-c.score, len(c.phrase), c.meaning))[:limit])


def _labels(vocabulary: Vocabulary, known: Mapping[str, Sequence[Sense]]) -> list[str]:
    """One English phrase for each target, its first: a model need not look at every synonym."""
    first: dict[tuple[str, str | None], str] = {}
    for phrase, senses in known.items():
        for target in _targets(vocabulary, senses) if phrase.isascii() else ():
            first.setdefault(target, phrase)
    return list(dict.fromkeys(first.values()))


def _matches(
    word: str, phrases: list[str], labels: list[str], similar: Similar | None
) -> Iterator[tuple[str, How, float]]:
    for phrase, score, _ in process.extract(word, phrases, scorer=fuzz.ratio, score_cutoff=LOOKS_ALIKE, limit=40):
        yield phrase, "spelling", score / 100
    stem = _stem(word)
    if len(stem) >= SHORTEST_STEM:
        for phrase in phrases:
            if stem in phrase and any(_stem(part) == stem for part in phrase.split(" ")):
                yield phrase, "stem", 0.9 if " " not in phrase else 0.75
    if similar is not None and word.isascii():
        for phrase, score in zip(labels, similar(word, labels), strict=True):
            if score >= MEANS_ALIKE:
                yield phrase, "sense", float(score)


def _stem(word: str) -> str:
    """A word without the commonest ending that leaves enough of it."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def _targets(vocabulary: Vocabulary, senses: Sequence[Sense]) -> Iterator[tuple[str, str | None]]:
    """What the senses of a phrase stand for, as far as the store holds it."""
    for sense in senses:
        if sense.type is T.VALUE:
            yield sense.value
        elif sense.type is T.METRIC:
            yield f"{METRIC}{sense.value}", None
        elif sense.type is T.FIELD and vocabulary.holds(sense.value):
            yield sense.value, None
        elif sense.type is T.STATE and len(STATES.get(sense.value, ())) == 1:
            yield "deal.stage.kind", sense.value
        elif sense.type is T.ENTITY:
            entity = _ROLE_OF.get(sense.value, sense.value)
            if entity in vocabulary.schema.entities and vocabulary.holds_records(entity):
                yield entity, None
