"""What people say of a company's own columns and kinds of records beside their headers.

Of a day "Expected PO" they say "the expected PO date", of "Licence Expires" that it runs out, of a column "Project
Type" of deals "projects", of a "Sales Engineer" "engineers", of quotes "offers" and "quotations".
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import prompts
from copilot.offline.lexicon import Words, key
from copilot.offline.phrases import Phrases
from copilot.offline.tags import Sense, T
from crm_core.schema import Field, Schema, pluralize

_GIVES_WAY = frozenset({T.NOT_HELD, T.FILLER})
_DAY_WORDS = frozenset({"date", "day", "time", "on", "at", "deadline"})
_LEADS = frozenset({"on", "of", "for", "in", "by", "per"})
_TYPES = frozenset({"type", "kind", "category", "class"})
_NOUNS = frozenset({T.ENTITY, T.NOT_HELD, T.FIELD})


def own_sayings(schema: Schema, phrases: Phrases, absent: Sequence[str]) -> Iterator[tuple[Words, list[Sense]]]:
    """Further readings of a store's phrases; none of a phrase that already names something of the data.

    Args:
        schema: with the store's custom fields and the company's words.
        phrases: what is known already.
        absent: kinds of records of which there are none.
    """
    yield from _enquiries(phrases, absent)
    yield from _awaited(phrases)
    yield from _led(schema, phrases)
    yield from _units(schema, phrases)
    yield from _days(schema, phrases)
    yield from _ends(schema, phrases)
    yield from _records(schema, phrases)
    yield from _people(schema, phrases)
    yield from _kinds(schema, phrases)


def _awaited(phrases: Phrases) -> Iterator[tuple[Words, list[Sense]]]:
    """As in "waiting to be delivered", of a stored value "Awaiting delivery"."""
    done = {str(noun): str(verb) for noun, verb in _sayings()["done"].items()}
    for words, senses in list(phrases.of(T.VALUE)):
        noun = words[-1]
        if not (words[0] in ("awaiting", "pending") or words[:2] == ("waiting", "for")) or noun not in done:
            continue
        told = [s for s in senses if s.type is T.VALUE]
        for before in _sayings()["awaiting"]:
            yield (*key(before), done[noun]), told
        for before in ("awaiting", "waiting for", "waiting on", "pending"):
            if (form := (*key(before), noun)) != words:
                yield form, told


def end_fields(schema: Schema) -> tuple[str, ...]:
    """The own dates ("entity.field") on which something ends, by what they are called."""
    endings = tuple(map(key, _sayings()["end_headers"]))
    return tuple(
        f"{each.entity}.{each.name}"
        for each in schema.fields()
        if each.is_custom and each.is_date and any(_ends_in(key(word), endings) for word in each.words)
    )


def _ends_in(words: Words, endings: Sequence[Words]) -> bool:
    return any(words[-len(ending) :] == ending for ending in endings)


def _days(schema: Schema, phrases: Mapping[Words, Sequence[Sense]]) -> Iterator[tuple[Words, list[Sense]]]:
    """As in "the expected PO date": a day by its header and the word for a day."""
    for words, fields in _called(schema):
        days = [each for each in fields if each.is_date]
        if days and len(days) == len(fields) and words[-1] not in _DAY_WORDS and words[-1].isascii():
            for longer in ((*words, "date"), (*words, "day")):
                if _is_free(longer, phrases):
                    yield longer, [Sense(T.FIELD, f"{each.entity}.{each.name}") for each in days]


def _called(schema: Schema) -> list[tuple[Words, list[Field]]]:
    """What own columns, and fields that the company has a word for, are called."""
    own = [(key(word), each) for each in schema.fields() if each.is_custom and each.ask for word in each.words]
    for phrase, targets in schema.own_words.items():
        for entity, _, name in (target.partition(".") for target in targets):
            if name and entity in schema.entities and name in schema.entities[entity].fields:
                own.append((key(phrase), schema.entities[entity].fields[name]))
    found: dict[Words, list[Field]] = {}
    for words, each in own:
        found.setdefault(words, []).append(each)
    return [(words, fields) for words, fields in found.items() if words]


def _ends(schema: Schema, phrases: Mapping[Words, Sequence[Sense]]) -> Iterator[tuple[Words, list[Sense]]]:
    """As in "runs out", "up for renewal": of any own day on which something ends."""
    days = [Sense(T.FIELD, dotted) for dotted in end_fields(schema)]
    for said in (*_sayings()["ending"], *_sayings()["ended"]) if days else ():
        if _is_free(key(said), phrases):
            yield key(said), days


def _records(schema: Schema, phrases: Mapping[Words, Sequence[Sense]]) -> Iterator[tuple[Words, list[Sense]]]:
    """As in "projects", where deals have a column "Project Type": deals."""
    for words, fields in _called(schema):
        noun = " ".join(words[:-1])
        kinds = {each.entity for each in fields if noun in _sayings()["record_nouns"].get(each.entity, ())}
        if words[-1] in _TYPES and len(kinds) == 1:
            for form in (key(noun), key(pluralize(noun))):
                short = all(s.how == "short" for s in phrases.get(form, ()))
                if short or _is_free(form, phrases):
                    yield form, [Sense(T.ENTITY, kinds.copy().pop())]


def _people(schema: Schema, phrases: Mapping[Words, Sequence[Sense]]) -> Iterator[tuple[Words, list[Sense]]]:
    """As in "engineers", where the company's word for its people is "sales engineer"."""
    for phrase, targets in schema.own_words.items():
        words = key(phrase)
        jobs = [s for s in phrases.get(words, ()) if s.type is T.VALUE and s.value[0] == "user.title"]
        if "user" in targets and jobs:  # everybody is called so, whatever their jobs are
            yield words, [Sense(T.ENTITY, "rep"), *(s for s in phrases[words] if s.type is T.FIELD)]
        if "user" in targets and len(words) > 1 and words[-1] in _sayings()["people"]:
            for form in ((words[-1],), (pluralize(words[-1]),)):
                if _is_free(form, phrases):
                    yield form, [Sense(T.ENTITY, "rep")]


def _kinds(schema: Schema, phrases: Mapping[Words, Sequence[Sense]]) -> Iterator[tuple[Words, list[Sense]]]:
    """As in "offers", where the company calls its orders quotes."""
    for phrase, targets in schema.own_words.items():
        if len(targets) != 1 or targets[0] not in schema.entities:
            continue
        for family in _sayings()["like"]:
            others = [word for word in family if word != phrase] if phrase in family else []
            for form in (key(said) for word in others for said in (word, pluralize(word))):
                known = phrases.get(form, ())
                if all(s.type in (*_GIVES_WAY, T.ENTITY) for s in known) or _is_stage(known):
                    yield form, [Sense(T.ENTITY, targets[0])]


def _led(schema: Schema, phrases: Phrases) -> Iterator[tuple[Words, list[Sense]]]:
    """As in "margin on", where a column is called so: no set phrase for what is not held."""
    own = {f"{each.entity}.{each.name}" for each in schema.fields() if each.is_custom}
    for words, senses in phrases.of(T.NOT_HELD):
        named = any(s.type is T.FIELD and s.value in own for s in phrases.get(words[:-1], ()))
        if named and words[-1] in _LEADS and all(s.type is T.NOT_HELD for s in senses):
            yield words, []


def _units(schema: Schema, phrases: Phrases) -> Iterator[tuple[Words, list[Sense]]]:
    """As in "how many km", of a column "Travel km": its unit, too short to be a part of its name."""
    found: dict[str, list[str]] = {}
    for words, fields in _called(schema):
        if words[-1] in _sayings()["units"] and len(words) > 1:
            found.setdefault(words[-1], []).extend(f"{each.entity}.{each.name}" for each in fields if each.is_numeric)
    for unit, dotted in found.items():
        labels = {name.split(".")[1] for name in dotted}
        if len(labels) == 1 and _is_free((unit,), phrases):
            yield (unit,), [Sense(T.FIELD, each, "short") for each in dict.fromkeys(dotted)]


def _enquiries(phrases: Mapping[Words, Sequence[Sense]], absent: Sequence[str]) -> Iterator[tuple[Words, list[Sense]]]:
    """As in "enquiries", where no leads are kept: deals, and "received" is their start."""
    if "lead" not in absent or "deal" in absent:
        return
    for said in _sayings()["enquiries"]:
        for form in (key(said), key(pluralize(said))):
            if all(s.type is T.ENTITY and s.value == "lead" for s in phrases.get(form, ())):
                yield form, [Sense(T.ENTITY, "deal")]
    for said in _sayings()["received"]:
        if all(s.type is T.FIELD and str(s.value).startswith("lead.") for s in phrases.get(key(said), ())):
            yield key(said), [Sense(T.FIELD, "deal.started_on")]


def _is_stage(senses: Sequence[Sense]) -> bool:
    """A stage may be called by the lexicon's word for such records: "quotation" of a stage "Quoted"."""
    return bool(senses) and all(s.type is T.RECORD and s.value[0].entity == "stage" for s in senses)


def _is_free(words: Words, phrases: Mapping[Words, Sequence[Sense]]) -> bool:
    return all(sense.type in _GIVES_WAY for sense in phrases.get(words, ()))


@cache
def _sayings() -> Any:
    return prompts.load_yaml("lexicon/own_sayings")
