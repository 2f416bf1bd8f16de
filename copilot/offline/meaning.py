"""What a person says that a word means: a name of the registry, a stored value, or a condition in plain words."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from copilot.context import Lang
from copilot.labels import labels
from copilot.offline.lexicon import key
from copilot.offline.plan import Plan, Query
from copilot.offline.tags import Sense, T
from copilot.offline.telling import tell_condition, tell_target
from copilot.offline.vocabulary import Vocabulary
from crm_core.access import ADMIN, Actor
from crm_core.errors import Invalid
from crm_core.own_words import METRIC, WHERE
from crm_core.query.spec import All, Children, Condition, Filter, QuerySpec
from crm_core.schema import Schema, pluralize

Planning = Callable[[str, Actor, date], Plan]

_CONDITIONED = ("account", "deal", "contact", "lead", "user", "order", "task", "product")
_FORMS = ("{text}", "{nouns} with {text}", "{text} {nouns}", "{nouns} that are {text}", "{nouns} {text}")
_CHINESE_FORMS = ("{text}", "{text}的{nouns}", "{text}{nouns}")
_SPACED_UNIT = re.compile(r"(?<=\d) +(?=(?:k|m|mn|mm|bn|b)\b)", re.I)
_NOBODY = replace(ADMIN, id=-1, name="nobody at all")
_LONG_AFTER = timedelta(days=800)
_FIXED = frozenset(
    {T.ASK, T.OP, T.POST_OP, T.AGG, T.BY, T.NEG, T.AND, T.OR, T.PREP, T.FILLER, T.PRONOUN, T.MINE, T.FOLLOW, T.UNIT,
     T.BUCKET, T.ORDER, T.WRITE, T.VERSUS, T.CHANGE, T.SHARE, T.GAP, T.COMPARATIVE, T.STATE, T.SMALLTALK, T.THING}
)  # fmt: skip
_NAMING = {T.ENTITY: "", T.FIELD: "", T.METRIC: METRIC}


@dataclass(frozen=True)
class Meaning:
    """What a word would mean.

    Attributes:
        target: as `CompanyWord` keeps it: "account", "deal.amount", "metric:bookings" or "where:account".
        where: the condition, for "where:…".
        told: the whole of it in words.
    """

    target: str
    where: Filter | None
    told: str


class MeaningReader:
    """Reads meanings with the words of one store, and the planner itself where they are conditions."""

    def __init__(self, vocabulary: Vocabulary, plan: Planning, *, today: date, lang: Lang = "en") -> None:
        self._vocabulary = vocabulary
        self._schema = vocabulary.schema
        self._plan = plan
        self._today = today
        self._lang = lang

    def read(self, word: str, text: str) -> Meaning:
        """What `word` would mean.

        Args:
            word: to be taught.
            text: "deal.amount", "account", "metric:bookings", "account.industry=retail", a word that the store knows,
                or a condition: "revenue over 1 m", "accounts in Germany".

        Raises:
            Invalid: the word is no word to teach, or the text cannot be read as one meaning.
        """
        self._check_word(word)
        text = " ".join(text.split()).strip("\"'“”。. ")
        named = self._named(text) or self._valued(text)
        if named is not None:
            return named
        known = self._known(word, text)
        return known or self._conditioned(word, text)

    def _check_word(self, word: str) -> None:
        words = key(word)
        senses = self._vocabulary.phrases.get(words, ())
        if not words or len(words) > 12 or all(not w.isalnum() for w in words):
            raise Invalid(f"{word!r} is no word that could be taught.")
        if any(sense.type in _FIXED for sense in senses):
            raise Invalid(f"{word!r} is a word that questions are made of; it cannot mean something else.")
        value = next((sense for sense in senses if sense.type is T.VALUE), None)
        if value is not None:
            raise Invalid(f"{word!r} is a value of {value.value[0]} in the data; it cannot mean something else.")
        names = next((sense for sense in senses if sense.type is T.RECORD), None)
        if names is not None:
            raise Invalid(f"{word!r} is the name of a record ({names.value[0].entity}); it cannot mean something else.")

    def _named(self, text: str) -> Meaning | None:
        """A name of the registry as it stands there."""
        bare = text.removeprefix(METRIC)
        if bare in self._schema.metrics and (text != bare or not self._vocabulary.phrases.get(key(text))):
            return self._meaning(f"{METRIC}{bare}")
        if text.startswith(METRIC):
            self._schema.metric(bare)  # raises with the closest right names
        entity, dot, name = text.partition(".")
        if entity in self._schema.entities and (not dot or name in self._schema.entities[entity].fields):
            return self._meaning(text)
        if dot and entity in self._schema.entities and re.fullmatch(r"\w+", name):
            self._schema.path(entity, name)
        return None

    def _valued(self, text: str) -> Meaning | None:
        """As in "account.industry=retail"."""
        dotted, equals, value = (part.strip() for part in text.partition("="))
        entity, dot, name = dotted.partition(".")
        if not (equals and dot and value and entity in self._schema.entities):
            return None
        self._schema.path(entity, name)
        return self._condition(entity, Condition(field=name, op="eq", value=value))

    def _known(self, word: str, text: str) -> Meaning | None:
        """A word that the store knows for one thing; where it is several, the person says which."""
        senses = self._vocabulary.phrases.get(key(text.removeprefix("the ")), ())
        targets = dict.fromkeys(_NAMING[s.type] + str(s.value) for s in senses if s.type in _NAMING)
        held = [target for target in targets if "." not in target or self._vocabulary.holds(target)]
        held = [{"rep": "user", "manager": "user"}.get(target, target) for target in held or targets]
        if any(s.type in (T.VALUE, T.RECORD, T.MEANING) for s in senses) or not held:
            return None
        if len(held) > 1:
            raise Invalid(f"{text!r} is the word for several things; say which {word!r} means: {', '.join(held)}.")
        return self._meaning(held[0])

    def _conditioned(self, word: str, text: str) -> Meaning:
        held = [entity for entity in _CONDITIONED if self._vocabulary.holds_records(entity)]
        named = [entity for entity in held if self._names(word, entity) or self._names(text, entity)]
        plain = _SPACED_UNIT.sub("", text)
        found = list(self._conditions(plain, named)) or list(self._conditions(plain, held))
        if found:
            return self._condition(*min(found, key=lambda pair: (_cost(pair[1]), held.index(pair[0]))))
        raise Invalid(
            f"{text!r} cannot be read as what {word!r} means. Say a field such as deal.amount, a kind of record such "
            "as account, a metric such as metric:bookings, or a condition such as 'revenue over 1m'."
        )

    def _names(self, text: str, entity: str) -> bool:
        """Whether a noun for this kind of record stands in the text."""
        words = key(text)
        spans = (words[at:end] for at in range(len(words)) for end in range(at + 1, len(words) + 1))
        return any(Sense(T.ENTITY, entity) in self._vocabulary.phrases.get(span, ()) for span in spans)

    def _conditions(self, text: str, entities: Iterable[str]) -> Iterator[tuple[str, Filter]]:
        is_chinese = not text.isascii()
        told = labels("zh" if is_chinese else "en")
        for entity in entities:
            nouns = told.get(entity) or pluralize(self._schema.entities[entity].words[0])
            for form in _CHINESE_FORMS if is_chinese else _FORMS:
                where = self._filter(form.format(nouns=nouns, text=text), entity)
                if where is not None:
                    yield entity, where
                    break

    def _filter(self, question: str, entity: str) -> Filter | None:
        """The condition of a list of these records; None where the question is no such list.

        Raises:
            Invalid: it would mean another thing on another day, or for another person.
        """
        where = self._listed(question, entity, ADMIN, self._today)
        if where is None:
            return None
        if self._listed(question, entity, ADMIN, self._today + _LONG_AFTER) != where:
            raise Invalid("A word cannot mean a time that moves with the calendar; name the dates themselves.")
        if self._listed(question, entity, _NOBODY, self._today) != where:
            raise Invalid("A word cannot mean what is yours: it is everybody's.")
        return where

    def _listed(self, question: str, entity: str, actor: Actor, today: date) -> Filter | None:
        plan = self._plan(question, actor, today)
        return filter_of(plan.spec, entity, self._schema) if isinstance(plan, Query) else None

    def _condition(self, entity: str, where: Filter) -> Meaning:
        return Meaning(f"{WHERE}{entity}", where, tell_condition(self._schema, entity, where, lang=self._lang))

    def _meaning(self, target: str) -> Meaning:
        return Meaning(target, None, tell_target(self._schema, target, lang=self._lang))


def filter_of(spec: QuerySpec, entity: str, schema: Schema) -> Filter | None:
    """The condition of a spec that lists all records of `entity` that pass it; None for any other spec."""
    asks_more = spec.limit or spec.offset or spec.distinct or spec.top_per or spec.compare_to or spec.summary
    if asks_more or spec.columns:
        return None
    if spec.entity == entity and not (spec.group_by or spec.measures or spec.having):
        return spec.where
    return _of_children(spec, entity, schema)


def _of_children(spec: QuerySpec, entity: str, schema: Schema) -> Filter | None:
    """As in "accounts with at least 3 won deals": groups that pass a test are records whose children pass it."""
    if len(spec.group_by) != 1 or len(spec.having) != 1 or len(spec.measures) != 1:
        return None
    group, test, measure = spec.group_by[0].field, spec.having[0], spec.measures[0]
    children = schema.entities[entity].children.values()
    child = next((c for c in children if (c.entity, c.field) == (spec.entity, group)), None)
    if child is None or test.measure != measure.name:
        return None
    parts = spec.where.all if isinstance(spec.where, All) else [spec.where] if spec.where else []
    parts = [part for part in parts if part != Condition(field=group, op="not_empty")]
    rest = (parts[0] if len(parts) == 1 else All(all=parts)) if parts else None
    counts = measure.fn == "count" and measure.field is None and measure.where is None
    return Children(children=child.name, where=rest, measure=None if counts else measure, op=test.op, value=test.value)


def _cost(where: Filter) -> int:
    """How far a condition reaches away from the record itself."""
    dumped = where.model_dump_json(exclude_defaults=True)
    return 10 * dumped.count('"children"') + sum("." in name for name in re.findall(r'"field":"([^"]+)"', dumped))
