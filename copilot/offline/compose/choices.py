"""Rules for "or" between conditions of different kinds: "in retail or with over 5,000 staff", "above 5k or below 100".

Values of one field, records of one kind, states and periods beside each other are alternatives by their own rules; here
are the others. What stands on each side of the "or" is told apart only where the words leave no doubt.
"""

from dataclasses import dataclass

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.contrasts import take_out
from copilot.offline.compose.reading import FieldTest, Period, Reading, RecordTest, Side, StateTest
from copilot.offline.tags import T

Test = FieldTest | RecordTest | StateTest | Period


@dataclass(frozen=True)
class _Placed:
    """A test, the token where its words begin, and what kind of thing it tests."""

    test: Test
    start: int
    kind: str


def either(c: Composer) -> None:
    """As in "either X or Y": the word only announces the "or"."""
    for at, item, _ in list(c.each(T.OR)):
        later = (k for k in range(at + 1, len(c.items)) if c.has(k, T.OR, "or"))
        if c.has(at, T.OR, "either") and next(later, None) is not None:
            after = c.items[at + 1]
            after.before, after.preps = after.before | item.before, after.preps | item.preps
            c.items.remove(item)
            return


def adverbs(c: Composer) -> None:
    """As in 员工数|又|过5000: between a field and its bound the word only says that this holds as well."""
    for at, item, _ in list(c.each(T.FOLLOW)):
        bounded = c.sense(at + 1, T.NUMBER, T.OP) is not None and not c.items[at + 1].after_break
        if item.tag.text in ("又", "也", "还") and bounded and c.numeric_at(at - 1):
            c.items.remove(item)
            return


def alternatives(c: Composer) -> None:
    """Two sides of an "or": each holds by itself, and what holds for both stays with the question."""
    for at, item, _ in list(c.each(T.OR)):
        placed = _placed(c.reading)
        left = [p for p in placed if p.start < item.tag.start]
        right = [p for p in placed if item.tag.end <= p.start < _end(c, at)]
        if not left or not _has_tests(c, at) or _are_alike(c, at):
            continue
        one = _matching(c, left, right) if right and not c.reading.having else None
        if one is None or c.reading.either:
            c.reading.unclear = True
            continue
        sides = _side(one), _side(right)
        take_out(c.reading, *sides)
        c.reading.either.append(sides)
        c.own(at)


def _end(c: Composer, at: int) -> int:
    """The token where the clause behind an "or" ends."""
    after = next((item for item in c.items[at + 2 :] if item.after_break or item.tag.get(T.ASK, T.OR)), None)
    return after.tag.start if after else c.items[-1].tag.end


def _has_tests(c: Composer, at: int) -> bool:
    """Whether a condition follows at all, and no second noun or measure."""
    kinds = (T.VALUE, T.RECORD, T.OP, T.POST_OP, T.STATE, T.DATE)
    return any(item.tag.get(*kinds) for item in c.items[at + 1 : at + 4])


def _are_alike(c: Composer, at: int) -> bool:
    """Whether both neighbours are values of one field, records of one kind, states or periods."""
    left, right = c.item(at - 1), c.item(at + 1)
    if left is not None and left.tag.get(T.ENTITY) and at > 1 and not left.tag.get(T.VALUE):
        left = c.item(at - 2)  # "retail customers or medical ones"
    if left is None or right is None:
        return True
    if any(left.tag.get(kind) and right.tag.get(kind) for kind in (T.STATE, T.DATE, T.ENTITY, T.METRIC)):
        return True
    fields = [{s.value[0] for s in item.tag.all(T.VALUE)} for item in (left, right)]
    named = [{name.entity for s in item.tag.all(T.RECORD) for name in s.value} for item in (left, right)]
    return bool(fields[0] & fields[1] or named[0] & named[1])


def _matching(c: Composer, left: list[_Placed], right: list[_Placed]) -> list[_Placed] | None:
    """What stands before the "or" as the other alternative: the same kinds, else the only one behind the noun."""
    wanted = {p.kind for p in right}
    same = {p.kind: p for p in left if p.kind in wanted}  # the last one of each kind
    if len(same) == len(wanted):
        return list(same.values())
    if same:
        return None
    noun = next((item.tag.end for item in c.items if item.owned and item.tag.get(T.ENTITY, T.METRIC)), 0)
    behind = [p for p in left if p.start >= noun]
    return behind if len(behind) == 1 else None


def _placed(reading: Reading) -> list[_Placed]:
    found = [_Placed(t, t.at, t.dotted) for t in reading.fields]
    found += [_Placed(t, t.at, t.reference or t.entity) for t in reading.records]
    found += [_Placed(t, t.at, "state") for t in reading.states]
    found += [_Placed(p, p.span.start, "period") for p in reading.periods]
    return sorted((p for p in found if p.start >= 0), key=lambda p: p.start)


def _side(placed: list[_Placed]) -> Side:
    tests = [p.test for p in placed]
    return Side(
        tuple(t for t in tests if isinstance(t, FieldTest)),
        tuple(t for t in tests if isinstance(t, RecordTest)),
        tuple(t for t in tests if isinstance(t, StateTest)),
        tuple(t for t in tests if isinstance(t, Period)),
    )
