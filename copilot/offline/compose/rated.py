"""Rates that are told by their two sides: "lost most often, as a percentage of closed deals"."""

from dataclasses import replace

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.reading import MeasureNode
from copilot.offline.tags import T
from copilot.offline.writing.words import small

_RATES: dict[tuple[str, ...], str] = {("won",): "win_rate", ("lost",): "loss_rate"}
_ENDED = {"won", "lost"}


def rated(c: Composer) -> None:
    """Where a ranking of what was won or lost sets it beside all that were decided: the rate."""
    r = c.reading
    ended = [test for test in r.states if set(test.kinds) == _ENDED and not test.negated]
    one = [test for test in r.states if test.kinds in _RATES and not test.negated]
    counts = [m for m in r.measures if m.metric is None and (m.fn, m.dotted) == ("count", "deal")]
    beside = any(tag.get(T.SHARE) or tag.text.lower() in small("set_beside") for tag in c.tags)
    if not beside or r.sup is None or len(ended) != 1 or len(one) != 1 or len(r.states) != 2 or counts != r.measures:
        return
    r.states = []
    r.measures = [MeasureNode(metric=_RATES[one[0].kinds])]
    r.sup = replace(r.sup, sort="max_rank" if r.sup.descending else "min_rank")
