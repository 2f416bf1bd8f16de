"""What a question was understood as, in plain words for a seller: every condition, date, grouping and default."""

from collections.abc import Iterator, Mapping
from datetime import date

from crm_core.models import Kind
from crm_core.query import defaults
from crm_core.query.rules import DaysBetween
from crm_core.query.spec import Condition, Having, Measure, Order, Period, QuerySpec, Side
from crm_core.query.words.filters import Speaker, number, span, tell_answer, tell_filter, tell_measure
from crm_core.query.words.phrases import COMPARED, tell_day
from crm_core.schema import NUMERIC, Path, Schema

__all__ = ["spec_in_words"]

_COUNT = Measure(fn="count")


def spec_in_words(
    spec: QuerySpec, schema: Schema, *, today: date, lang: str = "en", labels: Mapping[str, str] | None = None
) -> str:
    """The question, as it was understood.

    Args:
        spec: a question that compiles.
        schema: the registry that it was compiled against.
        today: told where the answer depends on the day.
        lang: "en" or "zh".
        labels: what to call things instead of their English labels: "deal" (in the plural), "deal.amount",
            "account.deals" (children), "metric.bookings", "formula.bookings".
    """
    speaker = Speaker(schema, lang, labels or {}, lambda asked: tell(asked))

    def tell(asked: QuerySpec) -> str:
        return speaker.say.comma.join(_parts(speaker, asked, today))

    return tell(spec)


def _parts(speaker: Speaker, spec: QuerySpec, today: date) -> Iterator[str]:
    parts = speaker.say.parts
    yield _subject(speaker, spec)
    if spec.where is not None:
        yield parts["where"].format(x=tell_filter(speaker, spec.entity, spec.where))
    if spec.compare_to is not None:
        ends = (spec.compare_to.base, spec.compare_to.against)
        yield parts["compare"].format(*(_side(speaker, spec.entity, end) for end in ends))
    if spec.group_by:
        yield parts["per"].format(speaker.say.along.join(_groups(speaker, spec)))
    for test in spec.having:
        yield parts["having"].format(_having(speaker, spec, test))
    if spec.top_per is not None:
        yield parts["top_per"].format(n=spec.top_per.limit, f=speaker.dotted(spec.entity, spec.top_per.field))
    yield from _orders(speaker, spec)
    yield from _cut(speaker, spec)
    if spec.summary is not None:
        yield speaker.say.folds[spec.summary]
    if any(_depends_on_day(path) for path in _paths(speaker, spec)):
        yield parts["today"].format(tell_day(today, speaker.lang))


def _having(speaker: Speaker, spec: QuerySpec, test: Having) -> str:
    if test.measure in (group.field for group in spec.group_by):
        path = speaker.schema.path(spec.entity, test.measure)
        return speaker.say.tests["eq"].format(f=speaker.path(path), v=speaker.values(path.field, [test.value or ""]))
    name = _measure_name(speaker, spec, test.measure)
    if test.answer is not None:
        return tell_answer(speaker, name, test.op, test.answer)
    if test.other is not None:
        compared, other = COMPARED[speaker.lang][test.op], _measure_name(speaker, spec, test.other)
        return speaker.say.parts["other"].format(f=name, o=compared, g=other)
    return speaker.say.tests[test.op].format(f=name, v=number(float(test.value or 0)))


def _subject(speaker: Speaker, spec: QuerySpec) -> str:
    records, parts = speaker.records(spec.entity), speaker.say.parts
    if spec.measures or (spec.group_by and not spec.distinct):
        wanted = spec.measures or [_COUNT]
        return speaker.say.along.join(tell_measure(speaker, spec.entity, measure) for measure in wanted)
    shown = speaker.say.enumerate.join(speaker.dotted(spec.entity, name) for name in spec.columns)
    if spec.distinct and shown:
        return parts["distinct"].format(c=shown, e=records)
    told = parts["list"].format(e=records)
    return f"{told}{speaker.say.comma}{parts['columns'].format(c=shown)}" if shown else told


def _groups(speaker: Speaker, spec: QuerySpec) -> Iterator[str]:
    for group in spec.group_by:
        name = speaker.dotted(spec.entity, group.field)
        if group.bucket is not None:
            name = speaker.say.parts["bucket"].format(b=speaker.say.buckets[group.bucket], f=name)
        if group.cuts:
            name = speaker.say.parts["bands"].format(f=name, c=speaker.say.enumerate.join(map(number, group.cuts)))
        if group.sides:
            told = [_named_side(speaker, spec.entity, side) for side in group.sides]
            name = speaker.say.parts["sides"].format(f=name, c=speaker.say.enumerate.join(told))
        yield name


def _named_side(speaker: Speaker, entity: str, side: Side) -> str:
    return f"{side.name or '…'}{speaker.say.paren.format(tell_filter(speaker, entity, side.where))}"


def _side(speaker: Speaker, entity: str, side: Period | Side) -> str:
    return _period(speaker, entity, side) if isinstance(side, Period) else tell_filter(speaker, entity, side.where)


def _period(speaker: Speaker, entity: str, period: Period) -> str:
    name, dates = speaker.dotted(entity, period.field), speaker.say.dates
    if period.since and period.until:
        return dates["between"].format(f=name, v=span(speaker, period.since, period.until))
    condition = Condition(
        field=period.field,
        op="ge" if period.since else "le" if period.until else "not_empty",
        value=period.since or period.until,
    )
    return tell_filter(speaker, entity, condition)


def _measure_name(speaker: Speaker, spec: QuerySpec, name: str) -> str:
    bare, _, part = name.partition("@")
    if part in ("difference", "change"):
        return speaker.say.parts[part].format(f=_measure_name(speaker, spec, bare))
    wanted = spec.measures or [_COUNT]
    for measure in wanted:
        if measure.fn and measure.name in (measure.fn, f"{measure.fn}_{measure.field}"):
            continue  # a name made from the function: its words say more
        if bare in (measure.name, measure.metric):
            metric = speaker.schema.metrics.get(measure.metric or "")
            if measure.metric and measure.name and bare == measure.name != measure.metric and measure.where:
                return measure.name.replace("_", " ")  # one of several of the same metric
            if measure.fn and speaker.lang != "en":  # the name is an English one
                return tell_measure(speaker, spec.entity, measure)
            label = metric.words[0] if metric else (measure.name or "").replace("_", " ")
            return speaker.labels.get(f"metric.{measure.metric}", label)
    plain = [measure for measure in wanted if measure.fn and bare.startswith(measure.fn)]
    return tell_measure(speaker, spec.entity, plain[0]) if plain else bare.replace("_", " ")


def _orders(speaker: Speaker, spec: QuerySpec) -> Iterator[str]:
    if spec.order_by:
        yield from (_order(speaker, spec, order) for order in spec.order_by)
    elif not spec.measures and not spec.group_by:
        usual = [Order(by=name) for name in spec.columns] if spec.distinct and spec.columns else None
        usual = usual or defaults.order(speaker.schema.entity(spec.entity))
        yield from (_order(speaker, spec, order) for order in usual)
    elif spec.group_by and not _is_in_order(speaker, spec):
        first = spec.measures[0] if spec.measures else _COUNT
        name = _measure_name(speaker, spec, first.name or first.metric or first.fn or "")
        yield speaker.say.parts["highest"].format(f=name)


def _is_in_order(speaker: Speaker, spec: QuerySpec) -> bool:
    """Whether the groups stand in their own order, which goes without saying: months, stages."""
    for group in spec.group_by if spec.top_per is None else []:
        field = speaker.schema.path(spec.entity, group.field).field
        target = speaker.schema.entities.get(field.target or "")
        if group.bucket or group.sides or field.kind is Kind.YEAR or (target and "position" in target.fields):
            return True
    return False


def _order(speaker: Speaker, spec: QuerySpec, order: Order) -> str:
    parts = speaker.say.parts
    grouped = [group.field for group in spec.group_by]
    if (spec.measures or spec.group_by) and order.by not in grouped:
        name = _measure_name(speaker, spec, order.by)
        return parts["highest" if order.descending else "lowest"].format(f=name)
    path = speaker.schema.path(spec.entity, order.by)
    name = speaker.path(path)
    if path.field.is_date:
        return parts["latest" if order.descending else "earliest"].format(f=name)
    if path.field.kind in NUMERIC:
        return parts["highest" if order.descending else "lowest"].format(f=name)
    return parts["descending" if order.descending else "ascending"].format(f=name)


def _cut(speaker: Speaker, spec: QuerySpec) -> Iterator[str]:
    parts = speaker.say.parts
    if spec.offset:
        yield parts["skip"].format(n=spec.offset)
    if spec.limit_pct is not None:
        yield parts["top"].format(n=f"{number(spec.limit_pct)}%")
    if spec.limit is not None:
        ranks = bool(spec.measures or spec.order_by)
        told = parts["top" if ranks else "first"].format(n=spec.limit)
        yield told + parts["ties"] if spec.with_ties else told


def _paths(speaker: Speaker, spec: QuerySpec) -> Iterator[Path]:
    """The fields named at the top of the question, and in its plain conditions."""
    names = [*spec.columns, *(group.field for group in spec.group_by)]
    names += [measure.field for measure in spec.measures if measure.field]
    names += [order.by for order in spec.order_by if not spec.measures and not spec.group_by]
    todo = [spec.where]
    while todo:
        part = todo.pop()
        if isinstance(part, Condition):
            names.append(part.field)
        else:
            for key in ("all", "any"):
                todo += getattr(part, key, [])
            todo += [part.none] if part is not None and hasattr(part, "none") else []
    return (speaker.schema.path(spec.entity, name) for name in names)


def _depends_on_day(path: Path) -> bool:
    rule = path.field.derived.rule if path.field.derived else None
    return isinstance(rule, DaysBetween) and (rule.end is None or rule.or_today)
