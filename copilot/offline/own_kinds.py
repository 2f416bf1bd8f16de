"""A company's own words for what was done ("Site Visit", 拜访), kept beside the kind of an interaction.

Such a word means those alone; the name of the kind itself ("meetings") stays all that are of the kind, also where it is
one of the words; and "by type" is by the company's words.
"""

from collections.abc import Collection, Iterator

from copilot.offline.lexicon import Lexicon, Words, key
from copilot.offline.own_chinese import is_chinese
from copilot.offline.phrases import Phrases
from copilot.offline.tags import Sense, T, Tag
from crm_core.models import InteractionKind, Kind
from crm_core.own_condition import OwnCondition
from crm_core.query.spec import Condition
from crm_core.schema import Schema, pluralize

_TALK = "interaction"
_KIND = f"{_TALK}.kind"


def prefer_own_kinds(phrases: Phrases, schema: Schema, lexicon: Lexicon, stored: frozenset[str]) -> None:
    """Settle which of both is meant, wherever a word may be either. `stored`: the kinds of which there are any."""
    _prefer_own_nouns(phrases, schema)
    kept = own_kind_fields(phrases, schema)
    _as_parts(phrases, kept, lexicon, stored)
    named = set(_names(lexicon)) if kept else set()
    several: dict[Words, list[Sense]] = {}
    for words, senses in phrases.of(T.VALUE, T.FIELD) if kept else ():
        own = [s for s in senses if s.type is T.VALUE and s.value[0] in kept]
        if own and words in named:
            phrases[words] = [s for s in senses if s not in own]
        elif own:
            others = [s for s in senses if s not in own and not _is_kind(s)]
            meant = [Sense(T.MEANING, _condition(" ".join(words), *own[0].value)), Sense(T.ENTITY, _TALK)]
            phrases[words] = [*(own if any(map(_is_other_value, others)) else meant), *others]
            several[(*words[:-1], pluralize(words[-1]))] = meant
        if any(s.type is T.FIELD and s.value in kept for s in senses):
            phrases[words] = [s for s in phrases[words] if s.type is not T.FIELD or s.value != _KIND]
    _as_last_words(phrases, kept, named)
    for words, meant in several.items():  # "visits" are what a "Visit" is
        if words not in named and any(map(_is_kind, phrases.get(words, ()))):
            phrases[words] = [*meant, *(s for s in phrases[words] if not _is_kind(s))]


def _prefer_own_nouns(phrases: Phrases, schema: Schema) -> None:
    """What the company calls all that was done is no kind of it: its "visits" hold calls too."""
    for phrase, targets in schema.own_words.items():
        for words in (key(phrase), key(pluralize(phrase))) if _TALK in targets else ():
            if any(map(_is_kind, phrases.get(words, ()))):
                others = [s for s in phrases[words] if not _is_kind(s)]
                phrases[words] = list(dict.fromkeys([Sense(T.ENTITY, _TALK), *others]))


def _as_parts(phrases: Phrases, kept: frozenset[str], lexicon: Lexicon, stored: frozenset[str]) -> None:
    """拜访 is what a company calls 上门拜访, and 电话 its 电话沟通 where it keeps no calls by that kind."""
    values = {"".join(words): s for words, senses in phrases.of(T.VALUE) for s in senses if s.type is T.VALUE}
    own = {
        text: s.value for text, s in values.items() if s.value[0] in kept and is_chinese(text) and text == s.value[1]
    }
    named = {"".join(words) for words in _names(lexicon)}
    kinds: dict[str, dict[Words, list[Sense]]] = {}
    for words, senses in list(phrases.of(T.ENTITY)) if own else ():
        for kind in (str(s.value) for s in senses if _is_kind(s) and is_chinese("".join(words))):
            kinds.setdefault(kind, {})[words] = list(senses)
    for kind, called in kinds.items():
        holders = {words: [text for text in own if "".join(words) in text] for words in called}
        whole = {text for found in holders.values() for text in found}
        for words, senses in called.items():
            found = holders[words] if kind in stored else sorted(whole)
            if len(found) == 1 and not (kind in stored and "".join(words) in named):
                meant = [Sense(T.MEANING, _condition(" ".join(words), *own[found[0]])), Sense(T.ENTITY, _TALK)]
                phrases[words] = [*meant, *(s for s in senses if not _is_kind(s) and s.type is not T.VALUE)]


def _as_last_words(phrases: Phrases, kept: frozenset[str], named: Collection[Words]) -> None:
    """A "visit" is what a company calls "Site visit", where no other word of its own ends so."""
    held = {
        s.value
        for _, senses in phrases.of(T.VALUE, T.MEANING)
        for s in senses
        if s.type is T.VALUE and s.value[0] in kept
    }
    held |= {own for _, senses in phrases.of(T.MEANING) for s in senses if (own := _meant_value(s, kept))}
    ends: dict[str, set[tuple[str, str]]] = {}
    for dotted, value in held:
        if len(words := key(value)) > 1:
            ends.setdefault(words[-1], set()).add((dotted, value))
    for word, values in ends.items():
        if len(values) > 1 or (word,) in named or any(key(value)[-1:] == (word,) for _, value in held - values):
            continue
        meant = [Sense(T.MEANING, _condition(word, *next(iter(values)))), Sense(T.ENTITY, _TALK)]
        for form in ((word,), (pluralize(word),)):
            if any(map(_is_kind, known := phrases.get(form, ()))):
                phrases[form] = [*meant, *(s for s in known if not _is_kind(s))]


def _meant_value(sense: Sense, kept: frozenset[str]) -> tuple[str, str] | None:
    """The own field and value that a word for what was done stands for."""
    where = sense.value.where if sense.type is T.MEANING and sense.value.entity == _TALK else None
    dotted = f"{_TALK}.{where.field}" if isinstance(where, Condition) else ""
    return (dotted, str(where.value)) if isinstance(where, Condition) and dotted in kept else None


def _is_other_value(sense: Sense) -> bool:
    """A value of anything but tasks, whose words are those of what is to be done."""
    return sense.type is T.VALUE and not sense.value[0].startswith("task.")


def own_kind_of(tag: Tag) -> tuple[str, str] | None:
    """The own field and the word for what was done that a tag stands for."""
    for sense in tag.all(T.MEANING):
        where = sense.value.where
        if sense.value.entity == _TALK and isinstance(where, Condition):
            return where.field, str(where.value)
    told = (s.value for s in tag.all(T.VALUE) if s.value[0].startswith(f"{_TALK}."))
    return next(((dotted.removeprefix(f"{_TALK}."), value) for dotted, value in told), None)


def _condition(phrase: str, dotted: str, value: str) -> OwnCondition:
    return OwnCondition(phrase, _TALK, Condition(field=dotted.removeprefix(f"{_TALK}."), op="eq", value=value))


def own_kind_fields(phrases: Phrases, schema: Schema) -> frozenset[str]:
    """The own fields of interactions that hold words for kinds of them, as "interaction.type"."""
    own = {f"{f.entity}.{f.name}" for f in schema.fields() if f.is_custom and f.kind is Kind.CHOICE}
    own = {dotted for dotted in own if dotted.startswith(f"{_TALK}.")}
    told = (senses for _, senses in phrases.of(T.ENTITY) if any(map(_is_kind, senses))) if own else ()
    return frozenset(s.value[0] for senses in told for s in senses if s.type is T.VALUE and s.value[0] in own)


def _is_kind(sense: Sense) -> bool:
    return sense.type is T.ENTITY and sense.value in set(InteractionKind)


def _names(lexicon: Lexicon) -> Iterator[Words]:
    """What the kinds themselves are called, in every language."""
    for kind in InteractionKind:
        yield from (key(str(kind)), key(pluralize(str(kind))))
        yield from (key(labels[f"{_KIND}={kind}"]) for labels in lexicon.labels.values() if f"{_KIND}={kind}" in labels)
