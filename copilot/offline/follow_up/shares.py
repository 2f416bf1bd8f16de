"""Parts of what was just told: one of its groups, one's own part of the team's, somebody's of the team's."""

from copilot.offline.compose.composer import entity_of
from copilot.offline.compose.reading import FieldTest, Reading, RecordTest
from copilot.offline.follow_up.context import Context, Slot, side_of, slots, without
from copilot.offline.follow_up.leaning import counted_as_measure
from copilot.offline.follow_up.resolving import resolve_team


def share_of_shown(context: Context, current: Reading) -> Reading | None:
    """The share that the words tell of what was shown; None where they tell another one."""
    told = _of_group(context, current) or _of_own_team(context, current)
    return told or _of_their_team(context, current) or _of_figure(context, current)


def _of_group(context: Context, current: Reading) -> Reading | None:
    """As in "what % of the total is price", after figures by reason; 华南占多少, after figures by team."""
    before = counted_as_measure(context.previous)
    part = current.part
    said: list[Slot] = slots(current)
    if part is not None:
        said = [*part.fields, *part.records, *part.states, *part.periods]
    noun = before.groups[0].dotted if len(before.groups) == 1 else None
    asked = current.groups or current.columns or current.target or current.sup
    if noun is None or len(said) != 1 or asked or len(before.measures) != 1 or not _is_of(said[0], noun):
        return None
    if current.measures and current.measures != before.measures:
        return None
    out = _whole(before, current)
    out.share, out.part, out.percent = "share", side_of(said), current.percent
    return out


def _is_of(slot: Slot, noun: str) -> bool:
    if isinstance(slot, FieldTest):
        return slot.dotted == noun and slot.op == "in" and not slot.negated
    return isinstance(slot, RecordTest) and slot.entity == entity_of(noun) and "." not in noun and not slot.negated


def _of_own_team(context: Context, current: Reading) -> Reading | None:
    """As in 占我们组多少, after one's own figure."""
    before = counted_as_measure(context.previous)
    asked = current.measures or current.groups or current.columns or current.target or current.sup or slots(current)
    if before.mine != "me" or current.mine != "team" or asked or len(before.measures) != 1 or before.groups:
        return None
    out = _whole(before, current)
    out.mine, out.me, out.share = "team", True, "share"
    return out


def _of_figure(context: Context, current: Reading) -> Reading | None:
    """As in 华南的占多少, after one figure: the words before the share name its part."""
    before, said = counted_as_measure(context.previous), slots(current)
    asked = current.measures or current.groups or current.columns or current.target or current.sup or current.pronouns
    leads = len(said) == 1 and isinstance(said[0], FieldTest | RecordTest) and 0 <= said[0].at < current.share_at[0]
    if not leads or asked or len(before.measures) != 1 or before.groups or before.sup or before.share or before.mine:
        return None
    out = _whole(before, current)
    out.share, out.part = "share", side_of(said)
    return out


def _of_their_team(context: Context, current: Reading) -> Reading | None:
    """As in "what share of his team's is that", after one person's figure."""
    team = any(p.entity == "team" for p in current.pronouns)
    before = counted_as_measure(context.previous)
    part = [r for r in before.records if r.entity == "user" and not (r.negated or r.reference)]
    asked = current.measures or current.groups or current.columns or current.target or slots(current)
    if not team or asked or len(part) != 1 or len(before.measures) != 1 or before.groups or before.sup:
        return None
    led = resolve_team(context)
    out = _whole(without(before, part), current)
    out.records += [led] if led is not None else []
    out.unclear |= led is None
    out.share, out.part = "share", side_of(part)
    return out


def _whole(before: Reading, current: Reading) -> Reading:
    """The figure of the last question, of all its groups together."""
    out = before.copy()
    out.groups, out.sup, out.target, out.asks, out.order, out.columns, out.having = [], None, None, [], None, [], []
    out.loose, out.notes, out.not_held = list(current.loose), list(current.notes), list(current.not_held)
    return out
