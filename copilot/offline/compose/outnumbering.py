"""Of whom one kind of deals outnumbers another: 丢的单比赢的还多, 输单比赢单多的销售."""

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.neighbours import nouns_at
from copilot.offline.tags import T

_STRESS = "还更要都"
_SIGNS = {"多": "gt", "少": "lt"}
_REACH = 4


def outnumbers(c: Composer) -> None:
    """The words between 比 and 多 tell the other side, the state before 比 this one."""
    for at, item, _ in list(c.each(T.VERSUS)):
        if item.tag.text not in ("比", "较"):
            continue
        left, right = _side(c, at - 1, -1), _side(c, at + 1, 1)
        if left is None or right is None:
            continue
        for k in range(right[-1] + 1, min(right[-1] + _REACH, len(c.items))):
            sign = _SIGNS.get(c.items[k].tag.text.lstrip(_STRESS)[:1])
            if sign is not None and c.sense(k, T.COMPARATIVE, T.SUP, T.POST_OP):
                c.reading.pivot = (sign, item.tag.end, c.items[k].tag.start)
                c.reading.facts.append(FACT)
                deals = (j for j in (*left, *right) if FACT in nouns_at(c, j) and not c.sense(j, T.STATE))
                c.own(at, k, *deals)
                return


def _side(c: Composer, at: int, step: int) -> list[int] | None:
    """The state that stands there, with the noun for deals beside it: 丢的|单; None if there is none."""
    places = [at]
    if step < 0 and FACT in nouns_at(c, at) and not c.sense(at, T.STATE):
        places = [at - 1, at]
    elif step > 0 and FACT in nouns_at(c, at + 1) and not c.sense(at + 1, T.STATE):
        places = [at, at + 1]
    state = c.sense(places[0], T.STATE)
    return places if state is not None and state.value in ("won", "lost", "open") else None
