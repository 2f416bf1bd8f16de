"""The team as a whole, after its people or one of them: "and the team overall?", 他们部门整体呢."""

from dataclasses import replace

from copilot.offline.compose.reading import FieldTest, MeasureNode, Reading, RecordTest
from copilot.offline.follow_up.context import Context, slots
from copilot.offline.follow_up.resolving import resolve_team
from copilot.offline.follow_up.rows import unranked

_MANAGER, _TEAM = "user.manager", "user.team"


def of_whole_team(context: Context, current: Reading) -> Reading:
    """As in "how many did the whole team lose", after one of its people: asked of that team, and of nobody alone."""
    before = context.previous
    if not current.whole_team or not (current.measures or current.asks or current.target) or before.mine:
        return current
    team = _spoken_of(context)
    if team is None:
        return current
    narrowed = any(r.entity == "user" and not r.negated for r in before.records)
    out = replace(current, ours=False, whole_team=False, drop=[*current.drop, *(["user"] if narrowed else [])])
    if isinstance(team, RecordTest):
        return replace(out, records=[*current.records, team])
    return replace(out, fields=[*current.fields, team])


def as_whole_team(context: Context, current: Reading) -> Reading | None:
    """What was told of its people, or of one of them, told of the team; None where no team was spoken of."""
    before = context.previous
    asked = current.measures or current.columns or current.groups or current.target or current.sup or current.share
    if not current.whole_team or asked or slots(current) or context.last.spec is None:
        return None
    team = _spoken_of(context)
    if team is None and not before.mine:
        return None
    out = _ungrouped(before, current)
    out.records = [r for r in out.records if r.entity != "user" or r is team]
    out.fields = [t for t in out.fields if t.dotted != _TEAM or t is team]
    if isinstance(team, RecordTest) and team not in out.records:
        out.records.append(team)
    out.mine = "team" if before.mine and team is None else None
    return out


def _spoken_of(context: Context) -> RecordTest | FieldTest | None:
    """The team that was asked about, that of the one person spoken of, or the one that was asked about earlier."""
    earlier = [found for reading, _ in reversed(context.history[:-1]) if (found := _team_of(reading))]
    return _team_of(context.previous) or resolve_team(context) or (earlier[0] if earlier else None)


def _team_of(before: Reading) -> RecordTest | FieldTest | None:
    """The one team that was asked about."""
    led = [r for r in before.records if r.reference == _MANAGER and not r.negated]
    named = [t for t in before.fields if t.dotted == _TEAM and not t.negated and len(t.values) == 1]
    found: list[RecordTest | FieldTest] = [*led, *named]
    return found[0] if len(found) == 1 else None


def _ungrouped(before: Reading, current: Reading) -> Reading:
    """The question of all of them together: no longer each by itself, and not only those that a test of each left."""
    listed = not (before.groups or before.sup)
    out = before.copy() if listed else unranked(before, current)
    out.having = []
    if not listed and not out.measures:
        counted = before.target is None or before.target.dotted in ("rep", "user")
        out.measures = [
            MeasureNode(fn="count", dotted="deal" if counted else str(before.target and before.target.dotted))
        ]
    out.loose, out.notes, out.not_held = list(current.loose), list(current.notes), list(current.not_held)
    return replace(out, total=False)
