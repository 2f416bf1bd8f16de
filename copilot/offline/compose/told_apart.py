"""One figure for each of those that are named: "their wins, each", 赢的和丢的各有多少, 三个大区各自的."""

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.reading import GroupNode, MeasureNode
from copilot.offline.tags import T
from copilot.offline.writing.words import small

_LATER = (T.ENTITY, T.FIELD, T.UNIT, T.BUCKET, T.NUMBER)
_ENDS = {"won": "deals_won", "lost": "deals_lost"}


def people_each(c: Composer) -> None:
    """As in "Anna and Ben's wins in May, each": of several of a kind, wherever the word stands."""
    named = [at for at, _, _ in c.each(T.RECORD)]
    kinds = {name.entity for at in named for name in c.items[at].get(T.RECORD).value}  # type: ignore[union-attr]
    each = _each_at(c)
    if len(named) < 2 or len(kinds) != 1 or each is None or each < named[-1] or c.mentions(T.SUP):
        return
    kind = str(kinds.pop())
    r = c.reading
    leads = kind == "user" and all(c.items[at].get(T.RECORD).value[0].label in c.vocabulary.leaders for at in named)  # type: ignore[union-attr]
    r.groups.append(GroupNode(("manager" if leads else "rep") if kind == "user" else kind))
    c.own(each)


def periods_each(c: Composer) -> None:
    """As in "won in August and September, each": the periods stand side by side."""
    each, dates = _each_at(c), [at for at, _, _ in c.each(T.DATE)]
    if each is None or len(dates) < 2 or each < dates[-1] or any(c.each(T.SUP, T.BUCKET)):
        return
    if not any(c.each(T.RECORD, T.VALUE)):
        c.reading.side_by_side = True
        c.own(each)


def ends_each(c: Composer) -> None:
    """As in "won and lost deals each", 成交和丢掉的各有多少单, 赢多少、丢多少: the number of either."""
    ends = [at for at, _, sense in c.each(T.STATE, T.METRIC) if _end(c, at)]
    kinds = [_end(c, at) for at in ends]
    if len(ends) != 2 or set(kinds) != {"won", "lost"} or c.reading.measures or any(c.each(T.SUP, T.SHARE, T.NEG)):
        return
    asked = [at for at, _, _ in c.each(T.ASK) if c.has(at, T.ASK, "how_many", "count")]
    each = _each_at(c)
    order = [ends[0], *asked[:1], ends[1], *asked[1:]]  # 赢多少、丢多少
    turned = [*asked[:1], ends[0], *asked[1:], ends[1]]  # "how many did we win and how many did we lose"
    twice = len(asked) == 2 and sorted(order) in (order, turned) and not _scoped_twice(c, ends[0])
    if not (twice or (each is not None and each > ends[0] and asked)):
        return
    c.reading.measures += [MeasureNode(metric=_ENDS[str(kind)]) for kind in kinds]
    deals = [at for at in range(len(c.items)) if c.has(at, T.ENTITY, FACT)]
    c.own(*ends, *asked, *deals, *([each] if each is not None else []))


def _scoped_twice(c: Composer, middle: int) -> bool:
    """As in "did Ann win in May and did Bo lose in June": two questions, each of its own time or person."""
    scopes = [at for at, _, _ in c.each(T.DATE, T.RECORD, T.VALUE)]
    cut = next((k for k in range(middle + 1, len(c.items)) if c.has(k, T.ASK)), middle)
    return any(at < cut for at in scopes) and any(at > cut for at in scopes)


def _end(c: Composer, at: int) -> str | None:
    item = c.items[at]
    states = {str(s.value) for s in item.all(T.STATE)}
    counts = {str(s.value) for s in item.all(T.METRIC)}
    return next((kind for kind, metric in _ENDS.items() if kind in states or metric in counts), None)


def _each_at(c: Composer) -> int | None:
    """Where "each" stands with no noun after it."""
    for at, item, _ in c.each(T.BY):
        if item.tag.text.lower().removesuffix("的") in small("each") and c.sense(at + 1, *_LATER) is None:
            return at
    return None


def counted_values(c: Composer) -> None:
    """As in 三个大区各自的: each value of the column, however many one says there are."""
    for at, _, number in list(c.each(T.NUMBER)):
        noun = next((k for k in (at + 1, at + 2) if c.fields_at(k, lambda f: not f.is_numeric and not f.is_date)), None)
        if noun is None or number.value.unit or number.value.is_percent or c.mentions(T.SUP):
            continue
        each = next((k for k in (noun + 1,) if c.sense(k, T.BY)), None)
        if each is not None and c.items[each].tag.text.removesuffix("的") in small("each"):
            dotted = c.nearest(c.fields_at(noun, lambda f: not f.is_numeric and not f.is_date), to=c.about)
            c.reading.groups.append(GroupNode(dotted))
            c.own(*range(at, each + 1))
            return
