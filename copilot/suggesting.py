"""What the words that could not be read may mean: the collection grouped by word, each with its candidates."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from copilot.context import Lang
from copilot.offline.near import Candidate, Similar, near_words
from copilot.offline.plan import Cannot, Clarify
from copilot.offline.planner import Planner
from copilot.offline.telling import tell_condition, tell_target
from copilot.unread import Unread
from crm_core.access import ADMIN
from crm_core.query.spec import Condition
from crm_core.schema import Schema

MOST_EXAMPLES = 3
MOST_CANDIDATES = 4


@dataclass(frozen=True)
class Suggestion:
    """One word that questions were not answered for.

    Attributes:
        word: in lower case.
        is_known: it has a meaning that did not fit; teaching it another helps only if it means another thing here.
        count: in how many questions.
        last_on: ISO date of the newest.
        examples: questions, the newest first.
        rephrased: what was asked instead and answered.
        candidates: what it may mean, each with that in words, the likeliest first.
    """

    word: str
    is_known: bool
    count: int
    last_on: str
    examples: tuple[str, ...]
    rephrased: tuple[str, ...]
    candidates: tuple[tuple[Candidate, str], ...]


def suggest(
    collected: Iterable[Unread], planner: Planner, schema: Schema, *, today: date, limit: int, similar: Similar | None
) -> tuple[Suggestion, ...]:
    """The words that are still not read, the most frequent first.

    Args:
        collected: the newest first.
        planner: of the store; a word that it reads by now is left out.
        schema: of the store.
        today: the day that questions are read on.
        limit: how many words at most.
        similar: see `near_words`.
    """
    groups: dict[str, list[Unread]] = {}
    for one in collected:
        groups.setdefault(one.word.lower(), []).append(one)
    found: list[Suggestion] = []
    vocabulary = planner.vocabulary(actor=ADMIN, today=today)
    for word, group in sorted(groups.items(), key=lambda pair: -len(pair[1])):
        if len(found) == limit:
            break
        if not _is_still_unread(planner, word, group[0], today):
            continue
        is_known = group[0].is_known
        near = () if is_known else near_words(vocabulary, word, limit=MOST_CANDIDATES, similar=similar)
        told = tuple((candidate, tell_candidate(schema, candidate)) for candidate in near)
        examples = _first(one.question for one in group)
        rephrased = _first(one.rephrased for one in group if one.rephrased)
        found.append(Suggestion(word, is_known, len(group), group[0].asked_on, examples, rephrased, told))
    return tuple(found)


def tell_candidate(schema: Schema, candidate: Candidate, *, lang: Lang = "en") -> str:
    """What the word would mean, in words."""
    if candidate.value is None:
        return tell_target(schema, candidate.target, lang=lang)
    entity, _, name = candidate.target.partition(".")
    return tell_condition(schema, entity, Condition(field=name, value=candidate.value), lang=lang)


def _is_still_unread(planner: Planner, word: str, one: Unread, today: date) -> bool:
    """Whether the question still fails on the word. A follow-up cannot be read by itself, so only a success counts."""
    plan = planner.plan(one.question, dialogue=(), actor=ADMIN, today=today)
    if not isinstance(plan, Cannot | Clarify):
        return False
    return plan.unread is None or plan.unread.lower() == word


def _first(texts: Iterable[str]) -> tuple[str, ...]:
    def distinct() -> Iterator[str]:
        yield from dict.fromkeys(texts)

    return tuple(text for _, text in zip(range(MOST_EXAMPLES), distinct(), strict=False))
