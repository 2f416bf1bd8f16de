"""A figure against that of a time that is named: 比这个月多多少, "how much more than this month is that"."""

from dataclasses import replace

from copilot.offline.compose.reading import Reading
from copilot.offline.follow_up.context import Context


def against_time(context: Context, current: Reading) -> Reading | None:
    """The change between the time spoken of last and the one that is named; None where it asks another thing."""
    before = context.previous
    more = (current.records, current.fields, current.states, current.target, current.groups, current.sup,
            current.columns, current.share, current.having, current.meant, current.mine)  # fmt: skip
    if not current.gap or any(more) or context.last.spec is None:
        return None
    plain = not (before.groups or before.sup or before.change or before.contrast or before.target)
    if len(before.measures) != 1 or len(before.periods) != 1 or not plain:
        return None
    told = before.periods[0]
    named = [p.span for p in current.periods if (p.span.since, p.span.until) != (told.span.since, told.span.until)]
    if len(named) != 1 or named[0].since is None or any(p.negated for p in current.periods):
        return None
    out = before.copy()
    out.periods = [replace(told, span=named[0]), told]
    out.change, out.loose, out.notes = "any", list(current.loose), list(current.notes)
    return out
