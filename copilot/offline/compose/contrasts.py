"""Rules for two sides of one measure: "more in Q4 than in Q3", "lost more than they won", "the gap between A and B"."""

from dataclasses import replace

from copilot.offline.compose.composer import FACT, Composer, entity_of
from copilot.offline.compose.reading import Contrast, MeasureNode, Reading, Side, StateTest
from copilot.offline.compose.standing import SIGNS, ahead_of
from copilot.offline.tags import T
from copilot.offline.where import are_apart
from crm_core.query.metrics import METRICS
from crm_core.query.spec import Condition

_OF_TIME = ("fast", "slow", "quick", "快", "慢")
_LASTING = (
    "how many days", "how many more days", "how many fewer days", "how much longer", "how much slower",
    "how much faster", "how much quicker",
)  # fmt: skip
_END = 1_000_000  # no request has so many tokens
_TOLD_APART = (frozenset({"records"}), frozenset({"fields"}), frozenset({"periods"}))


def pivots(c: Composer) -> None:
    """Find "more … than …" where no number follows: what stands behind "than" is the other side."""
    for at, item, _ in list(c.each(T.COMPARATIVE, T.OP, T.GAP)):
        sign = next((s.value for s in item.tag.senses if s.type in (T.COMPARATIVE, T.OP) and s.value in SIGNS), None)
        whole = item.tag.text.lower().endswith((" than", " then")) or _passes(c, at)
        than = at if whole else _than(c, at)
        if sign is None and item.tag.type is T.GAP and item.tag.text.lower().startswith("how"):
            sign = "gap"  # "how much more … than"
        elif whole and any(c.has(k, T.GAP) for k in range(at)):
            sign = "gap"  # "how far is A ahead of B"
        if sign is None or than is None or not _is_followed(c, than):
            continue
        asked = next((k for k in range(at) if c.has(k, T.ASK, "how_many", "how_much") and c.has(k + 1, T.UNIT)), None)
        c.reading.pivot = ("gap" if asked is not None else str(sign), c.items[than].tag.end, _END)
        if (verb := c.sense(at, T.VERB_METRIC)) is not None:
            c.reading.measures.append(MeasureNode(metric=str(verb.value)))  # "outsold"
        c.own(at, than, *([asked, asked + 1] if asked is not None else []))
        _measure(c, at)
        return


_SIDES = (T.DATE, T.RECORD, T.VALUE)
_PRICES = ("贵", "便宜")  # what is dearer costs more by its price list


def excesses(c: Composer) -> None:
    """As in 七月比六月多签了几单, 西区比东区业绩高: how much the one is ahead of the other."""
    for at, item, _ in list(c.each(T.VERSUS)):
        if not item.tag.text.startswith(("比", "较")) or not c.sense(at + 1, *_SIDES) or not _is_side(c, at):
            continue
        more = next((k for k in range(at + 2, min(at + 6, len(c.items))) if c.has(k, T.COMPARATIVE, *SIGNS)), None)
        said = next((k for k in range(at + 2, min(at + 6, len(c.items))) if c.has(k, T.GAP)), None)
        if more is not None and said is None and _said_of(c, more):
            c.reading.gap = True
            c.own(at, more)
            _verb_of(c, more + 1)
        elif said is not None:
            if c.items[said].tag.text.startswith(_PRICES) and not c.mentions(T.METRIC):
                c.reading.measures.append(MeasureNode(fn="avg", dotted="product.list_price"))
            c.own(at)


def _is_side(c: Composer, at: int) -> bool:
    """Whether a side stands before it; in 十月丢的单比九月多 what is measured stands between."""
    if c.sense(at - 1, *_SIDES):
        return True
    said = c.has(at - 1, T.ENTITY, "deal") and c.sense(at - 2, T.STATE) is not None and c.sense(at - 3, *_SIDES)
    if said:
        _verb_of(c, at - 2)
        c.own(at - 1)
    return bool(said)


def _said_of(c: Composer, more: int) -> bool:
    """Whether what is more stands right behind it (多签了几单) or right before it (业绩高, 赢单率高几个点)."""
    behind = c.sense(more + 1, T.METRIC, T.VERB_METRIC, T.STATE) is not None
    return behind or bool(c.reading.measures) or any(c.sense(k, T.METRIC) for k in (more - 1, more - 2))


def _verb_of(c: Composer, at: int) -> None:
    """The number of deals that a state stands for, where no metric is named."""
    state = c.sense(at, T.STATE)
    if c.sense(at, T.METRIC, T.VERB_METRIC) or state is None or state.value not in ("won", "lost"):
        return
    money = c.has(at + 1, T.ASK, "how_much")
    metric = "deals_lost" if state.value == "lost" else "bookings" if money else "deals_won"
    c.reading.measures.append(MeasureNode(metric=metric))
    c.own(at, *(k for k in (at + 1,) if c.sense(k, T.ASK)))
    if c.has(at + 2, T.ENTITY, "deal"):
        c.own(at + 2)


def _measure(c: Composer, at: int) -> None:
    """What is more or less: the number of what the next noun names, else what the verb before it says."""
    text = c.items[at].tag.text.lower()
    if text.startswith("how many"):
        c.reading.asks.append("count")
    verb = next((k for k in (at - 1, at + 1) if c.sense(k, T.VERB_METRIC)), None)
    if verb is not None and not any(c.has(k, T.ENTITY) for k in (at + 1, verb + 1)):
        c.reading.measures.append(MeasureNode(metric=str(c.sense(verb, T.VERB_METRIC).value)))  # type: ignore[union-attr]
        c.own(verb)
    days = text.startswith(_LASTING) and not c.mentions(T.METRIC, "sales_cycle_days") and not c.reading.measures
    if days:
        c.reading.measures.append(
            MeasureNode(fn="avg", dotted="deal.duration_days")
        )  # "how many days longer does A take"
        c.reading.asks = [ask for ask in c.reading.asks if ask != "count"]
    elif text.startswith(_OF_TIME) and not c.reading.measures and not c.mentions(T.METRIC):
        c.reading.measures.append(MeasureNode(metric="sales_cycle_days"))  # "who closes faster than Anna"


def _passes(c: Composer, at: int) -> bool:
    """As in "above Konex", "ahead of Anna", 超过: the word says both "more" and "than"."""
    sense = c.sense(at, T.OP)
    after = c.item(at + 1)
    named = after is not None and (after.get(T.RECORD, T.VALUE) is not None or after.tag.type is T.RECORD)
    noun = c.item(at + 2)
    theirs = noun is not None and c.has(at + 2, T.ENTITY, FACT) and "的" in noun.before  # 赢过X|的单子
    named = named and not (theirs and c.sense(at, T.STATE) is not None)
    return sense is not None and sense.value in SIGNS and named


def _than(c: Composer, at: int) -> int | None:
    return next((k for k in range(at + 1, min(at + 9, len(c.items))) if c.has(k, T.COMPARATIVE, "than")), None)


def _is_followed(c: Composer, than: int) -> bool:
    """Whether a side stands behind it, and no bound ("more than 50k") or field ("than its list price")."""
    after = c.item(than + 1)
    if after is None or after.get(T.NUMBER) or c.numeric_at(than + 1):
        return False
    kinds = (T.DATE, T.STATE, T.RECORD, T.VALUE, T.METRIC, T.NEG)
    return any(item.get(*kinds) or item.tag.type is T.RECORD for item in c.items[than + 1 : than + 4])


def sides(c: Composer) -> None:
    """Give each side the tests that tell it from the other; what is left holds for both."""
    reading = c.reading
    if reading.pivot is not None:
        sign, *between = reading.pivot
        right = told_in(reading, *between)
        found = _of_metrics(reading) or _divided(reading, right)
        alone = found is None or (_asks_which(reading) and right.records and not found[1].records)
        reading.against = ahead_of(c, sign, right) if alone else None
        if reading.against is not None and reading.against.than is not None:
            take_out(reading, reading.against.than)
            reading.gap, reading.side_by_side = False, False
        elif found is None or alone:
            reading.unclear = True
        elif sign == "gap" or _asks_which(reading) or found[0].kinds not in _TOLD_APART:
            take_out(reading, *found)
            reading.contrast = Contrast(*found, None if sign == "gap" else sign)
            reading.gap, reading.side_by_side = False, False
        else:
            reading.side_by_side = True  # "do X take longer than Y": both are told
            _merge(reading, *found)
            if reading.states and not reading.measures:
                reading.facts.append(FACT)  # "has Anna won more than Boris": deals
    elif reading.gap and reading.measures and (pair := alternatives(reading)):
        reading.contrast, reading.gap, reading.side_by_side = Contrast(*pair), False, False
        if pair[0].kinds == {"periods"}:
            reading.change = None  # "did it grow or fall, and by how much": the gap tells both


def told_in(reading: Reading, since: int, until: int) -> Side:
    """The tests in a stretch of the request."""
    return Side(
        tuple(t for t in reading.fields if since <= t.at < until),
        tuple(t for t in reading.records if since <= t.at < until),
        tuple(t for t in reading.states if since <= t.at < until),
        tuple(p for p in reading.periods if since <= p.span.start < until),
    )


def _divided(reading: Reading, right: Side) -> tuple[Side, Side] | None:
    """The tests behind the pivot, and the last ones of the same kind before it; both are taken out of the reading."""
    left = Side(
        tuple(t for t in reading.fields if t not in right.fields and any(t.dotted == o.dotted for o in right.fields)),
        tuple(t for t in reading.records if t not in right.records and any(_alike(t, o) for o in right.records)),
        tuple(t for t in reading.states if t not in right.states) if right.states else (),
        tuple(p for p in reading.periods if p not in right.periods) if right.periods else (),
    )
    both = left.kinds & right.kinds  # what stands on one side only holds for both: "… than we won | in Q4"
    return (left.only(both), right.only(both)) if both else None


def _merge(reading: Reading, left: Side, right: Side) -> None:
    """Two values of one field as alternatives: "did East do better than West"."""
    if len(left.fields) == len(right.fields) == 1:
        take_out(reading, Side(fields=right.fields))
        at = reading.fields.index(left.fields[0])
        both = (*left.fields[0].values, *right.fields[0].values)
        reading.fields[at] = replace(left.fields[0], values=both)


def _asks_which(reading: Reading) -> bool:
    """Whether groups are asked for, of which one side is the larger."""
    target = reading.target
    return target is not None and (entity_of(target.dotted.split(".")[0]) != "deal" or "." in target.dotted)


def _alike(one: object, other: object) -> bool:
    return (getattr(one, "entity", 0), getattr(one, "reference", 0)) == (
        getattr(other, "entity", 1),
        getattr(other, "reference", 1),
    )


def take_out(reading: Reading, *parts: Side) -> None:
    """Leave only what holds for both sides."""
    for side in parts:
        reading.fields = [t for t in reading.fields if t not in side.fields]
        reading.records = [t for t in reading.records if t not in side.records]
        reading.states = [t for t in reading.states if t not in side.states]
        reading.periods = [p for p in reading.periods if p not in side.periods]


def _of_metrics(reading: Reading) -> tuple[Side, Side] | None:
    """As in "more wins than losses": the same measure of deals in two states."""
    named = [METRICS[m.metric] for m in reading.measures if m.metric]
    if len(named) != 2 or len(reading.measures) != 2 or any(m.measure.over for m in named):
        return None
    one, other = named
    same = (one.measure.fn, one.measure.field, one.entity) == (other.measure.fn, other.measure.field, other.entity)
    kinds = [_kinds(metric.measure.where) for metric in named]
    if not same or not all(kinds):
        return None
    dotted = f"{one.entity}.{one.measure.field}" if one.measure.field else one.entity
    reading.measures = [MeasureNode(fn=one.measure.fn, dotted=dotted)]
    return Side(states=(StateTest(kinds[0]),)), Side(states=(StateTest(kinds[1]),))


def _kinds(where: object) -> tuple[str, ...]:
    if not isinstance(where, Condition) or where.field != "stage.kind" or not isinstance(where.value, list):
        return ()
    return tuple(str(kind) for kind in where.value)


def alternatives(reading: Reading) -> tuple[Side, Side] | None:
    """Two records of one kind, two values of one field or two periods: then each is a side."""
    pairs: list[tuple[Side, Side]] = []
    for test in reading.records:
        named = [t for t in reading.records if _alike(t, test) and not t.negated]
        if len(named) == 2 and named[0] is test:
            pairs.append((Side(records=(named[0],)), Side(records=(named[1],))))
    for field in reading.fields:
        same = [t for t in reading.fields if t.dotted == field.dotted]
        if field.op == "in" and len(field.values) == 2 and len(same) == 1:
            one, other = (replace(field, values=(value,)) for value in field.values)
            reading.fields[reading.fields.index(field)] = one
            pairs.append((Side(fields=(one,)), Side(fields=(other,))))
        elif len(same) == 2 and same[0] is field and same[0].negated != same[1].negated:
            pairs.append((Side(fields=(same[0],)), Side(fields=(same[1],))))
    if len(reading.periods) == 2 and are_apart(reading.periods):
        earlier, later = sorted(reading.periods, key=lambda p: str(p.span.since))
        pairs.append((Side(periods=(later,)), Side(periods=(earlier,))))
    if len(pairs) != 1:
        return None
    take_out(reading, *pairs[0])
    return pairs[0]
