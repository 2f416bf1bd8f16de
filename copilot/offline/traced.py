"""Words that must leave a trace of their own kind: what is counted, who is asked for, values, "the oldest".

Each check looks at the tags of a question and at what the query holds, whatever rules led from one to the other.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from copilot.offline.compose.composer import entity_of
from copilot.offline.compose.neighbours import BUYING
from copilot.offline.compose.reading import Reading
from copilot.offline.tags import SILENT, Sense, T, Tag
from copilot.offline.traces import Traces
from copilot.offline.vocabulary import Vocabulary
from copilot.offline.writing.words import small
from crm_core.models import Kind
from crm_core.query.spec import Measure, QuerySpec

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_PEOPLE = frozenset({"user", "contact"})
_LIKE = {"lead": {"deal", "account"}, "order": {"deal", "order_line"}, "interaction": {"task"}, "contact": {"user"},
         "user": {"contact"}, "deal": {"order"}}  # said loosely, the first is the second  # fmt: skip
_TRACED = frozenset({T.VALUE, T.RECORD, T.FIELD, T.ENTITY})
_KEEPING = frozenset({"deal.owner", "account.owner"})
_DOING = frozenset({T.OWNS, T.VERB_METRIC, T.STATE})


@dataclass(frozen=True)
class Asked:
    """A question and the query that it became."""

    tags: Sequence[Tag]
    reading: Reading
    spec: QuerySpec
    traces: Traces
    vocabulary: Vocabulary
    total: bool = False

    @property
    def shown(self) -> set[str]:
        """The kinds of records that the rows are of, are grouped by or show."""
        paths = [*self.spec.columns, *(group.field for group in self.spec.group_by)]
        fields = [self.vocabulary.schema.path(self.spec.entity, path).field for path in paths]
        return {field.target or field.entity for field in fields} | (
            {self.spec.entity} - ({"deal"} if paths else set())
        )

    def divides(self, measure: Measure) -> bool:
        """Whether a measure is told as a part of something."""
        metric = self.vocabulary.schema.metrics.get(measure.metric or "")
        rate = metric is not None and metric.is_ratio
        return rate or measure.share or measure.percent or measure.over is not None


def untraced(asked: Asked) -> str | None:
    """The words of a question that the query holds nothing of; None: there are none."""
    return next((lost for check in CHECKS if (lost := check(asked))), None)


def said(asked: Asked) -> str | None:
    """A stored value, a record, a kind of record or an own column: the query holds one of its readings."""
    ranked = any(tag.type in (T.SUP, T.STAND, T.NEG) for tag in asked.tags)
    for before, tag in pairwise((None, *asked.tags)):
        kinds = {sense.type for sense in tag.senses} if tag else set()
        if tag is None or not kinds <= _TRACED or any(_is_traced(sense, asked.traces) for sense in tag.senses):
            continue
        if _is_shown(asked, tag) or (
            before is not None and before.get(T.NEG) is not None and _is_put_right(asked, tag)
        ):
            continue
        fields = [asked.vocabulary.field(sense.value) for sense in tag.all(T.FIELD)]
        own = all(field.is_custom and field.is_numeric for field in fields)
        if own and not (ranked and tag.type is T.RECORD):  # of "is it Anna who sold the most" all are ranked
            return tag.text
    return None


def kept_by(asked: Asked) -> str | None:
    """As in "is anything still with Anna", 她名下还剩什么: what somebody has, and not who that is."""
    if asked.spec.entity != "user" or asked.traces.entities != {"user"} or asked.spec.measures:
        return None
    owned = (tag for tag in asked.tags if tag.type is T.OWNS and {str(s.value) for s in tag.all(T.OWNS)} <= _KEEPING)
    return next((tag.text for tag in owned), None)


def value(asked: Asked) -> str | None:
    """A stored value that is named whole is compared with, whatever else its words could mean."""
    for before, tag in pairwise((None, *asked.tags)):
        if tag is None or (before is not None and before.get(T.NEG) is not None and _is_put_right(asked, tag)):
            continue
        first = tag.senses[0]
        whole = first.type is T.VALUE and first.how == "exact" and tag.get(T.ENTITY) is not None
        lost = whole and not any(_is_traced(sense, asked.traces) for sense in tag.all(T.VALUE))
        if lost and not _is_shown(asked, tag):
            return tag.text
    return None


def counted(asked: Asked) -> str | None:
    """As in "how many accounts": these are what is counted."""
    target = asked.reading.target
    entity = entity_of(target.dotted) if target is not None and target.ask == "count" else ""
    known = entity in asked.vocabulary.schema.entities
    return _spoken(asked, entity) if known and not _alike(entity) & asked.traces.counted else None


def asked_for(asked: Asked) -> str | None:
    """The kind of record that is asked for stands in the query."""
    target = asked.reading.target
    if target is not None and ":" not in target.dotted:
        entity = entity_of(target.dotted.split(".")[0])
        if not _alike(entity) & asked.traces.entities:
            return _spoken(asked, entity)
    return None


def who(asked: Asked) -> str | None:
    """As in "who", 谁: people are listed, grouped by or shown; or companies, where those are spoken of."""
    tags = [tag for tag in asked.tags if tag.type not in SILENT]
    for at, tag in enumerate(tags[:-1]):
        relative = at and _nouns(tags[at - 1]) & {"account", *_PEOPLE}  # "customers who …"
        if relative or not any(sense.value == "who" for sense in tag.all(T.ASK)):
            continue
        most = next((k for k in range(at + 1, len(tags) - 1) if tags[k].type is T.SUP), at)
        does = any(tags[k].type in _DOING for k in range(at + 1, most)) and "account" in _nouns(tags[most + 1])
        target = asked.reading.target
        given = target is not None and entity_of(target.dotted) == "account"  # 给谁打了电话
        bought = any(other.text.lower().startswith(BUYING) for other in tags[at + 1 :])
        customers = given or bought or (any("account" in _nouns(other) for other in tags) and not does)
        if asked.spec.entity == "deal" and not (asked.spec.measures or asked.spec.columns):
            continue  # each is told with whose it is
        if not asked.shown & (_PEOPLE | ({"account"} if customers else set())) and not _own_group(asked):
            return tag.text
    return None


def anyone(asked: Asked) -> str | None:
    """As in "has anyone": people, or what people did."""
    said = (tag for tag in asked.tags if tag.type is T.ASK and tag.text.lower().endswith(("one", "body")))
    sup = asked.reading.sup
    told = bool(asked.shown & _PEOPLE) or (sup is not None and sup.noun == "deal")  # "the biggest that anyone won"
    return next((tag.text for tag in said if asked.spec.entity == "deal" and not told), None)


def superlative(asked: Asked) -> str | None:
    """As in "the most", "the oldest": something is ranked, and of an age by a date or a length of time."""
    spec = asked.spec
    ranked = spec.measures or spec.order_by or "answer" in str(spec.where)
    for tag in asked.tags:
        if tag.type is not T.SUP or tag.text.lower() in small("first_or_last"):
            continue
        aged = {sense.value for sense in tag.all(T.SUP)} <= {"old", "new"} and spec.order_by
        if not ranked or (aged and spec.order_by[0].by in {measure.name for measure in spec.measures}):
            return tag.text
    return None


def portion(asked: Asked) -> str | None:
    """As in "lost most often, as a percentage of closed deals": one figure is told as a part of another."""
    led = (tag.text for tag in asked.tags if tag.type is T.SHARE and tag.text.lower().startswith("as "))
    divided = asked.spec.compare_to or any(map(asked.divides, asked.spec.measures))
    return None if divided else next(led, None)


def numbers(asked: Asked) -> str | None:
    """As in 三四五这仨月: of Chinese numbers in a row that are joined by nothing, the query holds one."""
    held = {float(found) for found in _NUMBER.findall(asked.spec.model_dump_json(exclude_defaults=True))}
    for before, tag in pairwise(asked.tags):
        row = [each for each in (before, tag) if each.type is T.NUMBER and not each.text.isascii()]
        if len(row) == 2 and all(float(each.senses[0].value.value) not in held for each in row):
            return before.text + tag.text
    return None


def total(asked: Asked) -> str | None:
    """As in "what does that add up to": one figure."""
    if asked.total and asked.spec.group_by and not asked.spec.summary:
        return "total"
    return None


def _is_traced(sense: Sense, traces: Traces) -> bool:
    """Whether the query holds what this reading stands for."""
    if sense.type is T.VALUE:
        return str(sense.value[1]).lower() in traces.values
    if sense.type is T.RECORD:
        return bool({form for n in sense.value for form in (n.label.lower(), str(n.id))} & traces.values)
    if sense.type is T.ENTITY:
        return bool(_alike(entity_of(str(sense.value))) & traces.entities)
    return str(sense.value) in traces.fields


def _is_shown(asked: Asked, tag: Tag) -> bool:
    """As in "is Acme in Japan": the field of the value is what is told."""
    return any(sense.value[0] in asked.reading.columns for sense in tag.all(T.VALUE))


def _is_put_right(asked: Asked, tag: Tag) -> bool:
    """As in "not the East, the South": another value of its field is compared with."""
    return any(sense.value[0] in asked.traces.fields for sense in tag.all(T.VALUE))


def _alike(entity: str) -> set[str]:
    return {entity} | _LIKE.get(entity, set())


def _nouns(tag: Tag) -> set[str]:
    """The kinds of records that a word may name."""
    found = {entity_of(str(sense.value)) for sense in tag.all(T.ENTITY)}
    return found | {str(sense.value).split(".")[1] for sense in tag.all(T.FIELD)}


def _own_group(asked: Asked) -> bool:
    """Whether the rows are told by an own column: to whom something was lost."""
    paths = [*asked.spec.columns, *(group.field for group in asked.spec.group_by)]
    return any(asked.vocabulary.schema.path(asked.spec.entity, path).field.is_custom for path in paths)


def _spoken(asked: Asked, entity: str) -> str:
    """The word of a kind of record."""
    return next((tag.text for tag in asked.tags if entity in _nouns(tag)), entity)


def still_open(asked: Asked) -> str | None:
    """As in "the longest open deal": those that are open."""
    told = {"open"} & asked.traces.values or {"deal.stage", "stage.kind", "deal.closed_on"} & asked.traces.fields
    longest = (tag for tag in asked.tags if tag.type is T.SUP and tag.text.lower().endswith(" open"))
    return None if told or asked.spec.entity != "deal" else next((tag.text for tag in longest), None)


def to_whom(asked: Asked) -> str | None:
    """As in 丢给谁的最多: to whom it was lost, and not who lost it."""
    for before, tag in pairwise(asked.tags):
        given = before.get(T.STATE) is not None and before.text.endswith("给")
        if given and tag.text.startswith("谁") and not _own_group(asked):
            return before.text + tag.text
    return None


def ranked_by_money(asked: Asked) -> str | None:
    """As in 输给谁的钱最多, "what slice of the money": money, or a part of it, is no number of records."""
    counts = [_is_count(measure, asked.vocabulary) for measure in asked.spec.measures]
    ranked = any(tag.type in (T.SUP, T.SHARE) for tag in asked.tags)
    for tag in asked.tags if counts else ():
        if ranked and tag.type is T.MONEY_WORD and tag.get(T.FILLER) is None and all(counts):
            return tag.text
    return None


def _is_count(measure: Measure, vocabulary: Vocabulary) -> bool:
    """Whether it is a number of records, or a part of them."""
    if measure.metric:
        return vocabulary.schema.metrics[measure.metric].kind is not Kind.MONEY
    if measure.over is not None and measure.fn is None:
        return _is_count(measure.over, vocabulary)
    return measure.fn == "count"


def impossible(asked: Asked) -> str | None:
    """As in "how many orders did Acme take from us", read as won: what only lost deals have, of deals that were won."""
    if "won" not in asked.traces.values or "lost" in asked.traces.values:
        return None
    lost = (name for name in asked.traces.fields if name.startswith("deal.") and _is_of_losses(asked.vocabulary, name))
    return next((asked.vocabulary.field(name).label for name in lost), None)


def _is_of_losses(vocabulary: Vocabulary, dotted: str) -> bool:
    words = vocabulary.field(dotted).words
    return any(word.lower().startswith(tuple(small("of_losses"))) for word in words)


CHECKS: tuple[Callable[[Asked], str | None], ...] = (
    said,
    value,
    kept_by,
    counted,
    asked_for,
    who,
    anyone,
    superlative,
    portion,
    numbers,
    total,
    still_open,
    to_whom,
    ranked_by_money,
    impossible,
)
