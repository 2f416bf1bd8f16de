"""Rules for what is wanted: superlatives, groups, measures, targets, columns, order."""

from dataclasses import replace

from copilot.offline.compose.composer import FACT, Composer, entity_of
from copilot.offline.compose.reading import GroupNode, MeasureNode, Pronoun, SupNode, Target
from copilot.offline.lexicon import key
from copilot.offline.numbers import Number
from copilot.offline.tags import T
from crm_core.models import Kind, Role

PEOPLE = {"rep": "rep", "manager": "manager"}


def redundant_units(c: Composer) -> None:
    """ "in dollars", "as a percentage, not dollars": they restate the answer's unit."""
    for at, _, _ in c.each(T.MONEY_WORD):
        c.own(at)
        if c.has(at - 1, T.NEG, "not"):
            c.own(at - 1)
    for at, _, sense in c.each(T.PERCENT_WORD):
        if c.has(at - 1, T.NEG, "not"):
            c.own(at - 1, at)
        elif c.reading.share is None and not c.mentions(T.CHANGE) and not c.mentions(T.METRIC):
            c.reading.share = "share"
            c.own(at)
        else:
            c.own(at)
    for at, item, sense in c.each(T.NEG):
        if sense.value == "only" and item.tag.type is T.NEG:
            c.own(at)


def orderings(c: Composer) -> None:
    """ "best first", "lowest first": the order of the answer, not another ranking."""
    for at, _, sense in list(c.each(T.SUP)):
        after = c.item(at + 1)
        if after and not after.owned and after.tag.text.lower() in ("first", "to") and at > 0:
            sort = str(sense.value)
            if sort in ("old", "new"):
                c.reading.order = f"{sort}_first"
            else:
                c.reading.order = "high_first" if sort.startswith("max") else "low_first"
            c.own(at, at + 1)


def superlatives(c: Composer) -> None:
    """Top 5 reps, the oldest deal, best month, the three weakest accounts, number two."""
    for at, item, sense in list(c.each(T.SUP)):
        if item.owned or c.reading.sup is not None or item.get(T.COMPARATIVE):
            continue
        if item.tag.text.lower() == "first" and c.has(at + 1, T.STATE):
            c.own(at)  # "when did we first engage"
            continue
        owned, limit, plural = [at], None, False
        asked = [k + 1 for k in range(at) if c.has(k, T.ASK)]  # "which three … the longest"
        for k in (at + 1, at - 1, *asked):
            number = c.sense(k, T.NUMBER)
            if number and not _is_amount(number.value):
                limit = int(number.value.value)
                owned.append(k)
                break
        by, by_at = _size_of(c, at)
        owned += [by_at] if by_at is not None else []
        k = at + 1
        while k in owned:
            k += 1
        noun, noun_at = _noun(c, k)
        if noun_at is not None:
            plural = c.items[noun_at].is_plural
            owned.append(noun_at)
        c.reading.sup = SupNode(str(sense.value), limit, noun, plural, by=by)
        c.own(*owned)
    _ordinals(c)


def _is_amount(number: Number) -> bool:
    """Whether a number says how much, when or which one, and not how many."""
    return bool(number.unit or number.is_money or number.is_percent or number.is_ordinal)


def _size_of(c: Composer, at: int) -> tuple[str | None, int | None]:
    """The numeric field right beside a superlative: "most employees", 员工最少."""
    for k in (at + 1, at - 1):
        fields = c.numeric_at(k)
        near = k > at or (c.items[k].tag.end >= c.items[at].tag.start - 1)
        if fields and near and not c.sense(k, T.METRIC) and not c.items[max(k, at)].after_break:
            return c.nearest(fields, to=c.about), k
    return None, None


def _ordinals(c: Composer) -> None:
    """Number two, the second largest."""
    for at, _, sense in c.each(T.NUMBER):
        ordinal = sense.value.is_ordinal
        if ordinal or c.has(at - 1, T.ASK, "count") or c.has(at - 1, T.SUP, "max_rank"):
            nth = int(sense.value.value)
            if c.reading.sup is None:
                c.reading.sup = SupNode("max_rank", None, None, nth=nth)
            else:
                c.reading.sup = replace(c.reading.sup, nth=nth)
            c.own(at)
            if c.has(at - 1, T.ASK, "count"):
                c.own(at - 1)


def _noun(c: Composer, at: int) -> tuple[str | None, int | None]:
    """The noun at `at`, past a state or a value that stands between ("biggest open deal")."""
    for k in range(at, min(at + 3, len(c.items))):
        item = c.items[k]
        if k > at and item.after_break:
            break
        bucket = c.sense(k, T.BUCKET, T.UNIT)
        entity = c.sense(k, T.ENTITY)
        if entity and not c.sense(k, T.METRIC):
            return str(entity.value), k
        if bucket:
            return f"bucket:{bucket.value}", k
        fields = c.fields_at(k, lambda f: not f.is_numeric and not f.is_date)
        if fields and not c.sense(k, T.METRIC):
            return c.nearest(fields, to=c.about), k
        if not c.sense(k, T.STATE, T.VALUE, T.RECORD, T.DATE):
            break
    return None, None


def groups(c: Composer) -> None:
    """Per rep, by region and product, each quarter, month by month."""
    for at, item, sense in list(c.each(T.BY)):
        if item.owned:
            continue
        k = at + 1
        noun, noun_at = _noun(c, k)
        if noun_at == k or (noun_at is not None and c.has(k, T.STATE)):
            _group(c, noun)
            c.own(at, noun_at)
            if c.has(noun_at + 1, T.BY) and not _noun(c, noun_at + 2)[0]:  # 按阶段分
                c.own(noun_at + 1)
            while (c.has(k + 1, T.AND)) and _noun(c, k + 2)[1] == k + 2 and not c.items[k + 2].after_break:
                extra, extra_at = _noun(c, k + 2)
                _group(c, extra)
                c.own(k + 1, k + 2)
                k = k + 2
        elif c.sense(k, T.METRIC) or c.numeric_at(k) or c.sense(k, T.ASK) or c.sense(k, T.SHARE):
            c.own(at)  # "ranked by win rate": the measure itself is taken by its own rule
        elif c.has(at + 1, T.STATE) or c.sense(at + 1, T.PERCENT_WORD):
            c.own(at)
        if c.has(at - 1, T.CHANGE, "down") and item.owned:  # "break … down by"
            c.own(at - 1)
    for at, item, sense in c.each(T.BUCKET):
        if item.get(T.ASK):
            continue
        if c.reading.sup is None or c.reading.sup.noun is None:
            c.reading.groups.append(GroupNode(bucket=sense.value))
            c.own(at)


def _group(c: Composer, noun: str | None) -> None:
    if noun is None:
        return
    if noun.startswith("bucket:"):
        c.reading.groups.append(GroupNode(bucket=noun.removeprefix("bucket:")))
    else:
        c.reading.groups.append(GroupNode(dotted=noun))


def shares(c: Composer) -> None:
    """What share, what percentage of; the mix."""
    for at, item, sense in c.each(T.SHARE):
        if item.tag.text.lower().startswith("how much") and any(i.tag.type is T.MONEY_WORD for i in c.items):
            c.own(at)
            continue
        c.reading.share = sense.value
        c.reading.share_at = (item.tag.start, item.tag.end)
        c.own(at)
        if c.has(at - 1, T.ASK, "what") or c.has(at - 1, T.ASK, "how_much"):
            c.own(at - 1)
        if c.has(at + 1, T.NUMBER):
            break
    for at, _, sense in c.each(T.CHANGE):
        if c.has(at + 1, T.BY):
            c.own(at)
        elif len(c.reading.periods) >= 1:
            c.reading.change = sense.value
            c.own(at)
    for at, _, _ in c.each(T.VERSUS):
        c.reading.side_by_side = True
        c.own(at)
    for at, _, _ in c.each(T.GAP):
        c.reading.gap = True
        c.own(at)


def measures(c: Composer) -> None:
    """Metrics, verbs that mean one, aggregates of fields, how much, how long."""
    for at, item, sense in list(c.each(T.METRIC)):
        if item.is_soft:
            continue
        _measure(c, MeasureNode(metric=str(sense.value)))
        c.own(at)
        for k in (
            at - 1,
            at + 1,
        ):  # "average bookings per rep" keeps its average; "total bookings" does not need it
            agg = c.sense(k, T.AGG)
            if agg and agg.value == "sum":
                c.own(k)
            elif agg and agg.value == "avg":
                _average_of(c, str(sense.value))
                c.own(k)
            elif agg and agg.value == "median" and _median_of(c, str(sense.value)):
                c.own(k)
    for at, item, sense in list(c.each(T.VERB_METRIC)):
        if not c.reading.measures and not c.reading.having and not _fact_named(c):
            _measure(c, MeasureNode(metric=str(sense.value)))
        c.own(at)
    _aggregates(c)
    for at, _, _ in c.each(T.ASK):
        if c.has(at, T.ASK, "how_long") and not c.reading.measures:
            _measure(c, MeasureNode(fn="avg", dotted="deal.duration_days"))
            c.reading.asks.append("how_long")
            c.own(at)
        elif c.has(at, T.ASK, "how_much") and _fact_named(c):
            c.reading.columns.append(f"{_fact_named(c)}.amount")
            c.own(at)
        elif c.has(at, T.ASK, "how_much"):
            money = any(_is_money(c, m) for m in c.reading.measures)
            if c.reading.measures and not money and not c.reading.sup and at == len(c.items) - 1:
                _measure(c, MeasureNode(metric="bookings"))
            elif not c.reading.measures and not any(c.numeric_at(k) for k in range(len(c.items))):
                _measure(c, MeasureNode(metric="bookings"))
            c.reading.asks.append("how_much")
            c.own(at)


def _fact_named(c: Composer) -> str | None:
    """The kind of fact that is named by its id or title: then its own fields are asked for."""
    found = [r.entity for r in c.reading.records if not r.negated and not r.reference]
    return next((e for e in found if c.vocabulary.schema.entities[e].is_fact), None)


def _is_money(c: Composer, node: MeasureNode) -> bool:
    if node.metric:
        return c.vocabulary.schema.metrics[node.metric].kind is Kind.MONEY
    return bool(node.dotted and "." in node.dotted) and c.vocabulary.field(str(node.dotted)).kind is Kind.MONEY


def _measure(c: Composer, node: MeasureNode) -> None:
    if node not in c.reading.measures:
        c.reading.measures.append(node)


def _median_of(c: Composer, metric: str) -> bool:
    """"the median sales cycle": the metric's own field, in the middle instead of on average."""
    measure = c.vocabulary.schema.metrics[metric].measure
    if measure.field is None or measure.fn not in ("avg", "sum"):
        return False
    entity = c.vocabulary.schema.metrics[metric].entity
    c.reading.measures[-1] = MeasureNode(fn="median", dotted=f"{entity}.{measure.field}")
    return True


def _average_of(c: Composer, metric: str) -> None:
    declared = c.vocabulary.schema.metrics[metric]
    if declared.additive and (c.reading.groups or c.reading.sup):
        c.reading.average_per = True
    elif declared.additive and declared.kind is Kind.MONEY:
        c.reading.measures[-1] = MeasureNode(metric="average_deal_size")
    elif declared.additive:
        c.reading.average_per = True


def _aggregates(c: Composer) -> None:
    for at, item, sense in list(c.each(T.AGG)):
        if item.owned:
            continue
        fn = str(sense.value)
        if fn == "distinct":
            c.reading.distinct = True
            c.own(at)
            continue
        for k in (at + 1, at - 1, at + 2):
            fields = c.numeric_at(k)
            if fields and _is_restated(c, fn, fields):
                c.own(at, k)
                break
            if fields:
                _measure(c, MeasureNode(fn=fn, dotted=c.nearest(fields, to=c.about)))
                c.own(at, k)
                break
        else:
            _bare_aggregate(c, at, fn)
    for at, _, sense in list(c.each(T.FIELD)):
        fields = c.numeric_at(at)
        if fields and not c.reading.measures and _is_measured(c, at):
            dotted = c.nearest(fields, to=c.about)
            fn = "avg" if c.vocabulary.field(dotted).kind in (Kind.PERCENT,) else "sum"
            _measure(c, MeasureNode(fn=fn, dotted=dotted))
            c.own(at)


def _is_restated(c: Composer, fn: str, fields: list[str]) -> bool:
    """ "the total value of our pipeline": the metric is that total already."""
    money = [m.metric for m in c.reading.measures if m.metric]
    schema = c.vocabulary.schema
    return (
        fn == "sum"
        and any(schema.metrics[m].kind is Kind.MONEY for m in money)
        and any(c.vocabulary.field(f).role is Role.AMOUNT for f in fields)
    )


def _is_measured(c: Composer, at: int) -> bool:
    """A numeric field that is totalled: per group, or after "how much"."""
    return bool(c.reading.groups) and not c.reading.sup


def _bare_aggregate(c: Composer, at: int, fn: str) -> None:
    """An aggregate without a field: of the deal's amount, of durations ("average days"), of counts."""
    won = any("won" in s.kinds for s in c.reading.states)
    if fn == "sum":
        if not c.reading.measures and won and not c.mentions(T.ASK, "how_many"):
            _measure(c, MeasureNode(metric="bookings"))
        c.own(at)
    elif fn in ("avg", "median"):
        if c.reading.sup and c.reading.sup.sort in ("max_long", "min_long") and not c.reading.measures:
            _measure(c, MeasureNode(metric="sales_cycle_days"))
        elif not c.reading.measures and (c.mentions(T.ASK, "how_long") or c.mentions(T.UNIT, "day")):
            _measure(c, MeasureNode(fn=fn, dotted="deal.duration_days"))
            for k, _, _ in c.each(T.ASK):
                if c.has(k, T.ASK, "how_long"):
                    c.own(k)
        elif c.reading.measures and c.reading.measures[0].metric and fn == "median":
            if not _median_of(c, c.reading.measures[0].metric):
                return
        elif c.reading.measures:
            c.reading.average_per = bool(c.reading.groups)
            if not c.reading.groups and c.reading.measures[0].fn:
                c.reading.measures[0] = replace(c.reading.measures[0], fn=fn)
        else:
            _measure(c, MeasureNode(fn=fn, dotted="deal.amount"))
        c.own(at)
    elif fn in ("max", "min") and c.reading.sup is None:
        c.reading.sup = SupNode(f"{fn}_size")
        c.own(at)


def things(c: Composer) -> None:
    """ "everything we won": the deals; beside a noun of its own it says nothing more."""
    for at, _, _ in list(c.each(T.THING)):
        c.own(at)
        if c.reading.states and not c.reading.measures:
            c.reading.target = c.reading.target or Target("deal", "list")
    people = [r.entity for r in c.reading.records if not r.negated]
    if c.reading.sup and not c.reading.sup.noun and c.reading.measures and len(people) > len(set(people)):
        c.reading.sup, c.reading.side_by_side = None, True  # of two that are named, both are shown
    for at, _, _ in list(c.each(T.COMPARATIVE)):
        several = any(len(t.values) > 1 for t in c.reading.fields) or len(c.reading.records) > 1
        if several and c.reading.measures:
            c.reading.side_by_side = True
            c.own(at)
    for at, _, _ in list(c.each(T.BY)):
        if c.reading.side_by_side or c.has(at + 1, T.THING) or at == len(c.items) - 1:
            c.own(at)  # "the win rate for each", "across everything"


def counts(c: Composer) -> None:
    """How many deals, number of wins, deal count."""
    for at, item, sense in list(c.each(T.ASK)):
        if item.owned or sense.value not in ("how_many", "count"):
            continue
        if c.reading.measures and c.reading.measures[0].metric in ("deals_won", "deals_lost"):
            c.own(at)
            continue
        noun, noun_at = _noun(c, at + 1)
        if noun_at is None and sense.value == "count":
            noun, noun_at = _noun(c, at - 1)
        if noun_at is not None and noun and not noun.startswith("bucket:"):
            c.reading.asks.append("count")
            c.reading.target = c.reading.target or Target(noun, "count")
            c.own(at, noun_at)
        else:
            c.reading.asks.append("count")
            c.own(at)


def targets(c: Composer) -> None:
    """Which X, who, list X, rank X; then any noun that is left."""
    for at, item, sense in list(c.each(T.ASK)):
        if item.owned:
            continue
        ask = str(sense.value)
        c.own(at)
        c.reading.asks.append(ask)  # type: ignore[arg-type]
        if ask == "who" and _fact_named(c) and not c.reading.measures:
            owner = c.vocabulary.schema.entities[_fact_named(c) or FACT].by_role(Role.OWNER)
            if owner:
                c.reading.columns.append(f"{_fact_named(c)}.{owner.name}")
        elif ask == "who" and _may_ask_who(c) and not _ranks_a_party(c):
            c.reading.target = Target("rep", "who", is_plural=False)
        elif ask == "where":
            _where(c)
        elif ask == "when":
            _when(c)
        elif ask == "exists" and (c.reading.sup or c.reading.groups):
            c.reading.yes_no = True
        elif ask in ("which", "list", "rank", "what", "exists"):
            noun, noun_at = _noun(c, at + 1)
            wanted = _reference_asked(c, noun)
            if wanted and noun_at is not None:
                c.reading.columns.append(wanted)  # "what product is it"
                c.own(noun_at)
            elif noun_at is not None and noun and not noun.startswith("bucket:") and c.reading.target is None:
                plural = c.items[noun_at].is_plural
                if ask != "what" or "." not in noun:
                    c.reading.target = Target(noun, ask, plural)  # type: ignore[arg-type]
                    c.own(noun_at)
            elif noun == "bucket:day" and noun_at is not None:
                _when(c)
                c.own(noun_at)
            elif noun and noun.startswith("bucket:") and noun_at is not None:
                c.reading.groups.append(GroupNode(bucket=noun.removeprefix("bucket:")))
                c.own(noun_at)


def _may_ask_who(c: Composer) -> bool:
    """Whether "who" is what is asked for: also beside "and how many", when a ranking says how many."""
    target = c.reading.target
    return target is None or (target.ask == "count" and c.reading.sup is not None)


def _reference_asked(c: Composer, noun: str | None) -> str | None:
    """The reference of the named fact that a noun asks for."""
    fact = _fact_named(c)
    if noun and "." in noun and not c.reading.measures and not c.reading.sup:
        named = [r.entity for r in c.reading.records if not r.negated and not r.reference]
        return noun if noun.split(".")[0] in named and len(named) == 1 else None
    if not fact or not noun or "." in noun or ":" in noun or entity_of(noun) == fact:
        return None
    reference = c.is_reference_of(fact, entity_of(noun))
    return f"{fact}.{reference}" if reference else None


def _ranks_a_party(c: Composer) -> bool:
    """Whether the superlative's own noun says who or what is ranked ("the top rep")."""
    noun = c.reading.sup.noun if c.reading.sup else None
    return bool(noun) and not (
        noun and "." not in noun and entity_of(noun) not in ("user", "account", "product", "contact")
    )


def _when(c: Composer) -> None:
    """ "when did we engage on it": the date that the state word is about."""
    base = _fact_asked_for(c) or "deal"
    role = Role.OPENED if c.reading.started else Role.CLOSED if c.reading.states else None
    field = c.vocabulary.schema.entities[base].by_role(role) if role else None
    if field:
        c.reading.columns.append(f"{base}.{field.name}")


def _where(c: Composer) -> None:
    for record in c.reading.records:
        place = c.vocabulary.schema.entities[record.entity].by_role(Role.PLACE)
        if place:
            c.reading.columns.append(f"{record.entity}.{place.name}")
            return


def units(c: Composer) -> None:
    """ "in days", "how many days": the unit of a duration that is measured."""
    for at, _, sense in list(c.each(T.UNIT)):
        lasting = [m for m in c.reading.measures if _in_days(c, m.metric, m.dotted)]
        if lasting and sense.value == "day":
            c.own(at)
            for k in (at - 1, at - 2):
                if c.has(k, T.ASK, "how_many"):
                    c.own(k)


def _in_days(c: Composer, metric: str | None, dotted: str | None) -> bool:
    if metric:
        return c.vocabulary.schema.metrics[metric].unit == "days"
    return bool(dotted and "." in dotted) and c.vocabulary.field(str(dotted)).unit == "days"


def columns(c: Composer) -> None:
    """Fields asked for: of the named record, or as columns of a list."""
    for at, item, _ in list(c.each(T.FIELD)):
        if item.owned or item.get(T.ENTITY) or item.is_soft:
            continue
        held = [s.value for s in item.all(T.FIELD)]
        c.reading.columns.append(c.nearest(held, to=_subject(c)))
        c.own(at)


def _subject(c: Composer) -> list[str]:
    named = [r.entity for r in c.reading.records]
    target = [entity_of(c.reading.target.dotted.split(".")[0])] if c.reading.target else []
    return [*target, *named, *c.about]


def nouns(c: Composer) -> None:
    """Entity nouns that are left: what is asked for, a column, or a neighbour's own noun. Others stay unexplained."""
    for at, item, sense in list(c.each(T.ENTITY)):
        entity = entity_of(str(sense.value))
        base = _fact_asked_for(c)
        reference = c.is_reference_of(base, entity) if base else None
        if c.vocabulary.schema.entities[entity].is_fact:
            c.reading.facts.append(entity)
            if c.reading.target is None and not c.reading.measures:
                c.reading.target = Target(str(sense.value), "list", item.is_plural)
            c.own(at)
        elif reference and _is_wanted_column(c, at, entity):
            c.reading.columns.append(f"{base}.{reference}")
            c.own(at)
        elif any(test.entity == entity for test in [*c.reading.records, *c.reading.fields]):
            c.reading.facts.append(entity)
            if c.reading.target is None and not c.reading.measures and not c.reading.columns:
                c.reading.target = Target(str(sense.value), "list", item.is_plural)
            c.own(at)
        elif c.reading.target is None and not c.reading.measures:
            c.reading.target = Target(str(sense.value), "list", item.is_plural)
            c.own(at)
        elif c.reading.target is not None and entity_of(c.reading.target.dotted) == entity:
            c.own(at)


def _fact_asked_for(c: Composer) -> str | None:
    """The kind of fact that is listed or looked up."""
    nouns = [c.reading.target.dotted if c.reading.target else "", c.reading.sup.noun or "" if c.reading.sup else ""]
    found = [entity_of(n) for n in nouns if n and "." not in n and ":" not in n] + [r.entity for r in c.reading.records]
    return next((e for e in found if c.vocabulary.schema.entities[e].is_fact), None)


def _is_wanted_column(c: Composer, at: int, entity: str) -> bool:
    """Whether the noun stands in a list of things wanted of a fact: "deal id, account, rep and amount"."""
    item = c.items[at]
    asked = any(c.items[k].owned and c.items[k].tag.get(T.ASK) for k in (at - 1,) if k >= 0)
    listed = item.after_break or any(c.has(k, T.AND) for k in (at - 1, at + 1))
    return asked or (listed and not any(t.entity == entity for t in c.reading.records))


_PEOPLE = {"he", "him", "his", "she", "her", "hers", "he's", "she's", "他", "她", "他的", "她的"}
_PLACES = {"there", "那里", "那边", "那儿"}
_WEAK = {"it", "its", "it's", "them", "they", "their", "theirs", "the ones", "this", "它", "它的"}


def _pronoun(c: Composer, text: str, kind: str) -> Pronoun:
    """What a pronoun can point at, from the words inside it ("that rep")."""
    if c.mentions(T.TREE, "team") and text in _PEOPLE:
        for at, _, _ in list(c.each(T.TREE)):
            c.own(at)
        return Pronoun(kind, "team", False)
    entity = "user" if text in _PEOPLE else "account" if text in _PLACES else None
    for word in key(text):
        for sense in c.vocabulary.phrases.get((word,), ()):
            if sense.type is T.ENTITY:
                entity = entity or entity_of(str(sense.value))
            elif sense.type is T.TREE and sense.value == "team":
                entity = entity or "team"
    return Pronoun(kind, entity, text in _WEAK)


def implied_deals(c: Composer) -> None:
    """"which of my open GTX Pros have no account": states and owners are said of deals."""
    asked = {"which", "list"} & set(c.reading.asks)
    if c.reading.target is None and not c.reading.measures and not c.reading.columns and asked and c.reading.states:
        c.reading.target = Target("deal", "which")


def leftovers(c: Composer) -> None:
    """Connectives, orderings, pronouns that point back into the sentence, and what the data does not hold."""
    for at, _, sense in c.each(T.ORDER):
        c.reading.order = str(sense.value)
        c.own(at)
    for at, _, _ in list(c.each(T.AND)):
        if at > 0 or not c.has(at, T.FOLLOW):
            c.own(at)
    for at, _, _ in list(c.each(T.OR)):
        c.own(at)
    for at, _, sense in c.each(T.NOT_HELD):
        c.reading.not_held.append(c.items[at].tag.text)
        c.own(at)
    for at, _, _ in list(c.each(T.SMALLTALK, T.WRITE)):
        asked = any(s.type is T.ASK for k in (1, 2) if c.item(k) for s in c.items[k].tag.senses)
        if c.items[at].tag.type is T.SMALLTALK or (at == 0 and asked):
            c.own(at)
    for at, item, sense in c.each(T.PRONOUN):
        c.reading.pronouns.append(_pronoun(c, item.tag.text.lower(), str(sense.value)))
        c.own(at)
    for at, _, sense in c.each(T.FOLLOW):
        if c.reading.follow is None:
            c.reading.follow = str(sense.value)
        c.own(at)
