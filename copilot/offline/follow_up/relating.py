"""Follow-ups that set what was shown in relation: a share of it, its change, the gap between two, one of the three."""

from dataclasses import replace

from copilot.offline.compose.reading import Contrast, FieldTest, Period, Reading, RecordTest, StateTest, Target
from copilot.offline.dates.calendar import add_months
from copilot.offline.follow_up.context import Context, Slot, side_of, slots, without


def relate(context: Context, current: Reading) -> Reading | None:
    """The reading that relates `current` to what was shown; None where it asks nothing of the kind."""
    if current.share and not current.groups:
        return _share(context, current)
    if (current.gap or current.change) and current.contrast is None and len(current.periods) < 2:
        return _gap(context, current)
    if current.shown:
        return _among(context, current)
    return None


def _share(context: Context, current: Reading) -> Reading | None:
    """As in "what share of them did we win", "… of everything we sold that quarter is that"."""
    previous, said = context.previous, slots(current)
    if context.last.spec is None or previous.sup or previous.groups:
        return None
    points_at_set = any(p.kind == "set" for p in current.pronouns) and not current.thing
    if points_at_set and said:
        return _as_share(previous, said)
    if current.thing or (current.states and not current.records):
        return _part_of_more(context, current)
    return None


def _as_share(whole: Reading, part: list[Slot]) -> Reading:
    out = whole.copy()
    out.share, out.part, out.columns = "share", side_of(part), []
    return out


def _part_of_more(context: Context, current: Reading) -> Reading:
    """What was shown is the part; the whole is what the words now say, in the same time unless they say another."""
    previous = context.previous
    kept = [type(slot) for slot in slots(current)]
    part = [s for s in slots(previous) if not isinstance(s, Period) or current.periods]
    out = previous.copy()
    if current.thing:
        out.fields, out.records = list(current.fields), list(current.records)
        out.states = list(current.states)
    else:  # "… of all the ones we won": the narrowing of the last turn is the part
        earlier = context.history[-2][0] if len(context.history) > 1 else None
        part = [s for s in part if earlier is None or s not in slots(earlier)]
        part = [s for s in part if not isinstance(s, RecordTest) and (type(s) in kept or isinstance(s, FieldTest))]
        out = without(out, part)
        out.states = list(current.states) or out.states
    out.periods = list(current.periods) or list(previous.periods)
    out.records += [
        r for r in previous.records if any(p.kind == "single" for p in current.pronouns) and r not in out.records
    ]
    part = [s for s in part if s not in slots(out)]
    out.unclear = not part
    return _as_share(out, part)


def _gap(context: Context, current: Reading) -> Reading | None:
    """As in "how much of a drop is that", "by what percent did that change from Q2", "how far apart are the two"."""
    previous = context.previous
    pair: list[Slot]
    if current.periods and previous.periods and not current.measures:
        pair = [previous.periods[-1], _near(current.periods[0], previous.periods[-1])]
        base = without(previous, previous.periods)
    elif current.periods:
        return None
    elif context.last.spec is not None and (previous.sup or (previous.groups and previous.order)):
        out = previous.copy()
        out.gap, out.groups = True, []
        return out
    else:
        found = context.series()[-2:]
        if len(found) < 2:
            return None
        pair, base = found, without(previous, found)
    periods = [slot for slot in pair if isinstance(slot, Period)]
    if len(periods) == len(pair):
        pair = [*sorted(periods, key=lambda p: str(p.span.since), reverse=True)]
    base.contrast = Contrast(side_of(pair[:1]), side_of(pair[1:]))
    base.loose, base.notes, base.not_held = list(current.loose), list(current.notes), list(current.not_held)
    base.change, base.gap, base.sup = None, False, None
    return base


def _near(period: Period, other: Period) -> Period:
    """A period without a year, in the year that comes before the other: "from Q1", said of Q2 2024."""
    since, until = period.span.since, period.span.until
    if not period.span.year_assumed or since is None or until is None or other.span.since is None:
        return period
    years = other.span.since.year - since.year - ((since.month, since.day) >= (other.span.since.month, 1))
    first, last = add_months(since, 12 * years), add_months(until, 12 * years)
    return replace(period, span=replace(period.span, since=first, until=last))


def _among(context: Context, current: Reading) -> Reading | None:
    """As in "which of the three has the most", after three questions about one each; "the two of them together"."""
    found = context.series()[-(current.shown or 0) :]
    if len(found) != current.shown or (context.last.entity and len(context.last.ids) > 1):
        return None
    first, out = found[0], without(context.previous, found)
    fields = [slot for slot in found if isinstance(slot, FieldTest)]
    if len(fields) == len(found):
        values = tuple(dict.fromkeys(value for slot in fields for value in slot.values))
        out.fields.append(replace(fields[0], values=values))
    else:
        for slot in found:
            _list_of(out, slot).append(slot)
    if current.sup is None:
        return _together(out, current)
    noun = first.entity if isinstance(first, RecordTest) and not first.reference else None
    noun = first.dotted if isinstance(first, FieldTest) else noun
    if noun is None:
        return None
    out.sup = replace(current.sup, noun="rep" if noun == "user" else noun, limit=None)
    out.target = Target("rep" if noun == "user" else noun, "which", is_plural=False)
    out.asks = ["which"]
    out.measures = list(current.measures) or out.measures
    return out


_LISTS: dict[type, str] = {FieldTest: "fields", RecordTest: "records", StateTest: "states", Period: "periods"}


def _list_of(reading: Reading, slot: Slot) -> list[Slot]:
    found: list[Slot] = getattr(reading, _LISTS[type(slot)])
    return found


def _together(out: Reading, current: Reading) -> Reading:
    out.measures = list(current.measures) or out.measures
    out.side_by_side = False
    return out
