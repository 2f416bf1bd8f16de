"""Rules for how long something takes, told by its end: "how many days from the moment she engages until she wins"."""

from copilot.offline.compose.aggregating import add_measure
from copilot.offline.compose.composer import Composer
from copilot.offline.compose.reading import MeasureNode, StateTest
from copilot.offline.tags import T

_UNTIL = frozenset({"until", "till", "til", "before", "to"})
_STAYS = frozenset({"stay", "stays", "sit", "sits", "remain", "remains", "linger", "lingers", "last", "lasts"})
_ENDS = {"deals_won": "won", "deals_lost": "lost"}


def until_its_end(c: Composer) -> None:
    """The days from the start of a deal to its end, of those that ended so."""
    days = [at for at, _, _ in c.each(T.UNIT) if c.has(at, T.UNIT, "day")]
    asked = [at for at, _, _ in c.each(T.ASK) if c.has(at, T.ASK, "how_long")]
    end = next((at for at in range(len(c.items)) if _ends_at(c, at) is not None), None) if days or asked else None
    if end is None:
        return
    told = _ends_at(c, end)
    assert told is not None
    metric = c.sense(told, T.METRIC)
    if metric is not None:
        c.reading.states.append(StateTest((_ENDS[str(metric.value)],), at=c.items[told].tag.start))
        c.own(told)
    c.own(*range(end, told))
    _own_start(c, end)
    if days and not asked and not c.mentions(T.AGG):
        add_measure(c, MeasureNode(fn="avg", dotted="deal.duration_days"))
        c.own(*days, *(k for k, _, _ in list(c.each(T.ASK)) if c.has(k, T.ASK, "how_many", "count")))


def _ends_at(c: Composer, at: int) -> int | None:
    """Where the state is that "until" leads to, over "it" or "we"; None where no such words begin at `at`."""
    item = c.items[at]
    if item.owned or item.tag.type not in (T.UNKNOWN, T.SHIFT) or item.tag.text.lower().split(" ")[0] not in _UNTIL:
        return None
    told = at + 1
    while c.sense(told, T.PRONOUN, T.MINE) is not None and c.items[told].tag.type in (T.PRONOUN, T.MINE):
        told += 1
    state = c.has(told, T.STATE, "won", "lost", "closed") or c.has(told, T.METRIC, *_ENDS)
    return told if state else None


def _own_start(c: Composer, end: int) -> None:
    """As in "from when she engages", "stays with us": where it starts, and whose it is meanwhile."""
    for at in range(end):
        started = c.has(at, T.STATE, "started") and c.items[at].tag.type is T.STATE
        if started or c.items[at].tag.text.lower() in _STAYS:
            c.own(at)
        elif c.sense(at, T.OWNS) is not None and c.has(at + 1, T.MINE, "ours"):
            c.own(at, at + 1)
