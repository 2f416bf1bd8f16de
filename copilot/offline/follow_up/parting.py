"""What a difference or a share falls on: "which product made the difference", "what share of her region is that"."""

from dataclasses import replace

from copilot.offline.compose.reading import FieldTest, GroupNode, Period, Reading, RecordTest
from copilot.offline.follow_up.context import Context, side_of, without
from copilot.offline.vocabulary import Name


def change_of_each(context: Context, current: Reading) -> Reading:
    """As in "which product made the difference", after two periods: the change of each; else it asks."""
    previous = context.previous
    periods = _two_periods(previous)
    noun = current.target.dotted if current.target else ""
    if len(periods) != 2 or not previous.measures or current.fields or current.records:
        return replace(current.copy(), unclear=True)
    out = previous.copy()
    out.loose, out.notes, out.not_held = list(current.loose), list(current.notes), list(current.not_held)
    out.contrast, out.gap, out.side_by_side, out.sup, out.target, out.asks = None, False, False, None, None, []
    out.periods, out.change, out.groups = periods, "any", [GroupNode(noun)]
    return out


def _two_periods(previous: Reading) -> list[Period]:
    """The periods that were set against each other, the earlier one first."""
    sides = (previous.contrast.left, previous.contrast.right) if previous.contrast else ()
    found = [period for side in sides for period in side.periods]
    if not sides and (previous.change or previous.side_by_side):
        found = list(previous.periods)
    return sorted(found, key=lambda period: str(period.span.since))


def part_of_its_own(context: Context, current: Reading) -> Reading | None:
    """As in "what share of her region is that": what was told of her, as a part of what her region has."""
    tests = [t for t in current.fields if t.op == "not_empty" and not t.negated]
    people = [p for p in current.pronouns if p.is_person]
    if len(tests) != 1 or len(current.fields) != 1 or not people or current.records or current.measures:
        return None
    entity, field = tests[0].dotted.split(".")
    part = [r for r in context.previous.records if r.entity == entity and not (r.negated or r.reference)]
    value = context.look_up(part[0].names[0], field) if len(part) == 1 and len(part[0].names) == 1 else None
    out = without(context.previous, part)
    out.loose, out.notes, out.not_held = list(current.loose), list(current.notes), list(current.not_held)
    if isinstance(value, Name):
        out.records.append(RecordTest(value.entity, (value,), reference=tests[0].dotted))
    elif value is not None:
        out.fields.append(FieldTest(tests[0].dotted, "in", (value,)))
    out.unclear |= value is None
    out.share, out.part, out.columns = "share", side_of(part), []
    return out
