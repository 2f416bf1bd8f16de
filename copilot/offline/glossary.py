"""A company's own values and columns in the other language, by a dictionary: "machine vision" for 机器视觉.

A stretch of a question that nothing explains is compared with what the company wrote in the other script: stored
values, headers of its columns, products, stages; names of people and companies are not among them. Both sides are cut
into words of the dictionary (`counterparts`). Where each word of one is said by a word of the other, and only one
string fits so, the stretch is read as that string, as if it had been typed. Where a part fits, or several strings do,
they are offered. No dictionary is read before a question needs it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from copilot.offline.counterparts import Fit, Stretches, meant, said_in_chinese, said_in_english
from copilot.offline.dictionary import find_dictionary, stem
from copilot.offline.lexicon import Words, key
from copilot.offline.own_chinese import is_chinese
from copilot.offline.phrases import Phrases
from copilot.offline.tags import SILENT, Sense, T, Tag
from copilot.offline.tokens import Token, tokenize
from crm_core.schema import Schema

MOST_OWN = 20_000  # strings: past it a look-up would take too long
MOST_READ = 4  # stretches of one question
_NAMED = frozenset({"product", "stage", "pipeline"})


@dataclass(frozen=True)
class Own:
    """A string of the company's own.

    Attributes:
        text: as it is written.
        means: the fields, values or records that it stands for; two strings may be one thing.
    """

    text: str
    means: frozenset[object]


@dataclass(frozen=True)
class Offer:
    """Strings of the company that a stretch of a question may say.

    Attributes:
        said: the stretch.
        options: the likeliest first, at least one.
    """

    said: str
    options: tuple[str, ...]


class Glossary:
    """What one store has in each script, and what stretches of questions in the other stand for.

    Args:
        own: the strings of the company by their tokens.
    """

    def __init__(self, own: Mapping[Words, Own]) -> None:
        self._own = own if len(own) <= MOST_OWN else {}

    @classmethod
    def of(cls, phrases: Phrases, schema: Schema) -> "Glossary":
        """Of a store's phrases: values that are stored, its products and stages, and headers of its own columns."""
        return cls(dict(_own(phrases, schema)))

    def read(self, tokens: Sequence[Token], tags: Sequence[Tag]) -> tuple[list[Token], list[tuple[str, str]]]:
        """The tokens with each stretch that surely says a string of the company as that string, and each change."""
        said = Stretches.of(
            tokens, [(tag.type, tag.end - tag.start) for tag in tags for _ in range(tag.start, tag.end)]
        )
        found = [fit for run in said.runs for fit in _disjoint(self._unrivalled(self._fits(said, run, partly=False)))]
        out, repairs = list(tokens), list[tuple[str, str]]()
        for fit in sorted(found[:MOST_READ], key=lambda fit: -fit.start):
            was_chinese = is_chinese(said.texts[fit.start])
            typed = ("" if was_chinese else " ").join(token.raw for token in tokens[fit.start : fit.end])
            out[fit.start : fit.end] = [
                replace(tokens[fit.start], text=word, raw=word, script="latin" if was_chinese else "cjk")
                for word in fit.words
            ]
            repairs.insert(0, (typed, self._own[fit.words].text))
        return out, repairs

    def offered(self, tags: Sequence[Tag]) -> Offer | None:
        """What nothing explains, and the strings that say most of it, the likeliest first; None where none does."""
        pieces = [(token, (tag.type, tag.end - tag.start)) for tag in tags for token in tokenize(tag.text)]
        tokens = [token for token, _ in pieces]
        said = Stretches.of(tokens, [kind for _, kind in pieces])
        if not said.is_one_stretch:
            return None  # what is picked would stand for all of it
        fits = [fit for run in said.runs for part in (False, True) for fit in self._fits(said, run, partly=part)]
        most = max((fit.said for fit in fits), default=0)
        near = sorted((fit for fit in fits if fit.said == most), key=lambda fit: (fit.passed, fit.generic))
        options: dict[frozenset[object], str] = {}
        for own in (self._own[fit.words] for fit in near):
            options.setdefault(own.means, own.text)
        return Offer(said.around(near[0].start, near[0].end), tuple(options.values())) if near else None

    def _unrivalled(self, fits: Iterable[Fit]) -> list[Fit]:
        """The best first; of a stretch that two things fit equally well, none."""
        best: dict[tuple[int, int], list[Fit]] = defaultdict(list)
        for fit in fits:
            best[fit.start, fit.end].append(fit)
        out = []
        for same in best.values():
            least = min(fit.generic for fit in same)
            likeliest = [fit for fit in same if fit.generic == least]
            out += likeliest[:1] if len({self._own[fit.words].means for fit in likeliest}) == 1 else []
        return sorted(out, key=lambda fit: (-fit.said, fit.generic, fit.start - fit.end))

    def _fits(self, said: "Stretches", run: range, *, partly: bool) -> Iterator[Fit]:
        part = said.part(run)
        dictionary = find_dictionary() if self._scripts[part.is_chinese] else None
        if dictionary is None:
            return
        if part.is_chinese:
            stems = sorted(meant(part.texts, dictionary))
            own = dict.fromkeys(words for each in stems for words in self._by_stem.get(each, ()))
            found = said_in_chinese(part, own, dictionary, partly=partly)
        else:
            own = dict.fromkeys(words for text in part.texts for words in self._by_meaning.get(stem(text), ()))
            found = said_in_english(part, own, dictionary, partly=partly)
        for fit in found:
            yield replace(fit, start=fit.start + run.start, end=fit.end + run.start)

    @cached_property
    def _scripts(self) -> tuple[bool, bool]:
        """Whether the company wrote anything in Chinese, and anything in another script."""
        chinese = [is_chinese("".join(words)) for words in self._own]
        return any(chinese), not all(chinese)

    @cached_property
    def _by_stem(self) -> Mapping[str, Sequence[Words]]:
        """English strings by each of their stems."""
        found: dict[str, list[Words]] = defaultdict(list)
        for words in self._own:
            for each in set(map(stem, words)) if not is_chinese("".join(words)) else ():
                found[each].append(words)
        return found

    @cached_property
    def _by_meaning(self) -> Mapping[str, Sequence[Words]]:
        """Chinese strings by each stem of a gloss of a word in them."""
        found: dict[str, list[Words]] = defaultdict(list)
        dictionary = find_dictionary()
        for words in self._own if dictionary else ():
            for each in meant(words, dictionary) if is_chinese("".join(words)) and dictionary else ():
                found[each].append(words)
        return found


def _own(phrases: Phrases, schema: Schema) -> Iterator[tuple[Words, Own]]:
    for words, senses in phrases.of(T.VALUE, T.RECORD):
        texts = {sense: text for sense in senses if (text := _written(sense, schema)) and key(text) == words}
        if texts and _means_one_kind(senses):
            yield words, Own(next(iter(texts.values())), frozenset(texts))
    own = {f"{field.entity}.{field.name}": field for field in schema.fields() if field.is_custom}
    headers = {key(word): word for word in schema.own_words}
    headers |= {key(word): word for field in own.values() for word in field.words}
    headers |= {key(field.label): field.label for field in own.values()}
    for words, header in headers.items():
        senses = phrases.get(words, ())
        fields = frozenset(sense.value for sense in senses if sense.type is T.FIELD)
        if fields and _means_one_kind(senses) and (len(fields) == 1 or fields <= own.keys()):
            yield words, Own(header, fields)


def _means_one_kind(senses: Iterable[Sense]) -> bool:
    """Whether a string is a value, a record or a field and none of the others: else nobody knows which was meant."""
    return len({sense.type for sense in senses} - SILENT) == 1


def _written(sense: Sense, schema: Schema) -> str | None:
    """How a value, a product or a stage is written; None for what is no such thing of the company."""
    if sense.type is T.VALUE:
        entity, name = sense.value[0].split(".")
        field = schema.entities[entity].fields.get(name)
        return str(sense.value[1]) if field is not None and not field.derived else None
    names = sense.value if sense.type is T.RECORD else ()
    return next((str(name.label) for name in names if name.entity in _NAMED), None)


def _disjoint(fits: Iterable[Fit]) -> Iterator[Fit]:
    """The best of those that share tokens."""
    taken: set[int] = set()
    for fit in fits:
        if not taken & set(range(fit.start, fit.end)):
            taken |= set(range(fit.start, fit.end))
            yield fit
