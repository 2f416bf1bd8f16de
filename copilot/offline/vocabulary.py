"""The words of one store: registry, lexicon, categorical values and record names, as the actor may see them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from copilot.offline.ended import is_undated, stage_kinds
from copilot.offline.glossary import Glossary
from copilot.offline.held import drop_what_is_not_there
from copilot.offline.leaders import leaders
from copilot.offline.lexicon import Lexicon, Words, key, load_lexicon
from copilot.offline.own_chinese import mixed_parts, places, terms, unfinished_values
from copilot.offline.own_columns import customer_labels, inflected, own_readings
from copilot.offline.own_kinds import prefer_own_kinds
from copilot.offline.own_sayings import own_sayings
from copilot.offline.own_verbs import ending_stages
from copilot.offline.phrases import Phrases
from copilot.offline.plain_language import phrases_of
from copilot.offline.rates import Rate, own_rates
from copilot.offline.scored import add_score_words
from copilot.offline.short_values import beginnings, short_values
from copilot.offline.sounds import BySound, by_pinyin, by_sound
from copilot.offline.stage_nouns import OwnEnd, own_ends, stage_nouns
from copilot.offline.stage_states import stage_states
from copilot.offline.tags import Sense, T
from copilot.offline.translated import elsewhere, spelled_out, translated
from copilot.offline.word_lists import WordLists, word_lists
from crm_core.access import ADMIN, Actor
from crm_core.db import ReadStore
from crm_core.models import Consent, Kind, Role
from crm_core.query.currencies import read_currencies
from crm_core.query.facts import filled_fields, is_of_score
from crm_core.query.rules import Cases
from crm_core.query.run import run_query
from crm_core.query.spec import Condition, QuerySpec
from crm_core.schema import Field, Schema, pluralize

NAMED = ("user", "account", "product", "stage", "pipeline", "contact", "lead", "deal", "order")
MAX_CHOICES, FEW_VALUES = 500, 60
_USER_KINDS = {"rep": "rep", "manager": "manager"}
_NAMING = frozenset({T.FIELD, T.METRIC, T.VERB_METRIC, T.NOT_HELD})
_SPEECH = frozenset(
    {T.STATE, T.ASK, T.OP, T.POST_OP, T.SUP, T.AGG, T.SHARE, T.CHANGE, T.GAP, T.VERSUS, T.BY, T.NEG, T.ORDER, T.BUCKET,
     T.UNIT, T.COMPARATIVE, T.SHIFT, T.WHOLE, T.MINE, T.PRONOUN, T.FOLLOW, T.AND, T.OR, T.PREP, T.WRITE}
)  # fmt: skip
_CODE = 2  # letters
_TITLES = frozenset({"contact.title", "user.title"})


@dataclass(frozen=True, slots=True)
class Name:
    """A record that can be named."""

    entity: str
    id: int
    label: str


@dataclass
class Vocabulary:
    """Everything a word of a request may stand for.

    Attributes:
        schema: the registry.
        filled: fields that hold any value.
        phrases: token tuple → readings: the language's, and the store's own over them.
        longest: of the phrases, in tokens.
        parts: one word of a longer name → the records whose names hold it.
        words: every single word above; spelling is repaired towards these.
        lexicon: labels and rewrites.
        labels: by own column of companies that says who is a customer, its values.
        own_ends: the company's own days on which something begins or ends.
        leaders: names of people who have no deals of their own and to whom others report.
        stages: name of a stage → open, won or lost.
        letters: a stored value of one or two capital letters ("grade A", OH), or that is a small word with a capital
            ("Exact") → its readings.
        titles: of colleagues and contacts, by kind and record id.
        currencies: that the amounts are in; base_currency: the store's own.
        undated: the outcomes (won, lost) of which there are deals and none with the day it closed.
    """

    schema: Schema
    filled: frozenset[str]
    lexicon: Lexicon
    phrases: Phrases
    stages: dict[str, str] = field(default_factory=dict)
    letters: dict[str, list[Sense]] = field(default_factory=lambda: defaultdict(list))
    undated: frozenset[str] = frozenset()
    titles: dict[tuple[str, int], str] = field(default_factory=dict)
    parts: dict[str, list[Name]] = field(default_factory=lambda: defaultdict(list))
    words: frozenset[str] = frozenset()
    longest: int = 1
    leaders: frozenset[str] = frozenset()
    currencies: frozenset[str] = frozenset()
    base_currency: str = ""
    own_ends: tuple[OwnEnd, ...] = ()
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset()  # of interactions, those of which there are any
    plans_talks: bool = False  # whether interactions are logged before their day
    rates: dict[Words, Rate] = field(default_factory=dict)  # that own columns make, by their names

    def holds(self, dotted: str) -> bool:
        """Whether "entity.field" holds a value anywhere; derived fields hold what they are made of."""
        entity, name = dotted.split(".", 1)
        found = self.field(dotted) if "." in name else self.schema.entities[entity].fields.get(name)
        dotted = f"{found.entity}.{found.name}" if found is not None else dotted
        return found is not None and (dotted in self.filled or (found.derived is not None and not is_of_score(found)))

    @cached_property
    def content(self) -> dict[str, Sequence[Sense]]:
        """The phrases that name something of the data, as text."""
        return {
            ("" if words and not words[0].isascii() else " ").join(words): senses
            for words, senses in self.phrases.of(T.ENTITY, T.FIELD, T.METRIC, T.VALUE, T.STATE)
        }

    @cached_property
    def spelled(self) -> WordLists:
        """What a misspelt word may have been meant for."""
        return word_lists(self.words, self.phrases)

    @cached_property
    def by_sound(self) -> tuple[BySound, BySound, BySound]:
        """Chinese phrases by how they sound and by their pinyin, and what is stored by its pinyin."""
        return *by_sound(self.phrases), by_pinyin(self.phrases)

    @cached_property
    def glossary(self) -> Glossary:
        """What the company wrote in either script, for questions in the other."""
        return Glossary.of(self.phrases, self.schema)

    def field(self, dotted: str) -> Field:
        """The field called "entity.field", or at the end of a path, "deal.product.list_price"."""
        entity, name = dotted.split(".", 1)
        return self.schema.path(entity, name).field if "." in name else self.schema.entities[entity].fields[name]

    def holds_records(self, entity: str) -> bool:
        """Whether there is any record of this kind."""
        return f"{entity}.created_at" in self.filled


def build_vocabulary(store: ReadStore, *, actor: Actor, today: date) -> Vocabulary:
    """Read the store's words; a fraction of a second, so cache it for one store revision and reading scope."""
    with store.read(ADMIN) as connection:  # what the company uses at all is known to each of its people
        schema = store.schema_at(connection)
        filled = filled_fields(connection, schema)
        money = read_currencies(connection, schema)
    vocabulary = Vocabulary(schema, filled, load_lexicon(), phrases_of(schema))
    vocabulary.currencies = money.of.get("deal") or money.of.get("order") or frozenset()
    vocabulary.base_currency = money.base
    _prefer_own_words(vocabulary)
    _add_names(vocabulary, store, actor, today)
    _add_values(vocabulary, store, actor, today)
    vocabulary.stages.update(stage_kinds(store, actor, today))
    vocabulary.plans_talks = _plans_talks(store, actor, today)
    vocabulary.undated = frozenset(kind for kind in ("won", "lost") if is_undated(store, kind, actor, today))
    vocabulary.phrases.add(ending_stages(vocabulary.stages))
    absent = [entity for entity in schema.entities if not vocabulary.holds_records(entity)]
    vocabulary.phrases.update(own_readings(schema, vocabulary.phrases, taken=vocabulary.parts, absent=absent))
    vocabulary.phrases.update(dict(own_sayings(schema, vocabulary.phrases, absent)))
    vocabulary.phrases.add(list(terms(vocabulary.phrases)))
    prefer_own_kinds(vocabulary.phrases, schema, vocabulary.lexicon, vocabulary.kinds)
    vocabulary.rates = own_rates(schema, vocabulary.phrases)
    vocabulary.phrases.add([*stage_nouns(vocabulary.stages, vocabulary.phrases, vocabulary.lexicon)])
    vocabulary.phrases.update(stage_states(vocabulary.stages, vocabulary.phrases))
    vocabulary.own_ends = own_ends(schema, vocabulary.lexicon)
    vocabulary.labels = customer_labels(schema, vocabulary.phrases)
    drop_what_is_not_there(vocabulary)
    add_score_words(vocabulary.phrases, vocabulary.letters, filled)
    _add_conditions(vocabulary)
    vocabulary.leaders = leaders(store, filled, actor=actor, today=today)
    vocabulary.longest = max(map(len, vocabulary.phrases))
    vocabulary.words = frozenset(word for words in vocabulary.phrases for word in words) | set(vocabulary.parts)
    return vocabulary


def _plans_talks(store: ReadStore, actor: Actor, today: date) -> bool:
    """Whether there are interactions of a day to come."""
    ahead = Condition(field="happened_on", op="gt", value=today.isoformat())
    spec = QuerySpec(entity="interaction", where=ahead, columns=["happened_on"], limit=1)
    return bool(run_query(store, spec, actor=actor, today=today).rows)


def _prefer_own_words(vocabulary: Vocabulary) -> None:
    """A word that the company has for a field or a metric is no other one, and is not "not held".

    A word that language cannot do without stays what it is: "signed" is what was won, also where a column is called so.
    """
    for phrase, targets in vocabulary.schema.own_words.items():
        means = {target.removeprefix("metric:") for target in targets}
        for words in (key(phrase), key(pluralize(phrase))):
            if senses := vocabulary.phrases.get(words):
                spoken = [s for s in senses if s.type in _SPEECH]
                vocabulary.phrases[words] = spoken or [s for s in senses if s.type not in _NAMING or s.value in means]


def _add_conditions(vocabulary: Vocabulary) -> None:
    """A company's word for some records of a kind means them alone, and stands for the noun as well."""
    for phrase, condition in vocabulary.schema.own_conditions.items():
        senses = [Sense(T.MEANING, condition), Sense(T.ENTITY, condition.entity)]
        for words in {key(phrase), key(pluralize(phrase)) if phrase.isascii() else key(phrase)}:
            vocabulary.phrases[words] = list(senses)


_IN_CHINESE = {"account.city": "城市", "account.industry": "行业"}  # what fields of ours are called, for `places`


def _add_values(vocabulary: Vocabulary, store: ReadStore, actor: Actor, today: date) -> None:
    by_text: dict[Words, list[Sense]] = defaultdict(list)
    for each in vocabulary.schema.fields():
        dotted = f"{each.entity}.{each.name}"
        for named in each.derived.rule.values if each.derived and isinstance(each.derived.rule, Cases) else ():
            by_text[key(named)].append(Sense(T.VALUE, (dotted, named)))
        is_short = each.kind is Kind.TEXT and (each.is_custom or dotted in _TITLES)  # it may have few values so far
        if not (each.kind is Kind.CHOICE or is_short) or dotted not in vocabulary.filled:
            continue
        spec = QuerySpec(entity=each.entity, columns=[each.name], distinct=True, limit=MAX_CHOICES)
        rows = run_query(store, spec, actor=actor, today=today).rows
        known = [row.values[0] for row in rows] if not is_short or len(rows) <= FEW_VALUES else []
        vocabulary.kinds |= {str(kind) for kind in known if dotted == "interaction.kind"}
        for value in dict.fromkeys([*known, *(Consent if each.name == "consent" else ())]):  # also one not given yet
            if value not in (None, ""):
                _add_value(vocabulary, dotted, str(value), by_text)
    short = short_values(by_text, vocabulary.phrases, taken=vocabulary.parts)
    vocabulary.phrases.add([*by_text.items(), *inflected(by_text, vocabulary.phrases), *short])
    for words, senses in vocabulary.phrases.of(T.RECORD):
        by_text[words].extend(s for s in senses if s.type is T.RECORD and s.value[0].entity == "stage")
    stored = {words: senses for words, senses in by_text.items() if senses}
    vocabulary.phrases.add([*beginnings(stored, vocabulary.phrases)])
    vocabulary.phrases.update(unfinished_values(stored, vocabulary.phrases))
    vocabulary.phrases.update(mixed_parts(stored, vocabulary.phrases))
    labels = {f"{each.entity}.{each.name}": each.label for each in vocabulary.schema.fields()}
    vocabulary.phrases.add([*places(stored, vocabulary.phrases, {**labels, **_IN_CHINESE})])
    direct = {
        words: {s.value[0] for s in senses if s.type is T.VALUE} for words, senses in vocabulary.phrases.of(T.VALUE)
    }
    vocabulary.phrases.add(translated(vocabulary.lexicon, by_text, direct))
    vocabulary.phrases.add(spelled_out(vocabulary.lexicon, vocabulary.letters))
    place = vocabulary.schema.entities["account"].by_role(Role.PLACE)
    if place is not None and f"account.{place.name}" in vocabulary.filled:
        vocabulary.phrases.add(elsewhere(vocabulary.lexicon, vocabulary.phrases, f"account.{place.name}"))


def _add_value(vocabulary: Vocabulary, dotted: str, value: str, by_text: dict[Words, list[Sense]]) -> None:
    sense = Sense(T.VALUE, (dotted, value))
    if len(value) <= _CODE and value.isupper() and value.isalpha():
        vocabulary.letters[value].append(sense)
    if (len(value) == 1 and value.isupper()) or dotted in ("stage.kind", "interaction.kind", "user.role"):
        return
    if not _is_function_word(vocabulary, value):
        by_text[key(value)].append(sense)
    elif value[0].isupper() and all(s.type is T.FILLER for s in vocabulary.phrases.get(key(value), ())):
        vocabulary.letters[value].append(sense)


def _is_function_word(vocabulary: Vocabulary, value: str) -> bool:
    """A stored value such as "in" or "no" that ordinary language cannot do without."""
    senses = vocabulary.phrases.get(key(value), ())
    return any(s.type in (T.PREP, T.FILLER, T.NEG, T.AND, T.OR) for s in senses)


def _add_names(vocabulary: Vocabulary, store: ReadStore, actor: Actor, today: date) -> None:
    for entity in NAMED:
        title = vocabulary.schema.entities[entity].by_role(Role.TITLE)
        if title is None or f"{entity}.{title.name}" not in vocabulary.filled:
            continue
        job = ["title"] if f"{entity}.title" in vocabulary.filled else []
        spec = QuerySpec(entity=entity, columns=[title.name, *job], where=None)
        for row in run_query(store, spec, actor=actor, today=today).rows:
            label, record = row.values[0], row.record_id
            if label in (None, "") or record is None:
                continue
            _add_name(vocabulary, Name(entity, record, str(label)))
            if job and row.values[1]:
                vocabulary.titles[entity, record] = str(row.values[1])


def _add_name(vocabulary: Vocabulary, name: Name) -> None:
    words = key(name.label)
    if not words:
        return
    sense = Sense(T.RECORD, (name,))
    forms = [words, *([(*words[:-1], pluralize(words[-1]))] if name.entity == "product" else [])]
    vocabulary.phrases.add((form, [sense]) for form in forms)
    pieces = {piece for word in words for piece in (word, *word.replace("-", " ").split())}
    coded = {word.replace("-", "") for word in words if "-" in word and any(map(str.isdigit, word))}
    if len(words) > 1 or len(pieces) > 1:
        for piece in pieces | coded:  # "lc3200" for LC-3200
            vocabulary.parts[piece].append(name)
    elif words[0].isascii():
        vocabulary.parts[words[0]].append(name)
