"""The language of sales as data: `prompts/lexicon/<lang>.yaml` as phrases with their readings."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import prompts
from copilot.offline.tags import Sense, T
from copilot.offline.tokens import tokenize
from crm_core.schema import build_schema, pluralize

Words = tuple[str, ...]
_PLAIN_WORDS = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)*")  # these need no tokenizer: most of the lexicon, and most names
_HAN_ONLY = re.compile(r"[\u4e00-\u9fff]+")
LANGUAGES = ("en", "zh")
_PLURAL_SECTIONS = frozenset({"entity", "field", "metric"})
_DATA_SECTIONS = frozenset(  # these have no readings of their own
    {"value", "abbrev", "typo", "heard", "labels", "measure_word", "frame", "country", "code"}
)


@dataclass(frozen=True)
class Lexicon:
    """What the language files say.

    Attributes:
        phrases: token tuple → readings. FIELD and VALUE readings are checked against the store by the vocabulary.
        translations: token tuple → canonical English values ("韩国" → "South Korea").
        rewrites: token tuple → the words it stands for ("accts" → "accounts").
        heard: token tuple → the words that dictation made it of ("one deals" → "won deals").
        labels: "deal.amount" → label, by language.
        measure_words: Chinese counters.
        countries: by their canonical names, lower case.
        codes: states and provinces → how lists cut them short ("Ohio" → "OH").
        frames: kind → the phrases by which a frame around a question is told.
    """

    phrases: Mapping[Words, tuple[Sense, ...]]
    translations: Mapping[Words, tuple[str, ...]]
    rewrites: Mapping[Words, Words]
    heard: Mapping[Words, Words]
    labels: Mapping[str, Mapping[str, str]]
    measure_words: frozenset[str]
    frames: dict[str, frozenset[Words]]
    countries: frozenset[str]
    codes: Mapping[str, str]

    @cached_property
    def synonyms(self) -> Mapping[str, tuple[Words, ...]]:
        """Canonical value, lower case → all that it is called, itself included, in the lexicon's order."""
        found: dict[str, list[Words]] = defaultdict(list)
        for words, canonicals in self.translations.items():
            for canonical in canonicals:
                found[canonical.lower()] += [words, key(canonical)]
        return {canonical: tuple(dict.fromkeys(forms)) for canonical, forms in found.items()}


def key(phrase: str) -> Words:
    """A phrase as the tokens that a request would have for it."""
    if _PLAIN_WORDS.fullmatch(phrase):
        return tuple(phrase.lower().split(" "))
    if _HAN_ONLY.fullmatch(phrase):
        return tuple(phrase)
    return tuple(token.text for token in tokenize(phrase))


@cache
def load_lexicon() -> Lexicon:
    """Both languages as one; built once a process."""
    phrases: dict[Words, list[Sense]] = defaultdict(list)
    translations: dict[Words, list[str]] = defaultdict(list)
    rewrites: dict[Words, Words] = {}
    heard: dict[Words, Words] = {}
    labels: dict[str, Mapping[str, str]] = {}
    counters: set[str] = set()
    frames: dict[str, set[Words]] = defaultdict(set)
    countries: set[str] = set()
    codes: dict[str, str] = {}
    for lang in ("common", *LANGUAGES):
        data = prompts.load_yaml(f"lexicon/{lang}")
        for words, sense in _readings(data):
            if words and sense not in phrases[words]:
                phrases[words].append(sense)
        for canonical, synonyms in data.get("value", {}).items():
            for synonym in synonyms:
                translations[key(synonym)].append(str(canonical))
        for right, typed in [*data.get("abbrev", {}).items(), *data.get("typo", {}).items()]:
            rewrites.update({key(form): key(str(right)) for form in typed})
        for said, written in data.get("heard", {}).items():
            heard.update({key(form): key(str(said)) for form in written})
        labels[lang] = data.get("labels", {})
        counters.update(data.get("measure_word", {}).get("words", ()))
        countries.update(str(name).lower() for name in data.get("country", {}).get("names", ()))
        codes |= data.get("code", {})
        for kind, told in data.get("frame", {}).items():
            frames[kind].update(map(key, told))
    for words, sense in _money():
        phrases[words].append(sense)
    _drop_swallowing(phrases)
    _drop_nouns(translations, phrases)
    return Lexicon(
        {words: tuple(senses) for words, senses in phrases.items()},
        {words: tuple(values) for words, values in translations.items()},
        rewrites,
        heard,
        labels,
        frozenset(counters),
        {kind: frozenset(told) for kind, told in frames.items()},
        frozenset(countries),
        codes,
    )


def _money() -> Iterator[tuple[Words, Sense]]:
    """Each name of money, alone and behind "in", with the codes that it may mean."""
    data = prompts.load_yaml("lexicon/currencies")
    for name, codes in {**data["names"], **{code.lower(): [code] for code in data["codes"]}}.items():
        words = key(name)
        several = [(*words[:-1], pluralize(words[-1]))] if name.isascii() and words[-1].isalpha() else []
        for form in dict.fromkeys((words, *several)):
            yield form, Sense(T.MONEY_WORD, tuple(codes))
            yield ("in", *form), Sense(T.MONEY_WORD, tuple(codes))


def _drop_nouns(translations: dict[Words, list[str]], phrases: Mapping[Words, Iterable[Sense]]) -> None:
    """A value is no noun: of "retail customers" the noun is read by itself, for it says what is asked for."""
    nouns = {words for words, senses in phrases.items() if any(s.type is T.ENTITY for s in senses)}
    nouns |= {(noun,) for noun in _nouns()}
    for words in [w for w in translations if len(w) > 1]:
        cuts = [words[:at] for at in range(1, len(words)) if words[at:] in nouns]
        named = [value for value in translations[words] for cut in cuts if _says(cut, value, translations)]
        if named:
            del translations[words]


def _says(words: Words, value: str, translations: Mapping[Words, Sequence[str]]) -> bool:
    return key(value.lower()) == words or value in translations.get(words, ())


_TELLING = (T.ENTITY, T.MINE, T.STATE, T.VERB_METRIC, T.BY, T.METRIC)
_RELATING = (T.ASK, T.OWNS, T.CHANGE, T.VERSUS, T.FOLLOW, T.GAP, T.SHARE)
_POINTING = frozenset({"that", "this", "those", "these", "it", "them", "there"})
_ALLOWED_INSIDE = frozenset({"by", "me"})  # "owned by", "show me"


def _drop_swallowing(phrases: dict[Words, list[Sense]]) -> None:
    """A phrase that only relates or asks may not hold a word of content: that word must be read itself."""
    single = {words[0]: {s.type for s in senses} for words, senses in phrases.items() if len(words) == 1}
    for noun in _nouns():
        single.setdefault(noun, set()).add(T.ENTITY)
    quiet = {word for word, kinds in single.items() if kinds & {T.FILLER, T.PREP}}
    loud = {word for word, kinds in single.items() if word.isascii() and kinds.intersection(_TELLING)}
    loud -= _ALLOWED_INSIDE | {word for word, kinds in single.items() if T.FILLER in kinds}
    negative = {word for word, kinds in single.items() if T.NEG in kinds}
    for words in [w for w in phrases if len(w) > 1]:
        kept = [s for s in phrases[words] if not _swallows(words, s, loud, negative)]
        if kept and quiet.issuperset(words) and kept[0].type in (T.OWNS, T.FIELD):
            kept.append(Sense(T.FILLER, "words"))  # "came from" may relate, or say nothing
        phrases[words] = kept
        if not kept:
            del phrases[words]


def _swallows(words: Words, sense: Sense, loud: set[str], negative: set[str]) -> bool:
    """Whether a reading of a phrase would hide a word that has to be read: "deals with", 有没, "and by"."""
    heard = loud.intersection(words)
    if sense.type is T.FOLLOW:
        heard -= {"i", "we"}  # "I meant"
    if heard and (sense.type in _RELATING or (sense.type, sense.value) == (T.TREE, "team")):
        return True
    if sense.type is T.ASK and words[0] in ("and", "but") and len(words) > 1:
        return True
    if sense.type is T.ASK and (words[-1] in negative or {"those", "these", "them", "they", "their"} & set(words)):
        return True
    if sense.type is T.FILLER:
        return words[-1] in _POINTING  # "on that | team"
    return sense.type in (T.FOLLOW, T.CHANGE) and ("by" in words or words[-1] == "按")


def _nouns() -> Iterator[str]:
    for entity in build_schema().entities.values():
        for word in entity.words:
            yield from (form[0] for form in (key(word), key(pluralize(word))) if len(form) == 1)


def _readings(data: Mapping[str, Any]) -> Iterator[tuple[Words, Sense]]:
    for section, senses in data.items():
        if section in _DATA_SECTIONS:
            continue
        kind = T(section)
        for sense, phrases in senses.items():
            for phrase in phrases:
                words = key(str(phrase))
                yield words, Sense(kind, sense)
                if section in _PLURAL_SECTIONS and phrase.isascii():
                    yield key(pluralize(str(phrase))), Sense(kind, sense)
