"""Further words for a company's own columns and stored values: short names, initials, plurals, stages as verbs.

A header says more than people do: of "Monthly rental (USD)" they say "the rental", of "Customer Success Manager" "CSM".
A short name stands for a field only where no other field could be called so and nothing else goes by that word.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from copilot.offline.lexicon import Words, key
from copilot.offline.other_names import other_names
from copilot.offline.own_chinese import bare, spoken_fields
from copilot.offline.own_verbs import base_forms, own_verbs
from copilot.offline.phrases import Phrases
from copilot.offline.short_values import is_everyday
from copilot.offline.tags import Sense, T
from crm_core.models import Kind
from crm_core.schema import Schema, pluralize

_LEAST_INITIALS = 3
_CUSTOMERS = frozenset({"customer", "client", "客户"})
_LEAST_LETTERS = 3
_QUIET = (T.FILLER, T.NOT_HELD)
_TYPES = frozenset({"type", "kind", "category", "sort", "class"})
_NAMING = (T.FIELD, T.METRIC, T.VERB_METRIC)
_ASKS = ("是否", "is ", "has ", "does ")
_DONE = frozenset({"sent", "paid", "met", "given", "done", "made"})
_EMPTY = frozenset({T.PREP, T.FILLER, T.AND, T.OR, T.BY, T.NEG, T.UNIT, T.BUCKET})


def own_readings(
    schema: Schema, phrases: Phrases, *, taken: Iterable[str], absent: Iterable[str]
) -> dict[Words, list[Sense]]:
    """What the names of own columns, short and long, mean from now on.

    Args:
        schema: with the store's custom fields.
        phrases: what is known already.
        taken: words of the names of records, which stay names.
        absent: kinds of records of which there are none.
    """
    labels = _own_labels(schema)
    none = frozenset(absent)
    known = phrases.copy()
    for words, senses in known.of(T.ENTITY):
        known[words] = [s for s in senses if s.type is not T.ENTITY or s.value not in none]
    found = dict(_shared_names(schema, labels, known))
    known.update(found)
    found |= (spoken := dict(spoken_fields(labels, known, _sums(schema))))
    called = {dotted: [*names, *_bare(names)] for dotted, names in labels.items()}
    found |= (others := dict(other_names(called, known)))
    known.update(spoken)
    known.update(others)
    found |= dict(_whole_names(schema, labels, known))
    known.update(found)
    named = frozenset(taken)
    found |= dict(_short_names(schema, labels, known, named))
    found |= dict(_kinds_of(labels, known, named))
    found |= dict(own_verbs(schema, labels, known))
    for dotted, names in labels.items():
        for words in (form for name in names for form in (*_initials(name), *_verbs(schema, dotted, name))):
            if all(s.type in _NAMING or s.type in _QUIET for s in known.get(words, ())):
                found[words] = [Sense(T.FIELD, dotted, "short")]
                found |= {longer: [] for longer in known if len(longer) == 2 and _is_total_of(longer, words[0], known)}
    return found


def _bare(names: Sequence[Words]) -> list[Words]:
    """Chinese headers without what speech leaves out."""
    return [key(form) for name in names for form in bare("".join(name))]


def _sums(schema: Schema) -> frozenset[str]:
    """The fields that hold money."""
    return frozenset(f"{each.entity}.{each.name}" for each in schema.fields() if each.kind is Kind.MONEY)


def _shared_names(
    schema: Schema, labels: Mapping[str, Sequence[Words]], phrases: Phrases
) -> Iterator[tuple[Words, list[Sense]]]:
    """A column called as a field of another kind of record is called what that is called, in either language."""
    like: dict[str, list[str]] = defaultdict(list)
    for each in schema.fields():
        for dotted, names in labels.items() if not each.is_custom and each.ask else ():
            if dotted.split(".")[0] != each.entity and {key(word) for word in each.words} & set(names):
                like[f"{each.entity}.{each.name}"].append(dotted)
    for words, senses in phrases.of(T.FIELD) if like else ():
        own = [dotted for s in senses if s.type is T.FIELD for dotted in like.get(str(s.value), ())]
        if own:
            yield words, list(dict.fromkeys([*(Sense(T.FIELD, dotted) for dotted in own), *senses]))


def _is_total_of(words: Words, word: str, phrases: Phrases) -> bool:
    """As in "total invoiced", where a column tells what was invoiced."""
    return words[-1] == word and all(s.type is T.METRIC for s in phrases[words])


def _own_labels(schema: Schema) -> dict[str, list[Words]]:
    """By "entity.field": what the column is called, for fields that came with the company's own files."""
    labels: dict[str, list[Words]] = defaultdict(list)
    for each in schema.fields():
        if each.is_custom and each.ask:
            labels[f"{each.entity}.{each.name}"] += [form for word in each.words for form in _forms(each.kind, word)]
    for phrase, targets in schema.own_words.items():
        for target in targets:
            if "." in target:
                labels[target].append(key(phrase))
    return labels


def _forms(kind: Kind, word: str) -> Iterator[Words]:
    """A name, and of yes and no also without the question in it: 是否含税 is 含税."""
    yield key(word)
    if (spelled := re.sub(r" (no|nr|num)$", " number", word.lower())) != word.lower():
        yield key(spelled)
    first, _, last = word.lower().partition(" ")
    if last.isalpha() and first.isalpha() and last.isascii():
        yield key(f"{last} of {first}")  # "type of visit" is the Visit Type
    bare = word.lower()
    parts = bare.split(" ")
    if kind is Kind.BOOLEAN and len(parts) == 2 and (parts[1].endswith("ed") or parts[1] in _DONE):
        yield key(f"{parts[1]} {parts[0]}")  # "approved artwork" of Artwork Approved
    for asks in _ASKS if kind is Kind.BOOLEAN else ():
        if bare.startswith(asks) and len(bare) > len(asks) + 1:
            yield key(bare.removeprefix(asks).strip())


def _whole_names(
    schema: Schema, labels: Mapping[str, Sequence[Words]], phrases: Phrases
) -> Iterator[tuple[Words, list[Sense]]]:
    """The name of a column means the column: no total, no kind of record, and an abbreviation nothing else at all."""
    for dotted, names in labels.items():
        field = schema.entities[dotted.split(".")[0]].fields[dotted.split(".")[1]]
        for words in names:
            senses = [*phrases.get(words, ()), Sense(T.FIELD, dotted)]
            plain = len(words) == 1 and _is_a_word(words[0])
            staged = [s for s in senses if s.type is T.RECORD and s.value[0].entity == "stage"]
            fields = [*(s for s in dict.fromkeys(senses) if s.type is T.FIELD), *staged]
            if field.is_custom and (not plain or all(s.type in (T.FIELD, T.NOT_HELD) for s in senses)):
                yield words, fields
                if field.is_numeric and not plain:
                    yield _number(words), fields
            if len(words) > 1 and (joined := ("-".join(words),)) and words[0].isascii() and not _told(joined, phrases):
                yield joined, fields  # "tax-exempt accounts"
            for longer in (("on", *words), ("in", *words)):
                if field.is_custom and phrases.get(longer) and not _told(longer, phrases):
                    yield longer, fields  # "on credit hold" is held after all
            if field.kind is Kind.BOOLEAN and len(words) > 1 and phrases.get(_number(words)):
                yield _number(words), []  # "key accounts" are accounts that are key ones


def _told(words: Words, phrases: Phrases) -> bool:
    """Whether these words stand for something that is held."""
    return any(sense.type not in _QUIET for sense in phrases.get(words, ()))


def _short_names(
    schema: Schema, labels: Mapping[str, Sequence[Words]], phrases: Phrases, names: frozenset[str]
) -> Iterator[tuple[Words, list[Sense]]]:
    """Parts of the labels of own columns that say one field of the store and nothing else."""
    said: dict[Words, set[str]] = defaultdict(set)
    for each in schema.fields():
        for word in each.words:
            for part in _parts(key(word), phrases):
                said[part].add(f"{each.entity}.{each.name}")
    for dotted, own in labels.items():
        is_date = schema.entities[dotted.split(".")[0]].fields[dotted.split(".")[1]].is_date
        for words in {form for name in own for part in _parts(name, phrases) for form in _inflect(part, is_date)}:
            known = [s for s in phrases.get(words, ()) if s.type not in _QUIET and not _is_bookkeeping(s)]
            if any(s.value == "user.role" for s in known):
                yield words, []  # "roles" are what the column is about, and no rights in this store
            happened = is_date and all(s.type is T.VALUE for s in known)
            if (not known or happened) and said[words] | said[_number(words)] <= {dotted} and not names & set(words):
                yield words, [*known, Sense(T.FIELD, dotted, "short" if len(words) == 1 else "partial")]


def _kinds_of(
    labels: Mapping[str, Sequence[Words]], phrases: Phrases, names: frozenset[str]
) -> Iterator[tuple[Words, list[Sense]]]:
    """Of a column "clinic type" a clinic is the record, and not its type; where records are called so."""
    for dotted, own in labels.items():
        for words in own:
            noun = words[:-1]
            deal = dotted.startswith("deal.") and noun and noun[0].isascii()  # of "project type" these are projects
            if len(noun) == 1 and words[-1] in _TYPES and (deal or names & {*noun, *_number(noun)}):
                for form in (noun, _number(noun)):
                    if all(s.type in _QUIET for s in phrases.get(form, ())):
                        yield form, [Sense(T.ENTITY, dotted.split(".")[0])]


def _parts(words: Words, phrases: Phrases) -> Iterator[Words]:
    """Shorter stretches of a label that begin and end with a word of content: "fleet on road" → "fleet", "road"."""
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            part = words[start:end]
            if (words[-1] in _TYPES and end < len(words)) or (words[0] in _TYPES and start > 0):
                continue  # a project is no project type
            ends = (part[0], part[-1])
            if len(part) < len(words) and all(_is_content(word, phrases) for word in ends):
                yield part


def _is_bookkeeping(sense: Sense) -> bool:
    """Whether it is when the store itself made or changed a record, and not what the company's files say."""
    return sense.type is T.FIELD and str(sense.value).endswith((".updated_at", ".created_at"))


def _inflect(part: Words, is_date: bool) -> Iterator[Words]:
    """The words in either number; of a date also what happened on it: "hired" on the hire date."""
    yield part
    yield _number(part)
    if is_date and len(part) == 1 and not part[0].endswith("ed"):
        yield from ((f"{part[0].removesuffix('e')}ed",), (f"{part[0]}{part[0][-1]}ed",))


def _is_content(word: str, phrases: Phrases) -> bool:
    senses = {sense.type for sense in phrases.get((word,), ())}
    return len(word) >= _LEAST_LETTERS and word.isascii() and word.isalpha() and not senses & _EMPTY


def _number(words: Words) -> Words:
    """The same words with the last one in the plural, or in the singular if it is a plural."""
    last = words[-1]
    return (*words[:-1], singular(last) if singular(last) != last else pluralize(last))


def singular(word: str) -> str:
    """A noun without its English plural ending."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


def _initials(words: Words) -> Iterator[Words]:
    """Of "annual contract value": "acv"."""
    if len(words) >= _LEAST_INITIALS and all(word.isascii() and word.isalpha() for word in words):
        yield ("".join(word[0] for word in words),)


def _is_a_word(word: str) -> bool:
    """Whether it is an everyday word, and no abbreviation of the company's."""
    return not word.isascii() or is_everyday(word)


def _verbs(schema: Schema, dotted: str, words: Words) -> Iterator[Words]:
    """Of a sum of money called by what is done: "invoice" and "invoiced" of an invoiced amount."""
    entity, name = dotted.split(".")
    if schema.entities[entity].fields[name].kind is Kind.MONEY and len(words) > 1 and words[0].endswith("ed"):
        yield from ((form,) for form in (words[0], *base_forms(words[0])))


def inflected(values: Mapping[Words, Sequence[Sense]], phrases: Phrases) -> Iterator[tuple[Words, list[Sense]]]:
    """Stored values in the other number: "villas" for Villa; nothing of a word that stands for something already."""
    for words, senses in values.items():
        if not words or not words[-1].isalpha() or not words[-1].isascii() or len(words[-1]) < _LEAST_LETTERS:
            continue
        other = _number(words)
        known = [s for s in phrases.get(other, ()) if s.type is not T.NOT_HELD]
        if not known or (len(other) > 1 and all(s.type is T.ENTITY for s in known)):
            yield other, list(senses)


def customer_labels(schema: Schema, phrases: Phrases) -> dict[str, tuple[str, ...]]:
    """By own column of companies, its values, where one of them is called a customer."""
    found: dict[str, set[str]] = defaultdict(set)
    for _, senses in phrases.of(T.VALUE):
        for entity, _, name in (str(s.value[0]).partition(".") for s in senses if s.type is T.VALUE):
            if entity == "account" and (field := schema.entities[entity].fields.get(name)) and field.is_custom:
                dotted = f"{entity}.{name}"
                found[dotted] |= {s.value[1] for s in senses if s.type is T.VALUE and s.value[0] == dotted}
    return {
        dotted: tuple(sorted(values))
        for dotted, values in found.items()
        if _CUSTOMERS & {str(value).lower() for value in values}
    }
