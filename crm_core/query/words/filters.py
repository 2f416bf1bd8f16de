"""Filters in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from crm_core.models import Kind
from crm_core.query.spec import All, Any, Children, Condition, Filter, Measure, Not, QuerySpec
from crm_core.query.words.phrases import COMPARED, PHRASES, Phrases, tell_day, tell_span
from crm_core.schema import Field, Path, Schema, pluralize

Value = str | int | float | bool


@dataclass(frozen=True)
class Speaker:
    """Names of things in one language. `tell` says a question within a question."""

    schema: Schema
    lang: str
    labels: Mapping[str, str]
    tell: Callable[[QuerySpec], str] = lambda _: "…"

    @property
    def say(self) -> Phrases:
        """The language's phrases."""
        return PHRASES[self.lang]

    def records(self, entity: str) -> str:
        """What several records of an entity are called."""
        word = self.labels.get(entity)
        return word if word else pluralize(self.schema.entity(entity).words[0])

    def path(self, path: Path) -> str:
        """What a field is called: "owner's region"."""
        name = self.field(path.field)
        for step in reversed(path.steps):
            name = self.say.of.format(self.field(step), name)
        return name

    def field(self, field: Field) -> str:
        """What a field is called by itself."""
        return self.labels.get(f"{field.entity}.{field.name}", field.label)

    def dotted(self, entity: str, name: str) -> str:
        """What a dotted field is called."""
        return self.path(self.schema.path(entity, name))

    def values(self, field: Field, values: Sequence[Value]) -> str:
        """Values, as an enumeration."""
        return self.say.enumerate.join(self.value(field, each) for each in values)

    def value(self, field: Field, value: Value) -> str:
        """One value: dates in words, numbers with thousands, names in quotes where they are free text."""
        if field.is_date and isinstance(value, str):
            return _day_or(value, self.lang)
        if isinstance(value, bool):
            return str(value).lower()
        if field.target and isinstance(value, int):
            return self.say.parts["record"].format(value)
        if not isinstance(value, str):
            return number(value)
        named = self.labels.get(f"{field.entity}.{field.name}={value}")
        return named or (value if field.kind is Kind.CHOICE else self.say.quote.format(value))


def number(value: float) -> str:
    """A number with thousands: 1,250.5."""
    return f"{int(value):,}" if value == int(value) else f"{value:,}"


def tell_filter(speaker: Speaker, entity: str, where: Filter) -> str:
    """A filter as a clause."""
    if isinstance(where, Condition):
        return _condition(speaker, entity, where)
    if isinstance(where, Children):
        return _children(speaker, entity, where)
    if isinstance(where, Not):
        return speaker.say.parts["not"].format(tell_filter(speaker, entity, where.none))
    if isinstance(where, All):
        return speaker.say.both.join(_nested(speaker, entity, part) for part in _spans(where.all))
    return speaker.say.either.join(_nested(speaker, entity, part) for part in where.any)


def _nested(speaker: Speaker, entity: str, part: Filter) -> str:
    told = tell_filter(speaker, entity, part)
    many = isinstance(part, All | Any) and len(part.all if isinstance(part, All) else part.any) > 1
    return f"({told})" if many and speaker.lang == "en" else f"（{told}）" if many else told


def _spans(parts: Sequence[Filter]) -> list[Filter]:
    """`from` and `until` of the same field as one `between`."""
    kept: list[Filter] = []
    for part in parts:
        start = next((at for at, one in enumerate(kept) if _closes(one, part)), None)
        if start is None:
            kept.append(part)
            continue
        opened = kept[start]
        assert isinstance(opened, Condition)
        assert isinstance(part, Condition)
        first, last = (opened, part) if opened.op == "ge" else (part, opened)
        ends = [*_as_list(first.value), *_as_list(last.value)]
        kept[start] = Condition(field=part.field, op="between", value=ends)
    return kept


def _closes(one: Filter, other: Filter) -> bool:
    if not isinstance(one, Condition) or not isinstance(other, Condition) or one.field != other.field:
        return False
    if one.other or other.other or one.answer or other.answer:
        return False
    return {one.op, other.op} == {"ge", "le"}


def _condition(speaker: Speaker, entity: str, condition: Condition) -> str:
    path = speaker.schema.path(entity, condition.field)
    name, field, op = speaker.path(path), path.field, condition.op
    if condition.other is not None:
        compared = COMPARED[speaker.lang].get(op, op)
        return speaker.say.parts["other"].format(f=name, o=compared, g=speaker.dotted(entity, condition.other))
    if condition.answer is not None:
        return tell_answer(speaker, name, op, condition.answer)
    values = _as_list(condition.value)
    if op in ("in", "not_in") and len(values) == 1:
        op = "eq" if op == "in" else "ne"
    if field.is_date and op in speaker.say.dates:
        return speaker.say.dates[op].format(f=name, v=_date_value(speaker, field, op, values))
    shown = speaker.values(field, values if op in ("in", "not_in") else values[:1])
    last = speaker.value(field, values[1]) if op == "between" and len(values) > 1 else ""
    return speaker.say.tests[op].format(f=name, v=shown, w=last)


def tell_answer(speaker: Speaker, name: str, op: str, asked: QuerySpec) -> str:
    """A comparison with what another question gives."""
    compared = COMPARED[speaker.lang].get(op, op)
    return speaker.say.parts["answer"].format(f=name, o=compared, q=speaker.tell(asked))


def _as_list(value: Value | list[Value] | None) -> list[Value]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _date_value(speaker: Speaker, field: Field, op: str, values: Sequence[Value]) -> str:
    if op == "between" and len(values) == 2:
        return span(speaker, str(values[0]), str(values[1]))
    return speaker.values(field, values)


def span(speaker: Speaker, since: str, until: str) -> str:
    """A span of days in words."""
    try:
        return tell_span(date.fromisoformat(since[:10]), date.fromisoformat(until[:10]), speaker.lang)
    except ValueError:
        return f"{since} – {until}"


def _day_or(value: str, lang: str) -> str:
    try:
        return tell_day(date.fromisoformat(value[:10]), lang) + value[10:].replace("T", " ")
    except ValueError:
        return value


def _children(speaker: Speaker, entity: str, test: Children) -> str:
    child = speaker.schema.child(entity, test.children)
    key = f"{entity}.{test.children}"
    name = speaker.labels.get(key) or (
        test.children.replace("_", " ") if speaker.lang == "en" else speaker.records(child.entity)
    )
    inner = "" if test.where is None else tell_filter(speaker, child.entity, test.where)
    if inner and test.measure is None:
        name = speaker.say.parts["children_where"].format(c=name, x=inner)
    if test.measure is not None:
        measured = tell_measure(speaker, child.entity, test.measure)
        measured = measured + speaker.say.paren.format(inner) if inner else measured
        return speaker.say.tests[test.op].format(f=measured, v=number(test.value))
    if (test.op, test.value) in (("ge", 1), ("gt", 0), ("ne", 0)):
        return speaker.say.counts["some"].format(c=name)
    if (test.op, test.value) in (("eq", 0), ("lt", 1), ("le", 0)):
        return speaker.say.counts["none"].format(c=name)
    return speaker.say.counts[test.op].format(n=number(test.value), c=name)


def tell_measure(speaker: Speaker, entity: str, measure: Measure) -> str:
    """A measure with its own filter, formula and denominator."""
    parts = speaker.say.parts
    told = _plain_measure(speaker, entity, measure)
    if measure.weight is not None:
        told = parts["weighted"].format(m=told, f=speaker.dotted(entity, measure.weight))
    if measure.where is not None:
        told = parts["measured_where"].format(m=told, x=tell_filter(speaker, entity, measure.where))
    if measure.over is not None:
        told = parts["over"].format(m=told, d=tell_measure(speaker, entity, measure.over))
    if measure.within:
        told = parts["within"].format(m=told, f=speaker.dotted(entity, measure.within))
    if measure.share:
        told = parts["share"].format(m=told)
    if measure.rank:
        told = parts["rank" if measure.rank == "highest" else "rank_low"].format(m=told)
    if measure.growth:
        told = parts["growth"].format(m=told)
    return parts["running"].format(m=told) if measure.running else told


def _plain_measure(speaker: Speaker, entity: str, measure: Measure) -> str:
    if measure.metric is not None:
        metric = speaker.schema.metric(measure.metric)
        name = speaker.labels.get(f"metric.{metric.name}", metric.words[0])
        formula = speaker.labels.get(f"formula.{metric.name}", metric.formula if speaker.lang == "en" else "")
        return name + speaker.say.paren.format(formula) if formula else name
    records = speaker.records(entity)
    if measure.field is None:
        return speaker.say.functions["count"].format(e=records)
    path = speaker.schema.path(entity, measure.field)
    special = {"min": "first", "max": "last"} if path.field.is_date else {}
    key = str({"count": "distinct", **special}.get(measure.fn or "count", measure.fn))
    name = speaker.path(path)
    name = pluralize(name) if key == "distinct" and speaker.lang == "en" else name
    return speaker.say.functions[key].format(f=name, e=records)
