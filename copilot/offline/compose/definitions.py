"""Rules for what the question defines: "small clients, i.e. those with fewer than 500 staff", a rate's formula."""

from copilot.offline.compose.composer import Composer
from copilot.offline.lexicon import key
from copilot.offline.tags import T, Tag
from crm_core.query.metrics import METRICS
from crm_core.query.spec import Condition, Measure


def sizes(c: Composer) -> None:
    """The test says what the adjective before its noun means; with neither a lead nor a bracket it ranks, as ever."""
    sizes_, leads = c.vocabulary.lexicon.frames["size"], c.vocabulary.lexicon.frames["definition"]
    for at, item in enumerate(c.items):
        named = item.get(T.NOT_HELD) is not None and key(item.tag.text[:1]) in sizes_  # 大客户: of no size that is kept
        noun = at if named else at + 1
        sized = named or (key(item.tag.text) in sizes_ and c.sense(noun, T.ENTITY, T.METRIC, T.STATE))
        if item.owned or not sized:
            continue
        starts = [t.at for t in c.reading.fields if t.at > item.tag.end and t.op != "in"]
        if len(starts) != 1:
            continue
        between = [k for k in range(noun + 1, len(c.items)) if c.items[k].tag.start <= starts[0]]
        said = [word for k in between for word in c.items[k].before] + [c.items[k].tag.text.lower() for k in between]
        led = c.has(noun + 1, T.ASK, "exists") or any(key(word) in leads for word in said)
        bracketed = noun + 1 in between and c.items[noun + 1].after_break and c.items[noun + 1].owned
        if led or bracketed:
            words = (T.PRONOUN, T.FOLLOW, T.BY, T.ASK)  # "by which I mean those that …"
            c.own(at, *(k for k in between if c.sense(k, *words) or c.items[k].tag.text.lower() == "one"))


_SAID = {"won": {"won"}, "lost": {"lost"}, "closed": {"won", "lost"}, "deals_won": {"won"}, "deals_lost": {"lost"}}
_BETWEEN = (T.SHARE, T.RATIO, T.AND, T.OR, T.ENTITY, T.THING, T.BY)


def rates(c: Composer) -> None:
    """As in "the loss rate, lost out of everything closed": the rate's own formula, said again."""
    for at, item, sense in list(c.each(T.METRIC)):
        metric = METRICS.get(str(sense.value))
        start = next((k for k in range(at + 1, len(c.items)) if c.items[k].after_break), None)
        if metric is None or metric.measure.over is None or item.owned or start is None:
            continue
        tail = c.items[start:]
        said = [_kinds(other.tag) for other in tail]
        told = all(kinds or other.tag.get(*_BETWEEN) for kinds, other in zip(said, tail, strict=True))
        divides = any(other.tag.get(T.SHARE, T.RATIO) for other in tail)
        above, below = (_of(measure) for measure in (metric.measure, metric.measure.over))
        if told and divides and said[0] == above and set().union(*said[1:]) == below:
            c.own(*range(start, len(c.items)))


def _kinds(tag: Tag) -> set[str]:
    return set().union(*(_SAID.get(str(s.value), set()) for s in (*tag.all(T.STATE), *tag.all(T.METRIC))))


def _of(measure: Measure) -> set[str]:
    where = measure.where
    return (
        {str(kind) for kind in where.value} if isinstance(where, Condition) and isinstance(where.value, list) else set()
    )
