"""Shapes of how one stands among others: who is above the average or ahead of somebody, and the place in a ranking."""

from copilot.offline.compose.composer import entity_of
from copilot.offline.compose.reading import Against, FieldTest, MeasureNode, RecordTest, Side
from copilot.offline.filters import both
from copilot.offline.shapes.asked import PARTIES
from copilot.offline.shapes.builder import Builder
from copilot.offline.shapes.ranked import ranks_down
from copilot.offline.shapes.totals import where_of, with_people
from copilot.offline.shapes.unclear import Unclear
from crm_core.models import Role
from crm_core.query.metrics import WON
from crm_core.query.spec import Condition, Filter, Group, Having, Measure, Order, QuerySpec

_MEASURES = ("bookings", "deals_won", "win_rate")


def asks_for_records(b: Builder) -> bool:
    """Whether single records are held against each other: by a field of theirs, or as deals by their amount."""
    against, target = b.reading.against, b.reading.target
    return against is not None and (against.by is not None or (target is not None and not b.asks_for_groups()))


def ahead(b: Builder) -> QuerySpec:
    """The groups above the average of all, or ahead of one of them; or how many they are."""
    against, noun = b.reading.against, b.group_target()
    if against is None or noun is None:
        raise Unclear("what should be compared with what?", ())
    _needs_measure(b)
    base = b.measured()
    group, (measure, *_) = b.group(noun, base), b.measures()
    where = both(f for f in (b.where(base), b.named_group(group)) if f is not None)
    nearest = against.sign.startswith("next_")
    sign = against.sign.removeprefix("next_")
    answer = _of_the_other(b, base, against, group, where, measure)
    counted = _counts(b)
    up = sign in ("gt", "ge")
    return QuerySpec(
        entity=base,
        where=where,
        group_by=[group],
        measures=[measure],
        having=[Having(measure=str(measure.name), op=sign, answer=answer)],
        order_by=[] if counted else [Order(by=str(measure.name), descending=up != nearest)],
        limit=1 if nearest else None,
        with_ties=nearest,
        summary="count" if counted else None,
    )


def _counts(b: Builder) -> bool:
    """Whether their number is asked for, and not who they are."""
    asks, target = b.reading.asks, b.reading.target
    return (target is not None and target.ask == "count") or (
        "count" in asks and not {"which", "who", "list"} & set(asks)
    )


def _of_the_other(
    b: Builder, base: str, against: Against, group: Group, where: Filter | None, measure: Measure
) -> QuerySpec:
    """What each group is held against, as a question with one number."""
    if against.than is not None:
        theirs = both(f for f in (b.where(base), where_of(b, against.than)) if f is not None)
        return QuerySpec(entity=base, where=theirs, measures=[measure])
    metric = b.vocabulary.schema.metrics.get(measure.metric or "")
    rate = metric is not None and not metric.additive
    if rate and against.average == "avg":  # the average win rate is that of all deals
        return QuerySpec(entity=base, where=where, measures=[measure])
    return QuerySpec(
        entity=base,
        where=where,
        group_by=[group],
        measures=[measure],
        summary=against.average,
    )


def _needs_measure(b: Builder) -> None:
    """Without one it is the number of deals that is meant, where deals are spoken of; else it is asked for."""
    if b.reading.measures:
        return
    if not b.reading.states and b.fact() not in b.reading.facts:
        raise Unclear("by which measure?", _MEASURES)
    b.reading.measures.append(MeasureNode(fn="count", dotted=b.fact()))


def beyond(b: Builder) -> QuerySpec:
    """The records whose own field is above the average of all, or above that of one of them."""
    against, target = b.reading.against, b.reading.target
    assert against is not None
    by = against.by or _amount(b)
    base = by.split(".")[0]
    if against.sign not in ("gt", "ge", "lt", "le") or (target and entity_of(target.dotted.split(".")[0]) != base):
        raise Unclear("what should be compared with what?", ())
    name = by.split(".")[1]
    where = with_people(b, base)
    staged = bool(b.reading.states)
    realised = WON if by in ("deal.amount", "deal.duration_days") and not staged else None
    fn = "max" if against.than else against.average
    of = both(f for f in (where, where_of_record(b, base, against.than)) if f is not None)
    answer = QuerySpec(
        entity=base,
        where=of,
        measures=[Measure(fn=fn, field=name, where=realised)],
    )
    test = Condition(field=name, op=against.sign, answer=answer)
    parts = both(f for f in (where, realised, test) if f is not None)
    if _counts(b):
        return QuerySpec(entity=base, where=parts, measures=[Measure(fn="count", name="count")])
    title = b.vocabulary.schema.entities[base].title[0]
    return QuerySpec(
        entity=base, where=parts, columns=[title, name], order_by=[Order(by=name, descending=against.sign[0] == "g")]
    )


def where_of_record(b: Builder, base: str, than: Side | None) -> Filter | None:
    """The one record whose field is compared."""
    if than is None:
        return None
    if [r.entity for r in than.records] != [base]:
        raise Unclear("what should be compared with what?", ())
    return b.where_builder(base).add_side(than).filter()


def _amount(b: Builder) -> str:
    """The amount of the facts that are asked for."""
    entity = b.target_entity or b.fact()
    field = b.vocabulary.schema.entities[entity].by_role(Role.AMOUNT)
    plain = not b.reading.measures or [m.metric for m in b.reading.measures] == ["average_deal_size"]
    if field is None or not plain:
        raise Unclear("by which measure?", ())
    return f"{entity}.{field.name}"


def place(b: Builder) -> QuerySpec:
    """What the named one measures, and its place among all of its kind."""
    subject, noun, label = _named(b)
    rest = b.reading.copy()
    rest.records = [r for r in rest.records if r is not subject]
    rest.fields = [t for t in rest.fields if t is not subject]
    rest.mine = None if subject is None and rest.mine == "me" else rest.mine
    rest.me = False
    others = Builder(rest, b.vocabulary, b.actor)
    _needs_measure(others)
    base = others.measured()
    group, (measure, *_) = others.group(noun, base), others.measures()
    rank = measure.model_copy(update={"rank": "highest" if ranks_down(others) else "lowest", "name": "rank"})
    return QuerySpec(
        entity=base,
        where=both(f for f in (others.where(base), others.named_group(group)) if f is not None),
        group_by=[group],
        measures=[measure, rank],
        having=[Having(measure=group.field, op="eq", value=label)],
    )


def _named(b: Builder) -> tuple[RecordTest | FieldTest | None, str, str]:
    """The one whose place is asked for, what it is a case of, and its name; the asker where nobody is named."""
    noun = b.group_target()
    kinds = {noun, entity_of(noun) if noun else None}
    records = [r for r in b.reading.records if not r.negated and not r.below and len(r.names) == 1]
    found: list[tuple[RecordTest | FieldTest | None, str, str]] = [
        (r, r.reference or r.entity, r.names[0].label) for r in records if r.entity in PARTIES
    ]
    found += [
        (t, t.dotted, str(t.values[0])) for t in b.reading.fields
        if t.op == "in" and len(t.values) == 1 and not t.negated
    ]  # fmt: skip
    if (b.reading.mine == "me" and b.actor.name) or (b.reading.me and b.actor.id):
        found.append((None, "user", b.actor.name))
    alike = [one for one in found if one[1] in kinds]
    people = [one for one in found if not isinstance(one[0], FieldTest)]  # "where does Anna rank in the East"
    chosen = alike if noun else people or found
    if len(chosen) != 1:
        raise Unclear("what should be compared with what?", ())
    return chosen[0]
