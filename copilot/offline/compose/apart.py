"""Whom a ranking leaves out: "this year's revenue without our three biggest accounts", 去掉业绩前两名的销售."""

from collections.abc import Callable, Sequence

from copilot.offline.compose.reading import MeasureNode, Reading, SupNode
from copilot.offline.tags import SILENT, T, Tag
from crm_core.query.metrics import METRICS

Compose = Callable[[Sequence[Tag]], Reading]
_LEAVES_OUT = ("none", "exclude", "not")
_PARTIES = ("account", "user", "product", "rep", "contact")
_SIZES = ("max_good", "min_good", "max_rank", "min_rank", "max_size", "min_size", "max_count", "min_count")


def compose_apart(tags: Sequence[Tag], compose: Compose) -> Reading | None:
    """The reading of a question that leaves out the first of a ranking; None where it leaves out nobody so."""
    for at, tag in enumerate(tags):
        sense = tag.get(T.NEG)
        end = _ranking(tags, at + 1) if sense is not None and sense.value in _LEAVES_OUT else None
        if end is None:
            continue
        inner = compose(tags[at + 1 : end])
        sup = inner.sup
        rest = [*tags[:at], *tags[end:]]
        if sup is None or sup.limit is None or sup.noun not in _PARTIES or not any(t.get(T.METRIC) for t in rest):
            return None
        out = compose(rest)
        measured = inner.measures or out.measures
        out.loose += inner.loose
        out.unclear |= inner.unclear or len(measured) != 1 or bool(inner.periods or inner.records or inner.fields)
        out.unclear |= not (inner.measures or all(_adds_up(measure) for measure in measured))
        out.apart = Reading(
            sup=SupNode(sup.sort, sup.limit, sup.noun, is_plural=True), measures=list(measured[:1]),
            fields=list(out.fields), records=list(out.records), periods=list(out.periods), mine=out.mine,
            states=list(out.states),
        )  # fmt: skip
        return out
    return None


def _adds_up(measure: MeasureNode) -> bool:
    """Whether the biggest have the most of it; of a rate it goes without saying that size is something else."""
    return measure.metric is not None and METRICS[measure.metric].additive


def _ranking(tags: Sequence[Tag], at: int) -> int | None:
    """Where "our three biggest accounts", "the top 2 reps by revenue" ends."""
    has = {"sup": False, "number": False}
    while at < len(tags):
        tag = tags[at]
        sup = tag.get(T.SUP)
        if sup is not None and sup.value in _SIZES:
            has["sup"] = True
        elif tag.type is T.NUMBER and not tag.senses[0].value.is_percent:
            has["number"] = True
        elif any(s.value in _PARTIES for s in tag.all(T.ENTITY)):
            return _measured(tags, at + 1) if all(has.values()) else None
        elif tag.type not in SILENT and not tag.get(T.MINE) and (tag.text.isascii() or not tag.get(T.METRIC)):
            return None
        at += 1
    return None


def _measured(tags: Sequence[Tag], at: int) -> int:
    """With what they are ranked by, where it stands behind them."""
    by = tags[at : at + 1]
    return at + 2 if by and by[0].type is T.BY and at + 1 < len(tags) and tags[at + 1].get(T.METRIC) else at
