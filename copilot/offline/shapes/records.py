"""Shapes that answer with records or their fields."""

from copilot.offline.compose.composer import entity_of
from copilot.offline.compose.reading import Clause, SupNode
from copilot.offline.filters import both
from copilot.offline.lines import PRODUCT
from copilot.offline.routes import find_route
from copilot.offline.shapes.builder import COUNT, Builder
from copilot.offline.shapes.totals import with_people
from copilot.offline.shapes.unclear import Unclear
from copilot.offline.where import Unreachable
from crm_core.models import Kind, Role
from crm_core.query import defaults
from crm_core.query.spec import Children, Condition, Filter, Group, Measure, Order, QuerySpec, TopPer


def list_records(b: Builder) -> QuerySpec:
    target = b.reading.target
    if target and "." in target.dotted:
        base = (
            b.fact()
            if (b.reading.states or b.reading.periods or b.reading.records)
            else entity_of(target.dotted.split(".")[0])
        )
        group = (
            b.group(target.dotted, base)
            if base != target.dotted.split(".")[0]
            else Group(field=target.dotted.split(".")[1])
        )
        where = both(f for f in (b.where(base), b.named_group(group)) if f is not None)
        return QuerySpec(entity=base, where=where, columns=[group.field], distinct=True)
    base = b.target_entity or b.fact()
    order = _record_order(b, base, b.reading.sup) if b.reading.sup else _told_order(b, base)
    limit = b.limit() if b.reading.sup else None
    ranked = [Condition(field=o.by, op="not_empty") for o in order if b.reading.sup]  # who is only sorted stays in
    return QuerySpec(
        entity=base,
        where=both(f for f in (with_people(b, base), *ranked) if f),
        columns=_with_order(b, base, order),
        order_by=order,
        limit=limit,
        with_ties=limit == 1,
        offset=b.reading.sup.nth - 1 if b.reading.sup and b.reading.sup.nth else 0,
    )


def top_per(b: Builder) -> QuerySpec:
    """The first records of each group: "the three largest deals of each rep"."""
    spec = list_records(b)
    node = b.reading.groups[0]
    group = b.group(node.dotted or f"bucket:{node.bucket}", spec.entity)
    if group.bucket is not None or not spec.order_by:
        raise Unclear("by which measure?", ())
    columns = spec.columns or defaults.columns(b.vocabulary.schema.entities[spec.entity])
    return spec.model_copy(
        update={
            "limit": None,
            "with_ties": False,
            "top_per": TopPer(field=group.field, limit=b.limit() or 1),
            "columns": list(dict.fromkeys([group.field, *columns])),
            "where": both(f for f in (spec.where, b.named_group(group)) if f is not None),
        }
    )


def _with_order(b: Builder, base: str, order: list[Order]) -> list[str]:
    """The columns asked for; where none are, the usual ones and what the records are ranked by."""
    party = _party_column(b, base) if order and not b.reading.columns else []
    if party:
        return list(dict.fromkeys([*party, *(one.by for one in order)]))
    wanted = _columns(b, base)
    usual = defaults.columns(b.vocabulary.schema.entities[base])
    missing = [one.by for one in order if one.by not in usual]
    if wanted:  # of the largest, how large it is told as well
        return list(dict.fromkeys([*wanted, *(one.by for one in order if _is_size(b, base, one.by))]))
    return [*usual, *missing] if missing else []


def _is_size(b: Builder, base: str, path: str) -> bool:
    return b.vocabulary.schema.path(base, path).field.kind in (Kind.MONEY, Kind.INTEGER, Kind.DECIMAL)


def _party_column(b: Builder, base: str) -> list[str]:
    """As in "which rep has the oldest open deal": the rep, beside the deal."""
    target, sup = b.reading.target, b.reading.sup
    if target is None or sup is None or target.dotted == base or not b.asks_for_groups():
        return []
    title = b.vocabulary.schema.entities[base].title[0]
    return [title, b.group(target.dotted, base).field]


def _columns(b: Builder, base: str) -> list[str]:
    """What was asked for beside the record itself; none: the usual ones."""
    wanted = []
    for dotted in b.reading.columns:
        entity, name = dotted.split(".")
        route = find_route(b.vocabulary, base, entity)
        if route is None or route.child:
            raise Unreachable(dotted)
        wanted.append(route.dotted(name))
    if not wanted:
        return []
    title = b.vocabulary.schema.entities[base].title[0]
    return list(dict.fromkeys([title, *wanted]))


_SORTS = {"new_first": "new", "old_first": "old", "high_first": "max_size", "low_first": "min_size"}


def _told_order(b: Builder, base: str) -> list[Order]:
    """As in "newest first": all of them, in this order."""
    told = b.reading.order
    days = [d for d in b.reading.columns if d.startswith(f"{base}.") and b.vocabulary.field(d).is_date]
    if "rank" in b.reading.asks and days:
        return [Order(by=days[0].split(".")[1], descending=told in ("new_first", "high_first"))]
    if told is None and "rank" in b.reading.asks and any(b.vocabulary.field(d).is_numeric for d in b.reading.columns):
        told = "high_first"  # "sorted by amount"
    return _record_order(b, base, SupNode(_SORTS[told])) if told in _SORTS else []


def _record_order(b: Builder, base: str, sup: SupNode) -> list[Order]:
    entity = b.vocabulary.schema.entities[base]
    if sup.by:
        route = find_route(b.vocabulary, base, sup.by.split(".")[0])
        if route is None or route.child:
            raise Unreachable(sup.by)
        return [Order(by=route.dotted(sup.by.split(".")[1]), descending=sup.descending is not _is_age(b, sup.by))]
    numeric = next((m.dotted for m in b.reading.measures if m.dotted and m.dotted.startswith(f"{base}.")), None)
    columns = [d for d in b.reading.columns if d.startswith(f"{base}.") and b.vocabulary.field(d).is_numeric]
    if sup.sort in ("old", "new"):
        columns = [d for d in columns if b.vocabulary.field(d).kind is not Kind.MONEY]  # "the last win and how much"
    if numeric or columns:
        by = numeric or columns[0]
        return [Order(by=by.split(".")[1], descending=sup.descending is not _is_age(b, by))]
    if sup.sort in ("old", "new"):
        closed = any(set(s.kinds) <= {"won", "lost"} for s in b.reading.states)
        role = Role.CLOSED if closed and sup.sort == "new" else Role.OPENED
        field = entity.by_role(role) or entity.by_role(Role.HAPPENED) or entity.by_role(Role.DUE)
        return [Order(by=field.name if field else "created_at", descending=sup.sort == "new")]
    if sup.sort in ("max_long", "min_long"):
        is_open = any("open" in s.kinds for s in b.reading.states)
        by = "age_days" if is_open else "duration_days"
        if by not in entity.fields:
            raise Unclear("the longest by which measure?", ())
        return [Order(by=by, descending=sup.sort == "max_long")]
    amount = entity.by_role(Role.AMOUNT)
    if amount is None:
        raise Unclear("by which measure?", ())
    return [Order(by=amount.name, descending=sup.descending)]


def _is_age(b: Builder, dotted: str) -> bool:
    """Whether the oldest has the highest value, as in days; of years it has the lowest."""
    sup = b.reading.sup
    return sup is not None and sup.sort in ("old", "new") and b.vocabulary.field(dotted).unit == "days"


def look_up(b: Builder) -> QuerySpec:
    record, asked = b.reading.records[0], b.target_entity
    base = record.entity if all(_on(b, record.entity, d) for d in b.reading.columns) else b.fact()
    if asked and {dotted.split(".")[0] for dotted in b.reading.columns} == {asked}:
        base = asked  # "who is our contact at X, and what is the title"
    return QuerySpec(entity=base, where=b.where(base), columns=_columns(b, base), order_by=_told_order(b, base))


def _on(b: Builder, entity: str, dotted: str) -> bool:
    route = find_route(b.vocabulary, entity, dotted.split(".")[0])
    return route is not None and not route.child


def anti_join(b: Builder) -> QuerySpec:
    child_entity = b.reading.without[0]
    base = b.target_entity or "account"
    relation = _children_of(b, base, child_entity)
    builder = b.where_builder(base)
    inner = builder.take_children(relation)
    kinds = {k for s in b.reading.states for k in s.kinds}
    if kinds == {"open", "won", "lost"}:
        inner = None
    rest = [builder.filter(), Children(children=relation, where=inner, op="eq", value=0)]
    rest += [Children(children=relation)] if b.reading.also else []
    target = b.reading.target
    if base == "user" and target and target.dotted in ("rep", "manager"):
        rest.append(Condition(field="role", op="eq", value=target.dotted))
    where = both(f for f in rest if f is not None)
    if b.counts_parties():
        return QuerySpec(entity=base, where=where, measures=[Measure(fn="count", name=COUNT)])
    return QuerySpec(entity=base, where=where)


def _children_of(b: Builder, base: str, entity: str) -> str:
    """The children by which records have such others; of products that stand on lines it is these."""
    own = b.vocabulary.schema.entities[base].children.values()
    direct = next((c for c in own if c.entity == entity), None)
    route = find_route(b.vocabulary, base, entity) if base == PRODUCT else None
    if direct is None or (route is not None and route.child is None):
        raise Unreachable(entity)
    return str(route.child) if route else direct.name


def clauses(b: Builder) -> QuerySpec:
    """The parties of whose deals some pass each clause, and none a negated one."""
    base = b.target_entity or "account"
    deals = next(c.name for c in b.vocabulary.schema.entities[base].children.values() if c.entity == "deal")
    parts = [b.where(base)]
    for at, clause in enumerate(b.reading.also):
        builder = Builder(clause.reading, b.vocabulary, b.actor).where_builder(base)
        inner, own = builder.take_children(deals), builder.filter()
        if at and clause.negated and own is not None:
            raise Unclear("what is left out?")  # "but not in retail": of the party, or of its deals
        parts.append(own)
        parts += _counted(deals, inner, clause)
    where = both(f for f in parts if f is not None)
    target = b.reading.target
    if target and target.dotted in ("rep", "manager"):
        where = both(f for f in (where, Condition(field="role", op="eq", value=target.dotted)) if f is not None)
    if b.counts_parties():
        return QuerySpec(entity=base, where=where, measures=[Measure(fn="count", name=COUNT)])
    return QuerySpec(entity=base, where=where)


def _counted(deals: str, where: Filter | None, clause: Clause) -> list[Filter]:
    """How many such deals there are, or what they add up to; without a number: some, or none."""
    if clause.negated or not clause.reading.having:
        return [
            Children(children=deals, where=where, op="eq" if clause.negated else "ge", value=0 if clause.negated else 1)
        ]
    out: list[Filter] = []
    for node in clause.reading.having:
        subject = node.subject.metric or node.subject.fn if node.subject else "bookings" if node.is_money else "count"
        if subject not in ("bookings", "count", "deals_won", "deals_lost"):
            raise Unclear("by which measure?")
        total = Measure(fn="sum", field="amount") if subject == "bookings" else None
        ends = [("ge", node.value), ("le", node.upper)] if node.upper is not None else [(node.op, node.value)]
        out += [Children(children=deals, where=where, measure=total, op=op, value=value) for op, value in ends]
    return out


def overview(b: Builder) -> QuerySpec:
    record = b.reading.records[0]
    return QuerySpec(entity=record.entity, where=b.where(record.entity))
