"""Whether a follow-up kept all that its words say: what got lost on the way would be a wrong answer."""

from collections.abc import Iterable

from copilot.offline.compose.reading import Contrast, Doubt, FieldTest, Reading, RecordTest, StateTest
from copilot.offline.follow_up.context import Context, slots


def loses(current: Reading, out: Reading) -> bool:
    """Whether something that `current` says has no place in `out`, the reading that it became."""
    told = list(slots(out))
    for side in (*_sides(out.contrast), *((out.part,) if out.part else ())):
        told += [*side.fields, *side.records, *side.states, *side.periods]
    fields = [(f.dotted, value) for f in told if isinstance(f, FieldTest) for value in (*f.values, None)]
    names = {name for r in told if isinstance(r, RecordTest) for name in r.names}
    kinds = {kind for s in told if isinstance(s, StateTest) for kind in s.kinds}
    return (
        any(
            (t.dotted, value) not in fields
            for t in current.fields
            if t.op == "in"
            for value in t.values
            if not t.negated
        )
        or any(not set(r.names) <= names for r in current.records if not r.negated)
        or (not out.measures and any(not set(s.kinds) <= kinds for s in current.states))
        or _loses_what_is_asked(current, out)
        or _counts_a_field(current, out)
    )


def _counts_a_field(current: Reading, out: Reading) -> bool:
    """As in 价格的有几个, after reasons: a field is named that no count tells."""
    counts = current.asks == ["count"] == out.asks and current.target is None
    return counts and bool(current.columns) and not (current.row or current.sup or current.pronouns)


def doubts_left(context: Context, current: Reading) -> list[Doubt]:
    """What was asked back before and is not answered now, with what is to be asked about this message."""
    asked = context.previous.doubts if context.last.options else []
    told = {test.dotted for test in current.fields}
    left = [
        doubt
        for doubt in asked
        if not (
            told & set(doubt.fields) or (doubt.options and current.periods) or (doubt.measures and current.measures)
        )
    ]
    return [*left, *current.doubts]


def _sides(contrast: Contrast | None) -> Iterable[object]:
    return () if contrast is None else (contrast.left, contrast.right)


MADE = ("ratio", "chain", "parted", "apart", "part", "own_group")  # what the words of one message put together


def _loses_what_is_asked(current: Reading, out: Reading) -> bool:
    """Measures, groups, rankings, columns, comparisons."""
    related = out.contrast is not None or out.gap or (current.joined and bool(out.groups))
    return (
        len(out.measures) < len(current.measures)
        or len(out.groups) < len(current.groups)
        or (current.side_by_side and not (out.side_by_side or out.change or related))
        or (bool(current.change) and not (out.change or related))
        or (current.gap and not (related or out.change))
        or (bool(current.share) and not out.share)
        or len(out.having) < len(current.having)
        or len(out.also) < len(current.also)
        or len(out.either) < len(current.either)
        or (current.against is not None and out.against is None)
        or (current.place and not out.place)
        or (current.mean and not out.measures)
        or (current.distinct and not out.distinct)
        or any(getattr(current, name) and not getattr(out, name) for name in MADE)
    )


def changes(previous: Reading, out: Reading) -> bool:
    """Whether the edit made another question of it: a fragment that changes nothing was not understood."""
    kept = ("fields", "records", "states", "periods", "measures", "groups", "sup", "having", "columns", "share", "part",
            "contrast", "gap", "change", "order", "side_by_side", "total", "average_per", "distinct", "mine", "against",
            "place", "also", "either", "running", "growth", "without", "meant", "started", "target", "asks", "loose",
            "not_held", "doubts", "unclear", *MADE)  # fmt: skip
    return any(getattr(previous, name) != getattr(out, name) for name in kept)
