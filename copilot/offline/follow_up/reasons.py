"""Why those that were spoken of were lost: the reasons, each with how many of them it cost."""

from dataclasses import replace

from copilot.offline.compose.reading import GroupNode, MeasureNode, Reading
from copilot.offline.follow_up.context import Context, grouped_by
from copilot.offline.follow_up.keeping import doubts_left
from copilot.offline.follow_up.scope import rescope
from copilot.offline.follow_up.shown import keep_shown

_REASON = "deal.lost_reason"
_ASKS = {"why", "rank", "which", "what", "list", "request", "count", "exists"}


def why_lost(context: Context, current: Reading) -> Reading | None:
    """As in "why did we lose them, mostly", 主要是因为什么, after deals that were lost; None for another question.

    After a ranking they are those of the rows that were shown.
    """
    lost = _are_lost(context.previous) or _are_lost(current)
    answered = context.last.spec is not None or context.last.options
    if not _asks_why(current) or not answered or _says_more(current):
        return None
    if not lost and "why" in current.asks:
        return None
    out = context.previous.copy()
    out.unclear |= not lost and not (_is_of_parties(context) and any(p.kind == "set" for p in current.pronouns))
    keep_shown(context, out)
    rescope(context, out, current)
    out.loose, out.notes, out.not_held = list(current.loose), list(current.notes), list(current.not_held)
    out.doubts, out.pronouns, out.share, out.part, out.contrast = doubts_left(context, current), [], None, None, None
    out.measures, out.groups, out.target, out.asks = [MeasureNode(metric="deals_lost")], [GroupNode(_REASON)], None, []
    out.states, out.sup, out.columns, out.order = [], None, [], None
    out.side_by_side, out.gap, out.change, out.total, out.each = False, False, None, False, False
    return out


def _is_of_parties(context: Context) -> bool:
    """As in "top 3 customers by bookings": the lost deals with those that were shown."""
    return context.last.entity in ("account", "user", "product") or bool(grouped_by(context.previous))


def _asks_why(current: Reading) -> bool:
    named = [*current.columns, current.target.dotted if current.target else None, *(g.dotted for g in current.groups)]
    return "why" in current.asks or _REASON in named


def _are_lost(reading: Reading) -> bool:
    measured = [m.metric for m in reading.measures]
    kinds = {kind for state in reading.states if not state.negated for kind in state.kinds}
    return measured == ["deals_lost"] or kinds == {"lost"}


def _says_more(current: Reading) -> bool:
    """Whether it asks for more than the reasons: other columns, another measure, a ranking of something else."""
    others = [dotted for dotted in current.columns if dotted != _REASON]
    measured = [m for m in current.measures if m.metric != "deals_lost"]
    aimed = current.target is not None and current.target.dotted not in (_REASON, "deal")
    grouped = [g for g in current.groups if g.dotted != _REASON]
    return bool(others or measured or aimed or grouped or current.having or current.share) or not (
        set(current.asks) <= _ASKS
    )


def each_rival(current: Reading, out: Reading) -> Reading:
    """As in 都是输给谁的, after how many one lost: every one they were lost to, not just the first few."""
    target = current.target.dotted if current.target is not None else None
    told = any(test.dotted == target and test.op == "not_empty" for test in current.fields)
    ranked = current.sup is not None and current.sup.sort == "max_count" and current.sup.limit is None
    if target is None or not (told and ranked) or current.measures:
        return out
    counted = [MeasureNode(fn="count", dotted="deal")]
    return replace(out, groups=[GroupNode(target)], measures=counted, target=None, asks=[], sup=None)
