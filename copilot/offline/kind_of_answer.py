"""The kind of answer that the words ask for: a day, money, a figure; and nouns that only the look of a query has lost.

Each check looks at the tags and at the query, whatever rules led from one to the other (see `traced`).
"""

import re
from collections.abc import Callable, Iterable
from itertools import pairwise

from copilot.offline.compose.composer import entity_of
from copilot.offline.compose.orders import are_offers
from copilot.offline.tags import SILENT, T, Tag
from copilot.offline.traced import Asked
from copilot.offline.vocabulary import Vocabulary
from copilot.offline.writing.words import small
from crm_core.models import Kind
from crm_core.query.spec import All, Condition, Measure

_NOUNS = frozenset({T.ENTITY, T.FIELD, T.METRIC, T.STATE})
_OF_ORDERS = frozenset({"order", "order_line"})
_DE = ("类", "型", "的")


def mismatched(asked: Asked) -> str | None:
    """The words that ask for another kind of answer than the query gives; None: there are none."""
    return next((lost for check in CHECKS if (lost := check(asked))), None)


def when(asked: Asked) -> str | None:
    """As in "what day do we deliver to Acme": a day, a month or a length of time, and no sum of anything."""
    spec, field = asked.spec, asked.vocabulary.schema.path
    if not spec.measures or spec.compare_to or any(group.bucket for group in spec.group_by):
        return None
    paths = [*spec.columns, *(group.field for group in spec.group_by)]
    if any(field(spec.entity, path).field.is_date for path in paths) or any(_of_time(asked, m) for m in spec.measures):
        return None
    first = next((tag for tag in asked.tags if tag.type not in SILENT | {T.FOLLOW, T.AND}), None)
    return first.text if first is not None and _asks(first, "when") else None  # not "… the price when we win one"


def _of_time(asked: Asked, measure: Measure) -> bool:
    """Whether it is a day or a number of days."""
    schema = asked.vocabulary.schema
    if measure.metric:
        return schema.metrics[measure.metric].unit == "days"
    if measure.field is None or measure.fn == "count":
        return False
    field = schema.path(asked.spec.entity, measure.field).field
    return field.is_date or field.unit == "days"


def _asks(tag: Tag, value: str) -> bool:
    return tag.type is T.ASK and any(sense.value == value for sense in tag.all(T.ASK))


def money(asked: Asked) -> str | None:
    """As in "what's due to land before Christmas, in pounds": money, and no number of records."""
    spec = asked.spec
    if not spec.measures or not all(m.fn == "count" and not m.over for m in spec.measures):
        return None
    if any(asked.vocabulary.field(dotted).kind is Kind.MONEY for dotted in asked.traces.fields):
        return None  # a sum is tested: "deals over 5,000 dollars"
    said = (tag for tag in asked.tags if tag.type is T.MONEY_WORD and tag.get(T.FILLER) is None)
    return next((tag.text for tag in said), None)


def figures(asked: Asked) -> str | None:
    """As in "the figures for the hotel": which figures, nobody told."""
    spec = asked.spec
    if spec.measures or spec.columns or spec.order_by:
        return None
    some = small("some_figures")
    return next((tag.text for tag in asked.tags if tag.text.lower() in some and tag.type is T.ASK), None)


def of_orders(asked: Asked) -> str | None:
    """As in "who brought in more order value": a column that only orders have is of orders."""
    if asked.spec.entity != "deal" or _OF_ORDERS & asked.traces.entities or are_offers(asked.vocabulary):
        return None
    for tag in asked.tags:
        kinds = {str(sense.value).split(".")[0] for sense in tag.all(T.FIELD)}
        if tag.type is T.FIELD and kinds and kinds <= _OF_ORDERS and len(tag.senses) == len(tag.all(T.FIELD)):
            return tag.text
    return None


def goods(asked: Asked) -> str | None:
    """As in "never bought a | service | contract": what stands before a noun tells which of them."""
    for tag, after in pairwise(asked.tags):
        named = {entity_of(str(sense.value)) for sense in tag.all(T.ENTITY)}
        noun = after.get(T.ENTITY) is not None and tag.type is not T.FILLER and tag.text.isascii()
        if noun and named == {"product"} and not named & asked.traces.entities:
            return tag.text
    return None


def over_and_open(asked: Asked) -> str | None:
    """As in "quoted this year", read as deals at a stage before their end that closed in it: there are none such."""
    if asked.spec.entity != "deal" or not isinstance(asked.spec.where, All):
        return None
    tests = [test for test in asked.spec.where.all if isinstance(test, Condition)]
    stages = asked.vocabulary.stages
    still = any(t.field == "stage" and t.op == "eq" and stages.get(str(t.value)) == "open" for t in tests)
    still |= any(t.field == "stage.kind" and t.op == "eq" and t.value == "open" for t in tests)
    if not still or not any(t.field == "closed_on" and t.op in ("ge", "le", "gt", "lt") for t in tests):
        return None
    return next((tag.text for tag in asked.tags if tag.type is T.DATE), None)


def part_of_value(asked: Asked) -> str | None:
    """As in 咨询|类|合同, where 咨询 is a courtesy elsewhere: part of a stored value that nothing is compared with."""
    tags = list(asked.tags)
    for at, tag in enumerate(tags):
        if tag.type is not T.FILLER or tag.text.isascii() or len(tag.text) < 2:
            continue
        rest = [other for other in tags[at + 1 : at + 3] if other.text not in _DE]
        lost = rest and rest[0].type in _NOUNS and not any(tag.text in value for value in asked.traces.values)
        if lost and any(value.startswith(tag.text) for value in _stored(asked.vocabulary)):
            return tag.text
    return None


def at_its_stage(asked: Asked) -> str | None:
    """As in 样机测试超过一个月: how long a deal stands where it is, told of a stage, is of those that are at it."""
    if "deal.days_in_stage" not in asked.traces.fields or {"deal.stage", "stage.kind"} & asked.traces.fields:
        return None
    stages = asked.vocabulary.stages
    return next((tag.text for tag in asked.tags if any(tag.text in name or name in tag.text for name in stages)), None)


def targets_counted(asked: Asked) -> str | None:
    """As in "which branch is behind target": nobody wants the number of targets."""
    counted = [m for m in asked.spec.measures if m.fn == "count" and not m.field]
    if asked.spec.entity != "quota" or not counted or any(_asks(tag, "how_many") for tag in asked.tags):
        return None
    named = (tag.text for tag in asked.tags if any(s.value == "quota" for s in tag.all(T.ENTITY)))
    return next(named, asked.tags[0].text)


def usual(asked: Asked) -> str | None:
    """As in "what do takeaways usually pay us": an average, or each time by itself, and not all of it together."""
    spec = asked.spec
    if not spec.measures or spec.group_by or any(m.fn in ("avg", "median", "min", "max") for m in spec.measures):
        return None
    metrics = asked.vocabulary.schema.metrics
    if any(
        m.metric and (metrics[m.metric].is_ratio or "average" in m.metric or "days" in m.metric) for m in spec.measures
    ):
        return None
    return next((tag.text for tag in asked.tags if tag.text.lower() in small("usually")), None)


def still_out(asked: Asked) -> str | None:
    """As in "the biggest quote I have out": one that nobody has answered yet."""
    tags = [tag for tag in asked.tags if tag.type is not T.PUNCT]
    last = tags[-1] if len(tags) > 1 else None
    had = last is not None and tags[-2].text.lower().split(" ")[-1] in (
        "have",
        "has",
        "got",
        "is",
        "are",
        "still",
        "had",
    )
    told = {"open"} & asked.traces.values or {"deal.stage", "order.status"} & asked.traces.fields
    return last.text if last is not None and had and last.text.lower() == "out" and not told else None


def each_of(asked: Asked) -> str | None:
    """As in 各区域, "per branch": a row for each of those that are named."""
    groups = [asked.vocabulary.schema.path(asked.spec.entity, group.field) for group in asked.spec.group_by]
    ends = {f"{path.field.entity}.{path.field.name}" for path in groups} | {path.field.target or "" for path in groups}
    for before, tag in pairwise(asked.tags):
        fields = {str(sense.value) for sense in tag.all(T.FIELD)}
        each = before.get(T.BY) is not None and before.text.lower() in small("each")
        if each and groups and tag.type is T.FIELD and not (fields & ends or _targets(asked.vocabulary, fields) & ends):
            return before.text + (" " if tag.text.isascii() else "") + tag.text
    return None


def _targets(vocabulary: Vocabulary, fields: Iterable[str]) -> set[str]:
    return {vocabulary.field(dotted).target or dotted for dotted in fields}


def any_weekday(asked: Asked) -> str | None:
    """As in "which deliveries go out on a Thursday": of any of them, and not of the next one."""
    for before, tag in pairwise(asked.tags):
        day = tag.get(T.DATE)
        if tag.type is T.DATE and day is not None and day.value.is_weekday:
            said = f"{before.text} {tag.text}".lower()
            if re.search(r"\b(?:a|any|every|each) \w+day\b|\w+days\b|每", said):
                return tag.text
    return None


def price(asked: Asked) -> str | None:
    """As in 报的什么价, "what price did they quote": no sum of what was won."""
    sums = [m for m in asked.spec.measures if m.metric in ("bookings", "order_revenue") or m.fn == "sum"]
    said = (tag for tag in asked.tags if tag.type is T.ASK and ("价" in tag.text or "price" in tag.text.lower()))
    return next((tag.text for tag in said), None) if sums and len(sums) == len(asked.spec.measures) else None


def whose_owner(asked: Asked) -> str | None:
    """As in "what's the owner's name there", where the company notes who the place belongs to."""
    own = (field for field in asked.vocabulary.schema.entities["account"].fields.values() if field.is_custom)
    told = any(word.lower() in small("proprietor") for field in own for word in field.words)
    if not told or "owner" not in asked.spec.columns:
        return None
    return next((tag.text for tag in asked.tags if tag.text.lower() in ("owner", "owners", "owner's", "老板")), None)


def also_who(asked: Asked) -> str | None:
    """As in 官网来的客户有几家，都是谁在跟: who they are with is asked as well, and a number does not tell it."""
    tags, spec = asked.tags, asked.spec
    counted = next((at for at, tag in enumerate(tags) if _asks(tag, "how_many")), len(tags))
    if not spec.measures or spec.group_by or "user" in asked.shown:
        return None
    parted = next((at for at in range(counted, len(tags)) if tags[at].type is T.PUNCT), len(tags))
    return next((tag.text for tag in tags[parted:] if _asks(tag, "who")), None)


def standing(asked: Asked) -> str | None:
    """As in 在|用|客户: in front of a noun the two tell which of them, and not where."""
    tags = list(asked.tags)
    for at, tag in enumerate(tags[:-2]):
        verb, noun = tags[at + 1 : at + 3]
        quiet = verb.type is T.FILLER and len(verb.text) == 1 and verb.text not in "的了"
        if tag.text == "在" and tag.type in SILENT and quiet and noun.type in _NOUNS:
            return tag.text + verb.text
    return None


def _stored(vocabulary: Vocabulary) -> Iterable[str]:
    """What the store holds as values of its columns."""
    said = (sense for _, senses in vocabulary.phrases.of(T.VALUE) for sense in senses if sense.type is T.VALUE)
    return (str(sense.value[1]).lower() for sense in said)


CHECKS: tuple[Callable[[Asked], str | None], ...] = (
    when,
    money,
    figures,
    of_orders,
    goods,
    over_and_open,
    at_its_stage,
    targets_counted,
    usual,
    still_out,
    each_of,
    any_weekday,
    price,
    whose_owner,
    also_who,
    part_of_value,
    standing,
)
