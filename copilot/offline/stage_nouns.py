"""What people call the deals at a stage, and the days on which what it is called begins and ends.

Of a stage "Trial Running" they say "my trials", and of "Quote Sent" "quotes": the plural of a word that only this stage
holds and that stands for nothing else. Beside it a company's own "Trial end" is when a trial "runs out" or "expires".
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copilot.offline.lexicon import Lexicon, Words, key
from copilot.offline.own_verbs import verb_forms
from copilot.offline.phrases import Phrases
from copilot.offline.short_values import is_everyday
from copilot.offline.tags import Sense, T
from crm_core.models import StageKind
from crm_core.schema import Schema, pluralize

if TYPE_CHECKING:
    from copilot.offline.vocabulary import Name

_LEAST_LETTERS = 4
_LAST_WORDS = {
    "start": ("start", "starts", "start date", "begin", "begins", "开始日期", "开始日", "开始时间", "开始"),
    "end": ("end", "ends", "end date", "expiry", "expires", "expiry date", "到期日期", "到期日", "到期时间", "到期",
            "结束日期", "结束日", "结束时间", "结束"),
}  # fmt: skip


@dataclass(frozen=True)
class OwnEnd:
    """A company's own date on which something begins or ends.

    Attributes:
        dotted: "entity.field". is_end: or else it begins. nouns: what it is called whose day it is, in either number.
    """

    dotted: str
    is_end: bool
    nouns: frozenset[Words]


def stage_nouns(stages: Mapping[str, str], phrases: Phrases, lexicon: Lexicon) -> Iterator[tuple[Words, list[Sense]]]:
    """The nouns of open stages, as deals at them; a word that two stages hold is no noun of either.

    Args:
        stages: name → kind.
        phrases: what is known already.
        lexicon: with the words of either language for what stages are often called.
    """
    names = {s.value for _, senses in phrases.of(T.RECORD) for s in senses if s.type is T.RECORD and len(s.value) == 1}
    called: dict[Words, set[Name]] = defaultdict(set)
    for (name,) in names:
        if name.entity == "stage" and stages.get(name.label) == StageKind.OPEN:
            for form in _nouns(key(name.label), lexicon):
                called[form].add(name)
    for form, found in called.items():
        if len(found) == 1 and all(s.type is T.NOT_HELD for s in phrases.get(form, ())):
            yield form, [Sense(T.RECORD, tuple(found)), Sense(T.ENTITY, "deal")]


def _nouns(words: Words, lexicon: Lexicon) -> Iterator[Words]:
    """The plural of each word, of the whole where it ends in a noun, and what each is called in the other language."""
    if len(words) > 1 and all(word.isascii() and word.isalpha() for word in words):
        yield (*words[:-1], pluralize(words[-1]))
    for word in (*words, *_made(words)):
        if word.isascii() and word.isalpha():
            if len(word) >= _LEAST_LETTERS and not word.endswith("s") and is_everyday(pluralize(word)):
                yield (pluralize(word),)
            yield from (form for form in lexicon.synonyms.get(word, ()) if not form[0].isascii())


def _made(words: Words) -> tuple[str, ...]:
    """What has been made at a stage that is called by the making: the quote of "Quoted"."""
    return tuple(verb_forms(words[0]))[:1] if len(words) == 1 and words[0].endswith("ed") else ()


def own_ends(schema: Schema, lexicon: Lexicon) -> tuple[OwnEnd, ...]:
    """The own dates of deals that are called by what begins or ends on them: "Trial end", 试用到期日."""
    found = []
    for each in schema.fields():
        if not (each.is_custom and each.is_date and schema.entities[each.entity].is_fact):
            continue
        for kind, endings in _LAST_WORDS.items():
            nouns = {noun for word in each.words if (noun := _before_last(key(word), endings))}
            others = {form for noun in nouns for form in lexicon.synonyms.get(" ".join(noun), ())}
            plurals = {(*noun[:-1], pluralize(noun[-1])) for noun in nouns if noun[-1].isascii()}
            if nouns:
                found.append(OwnEnd(f"{each.entity}.{each.name}", kind == "end", frozenset(nouns | others | plurals)))
    return tuple(found)


def _before_last(words: Words, endings: Iterable[str]) -> Words | None:
    for ending in map(key, endings):
        if len(words) > len(ending) and words[-len(ending) :] == ending:
            return words[: -len(ending)]
    return None
