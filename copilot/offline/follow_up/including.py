"""What is put beside those that were compared: "add Priya and Caleb", 再加上王五一起看."""

from collections.abc import Sequence
from dataclasses import replace

from copilot.offline.compose.reading import FieldTest, GroupNode, Reading, RecordTest, Target
from copilot.offline.follow_up.context import Context, Slot, grouped_by, slots, without
from copilot.offline.follow_up.rows import shown_rows, unranked

_RANKED = {"rank", "list", "request"}


def include(context: Context, current: Reading) -> Reading | None:
    """The last question with those that `current` names beside those that it was about, each told by itself.

    None where nothing is added, or where what is named is of another kind than what was compared: then it narrows.
    """
    previous = context.previous
    said: list[FieldTest | RecordTest] = [*current.fields, *current.records]
    adds = current.joined or current.follow == "add"
    if not adds or not said or context.last.spec is None or _says_more(current):
        return None
    kinds = {_kind(slot) for slot in said}
    if len(kinds) != 1 or any(slot.negated for slot in said):
        return None
    kind = kinds.pop()
    told = _told(context, kind)
    if current.joined and not told and grouped_by(previous) in kind:
        return replace(current.copy(), unclear=True)  # "add the West", where all of them were told
    if not told or not _counts(previous) or not (current.joined or _are_compared(told)):
        return None
    out = without(unranked(previous, current), told)
    _put(out, [*told, *said])
    first = said[0]
    noun = first.dotted if isinstance(first, FieldTest) else "rep" if first.entity == "user" else first.entity
    out.groups, out.sup, out.total = [GroupNode(noun)], None, False
    if not out.measures:
        counted = previous.target if previous.target is not None and previous.target.ask == "count" else None
        out.target, out.asks = counted or Target("deal", "count"), ["count"]
    out.order = current.order or previous.order
    return out


def alone(context: Context, current: Reading) -> Reading | None:
    """As in "what about Priya?", after one was set against another: of her alone."""
    previous = context.previous
    said: list[FieldTest | RecordTest] = [*current.fields, *current.records]
    compared = previous.contrast is not None or previous.side_by_side
    if not compared or len(said) != 1 or said[0].negated or _says_more(current) or context.last.spec is None:
        return None
    told = _told(context, _kind(said[0]))
    if not _are_compared(told):
        return None
    out = without(unranked(previous, current), told)
    _put(out, said)
    return out


def both_times(context: Context, out: Reading, current: Reading) -> None:
    """As in "break that down per person, and the same for November": of the time before and of this one."""
    before = [p for p in context.previous.periods if not p.negated]
    same = any(p.kind == "same" for p in current.pronouns)
    if same and current.groups and len(current.periods) == 1 and len(before) == 1 and not current.measures:
        out.periods, out.change = [*before, *current.periods], "any"


def _says_more(current: Reading) -> bool:
    asked = current.measures or current.groups or current.having or current.columns or current.target or current.share
    return bool(asked or current.periods or current.states or current.drop) or not set(current.asks) <= _RANKED


def _counts(previous: Reading) -> bool:
    ranked = previous.sup is not None and previous.sup.sort.endswith("count")
    return bool(previous.measures) or previous.asks == ["count"] or ranked or previous.side_by_side


def _kind(slot: Slot) -> tuple[str | None, ...]:
    """What a test is of: a kind of record, or a field."""
    if isinstance(slot, RecordTest):
        return (slot.entity, slot.reference)
    return (slot.dotted if isinstance(slot, FieldTest) and slot.op == "in" else None,)


def _told(context: Context, kind: tuple[str | None, ...]) -> list[Slot]:
    """Those of this kind that the last question was about, or that its ranking showed."""
    previous, found = context.previous, list[Slot]()
    if previous.contrast is not None:
        for side in (previous.contrast.left, previous.contrast.right):
            found += [*side.fields, *side.records]
    found = [slot for slot in [*found, *slots(previous)] if not slot.negated and _kind(slot) == kind]
    if not found and (previous.sup is not None or grouped_by(previous)):
        found = [slot for slot in shown_rows(context) if _kind(slot) == kind]
        limited = previous.sup is not None and len(context.last.labels) > 1
        found = found if limited else []  # all of them were told already
    return found


def _are_compared(told: Sequence[Slot]) -> bool:
    """As in "and Canada too", after Germany and Japan side by side; after Germany alone it takes its place."""
    return sum(len(slot.values) if isinstance(slot, FieldTest) else 1 for slot in told) > 1


def _put(out: Reading, tests: Sequence[Slot]) -> None:
    values = [t for t in tests if isinstance(t, FieldTest)]
    if values:
        every = tuple(dict.fromkeys(value for test in values for value in test.values))
        out.fields.append(replace(values[0], values=every))
    for test in tests:
        if isinstance(test, RecordTest) and not any(r.names == test.names for r in out.records):
            out.records.append(test)
