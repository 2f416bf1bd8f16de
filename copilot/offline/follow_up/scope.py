"""The scope of a follow-up: what it narrows, replaces, takes back, lets go, moves in time or turns round."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from copilot.offline.compose.reading import FieldTest, Period, Reading, RecordTest, Shift, StateTest
from copilot.offline.compose.scope.periods import in_year
from copilot.offline.dates.calendar import add_months, step
from copilot.offline.follow_up.context import Context, Slot, side_of, slots, without

_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_COMPANY = "company"


def rescope(context: Context, out: Reading, current: Reading) -> None:
    """Put the conditions of `current` into `out`, a copy of the reading before it."""
    if out.part is not None and slots(current):
        _other_part(out, current)
        return
    let_go(out, current)
    if current.below:
        out.records = [replace(r, below=True) if _is_company(r) else r for r in out.records]
        out.unclear |= not any(map(_is_company, out.records))
    _turn_round(context, out, current)
    _filter(context, out, current)
    if current.shift is not None:
        moved = shifted(out.periods, current.shift)
        out.periods, out.unclear = moved or out.periods, out.unclear or moved is None


def _other_part(out: Reading, current: Reading) -> None:
    """As in "and technology?", after a share that a follow-up asked for: the share of another part."""
    part, said = out.part, slots(current)
    kinds = side_of(said).kinds
    led = any(r.reference == "user.manager" for r in out.records)
    if part is not None and part.kinds == kinds and len(said) == 1:
        out.unclear |= led and part.records != () and part.records[0].entity == "user"  # of that team, or of their own?
        out.part = side_of(said)
    elif part is not None and len(said) == 1 and isinstance(said[0], Period) and not part.periods and out.periods:
        like = out.periods[0]  # "same for September": the same part of another whole
        out.periods = [replace(p, role=like.role, dotted=like.dotted) for p in in_year_of(out.periods, current.periods)]
    else:
        out.unclear = True


def let_go(out: Reading, current: Reading) -> None:
    """As in "drop the industry": what is let go must have been there."""
    drop = [*current.drop, *([_COMPANY] if current.ours and _asks_nothing(current) else [])]
    gone: list[Slot] = [slot for slot in slots(out) if any(_is_on(slot, each) for each in drop)]
    mine = _COMPANY in drop and out.mine is not None
    kept = without(out, gone)
    out.fields, out.records, out.periods = kept.fields, kept.records, kept.periods
    out.mine = None if mine else out.mine
    out.unclear |= bool(drop) and not gone and not mine


def _asks_nothing(current: Reading) -> bool:
    """As in "and for the whole company?": nothing else is said."""
    asked = current.measures or current.columns or current.groups or current.target or current.asks or current.sup
    return not (asked or slots(current) or current.share or current.having)


def _is_on(slot: Slot, dropped: str) -> bool:
    """Whether a test narrows by what is let go: "account.industry", "product", the time, all people and places."""
    if isinstance(slot, Period):
        return dropped == "period"
    if isinstance(slot, FieldTest):
        return slot.dotted == dropped or (dropped == _COMPANY and slot.entity == "user")
    if isinstance(slot, RecordTest):
        kinds = {slot.entity, slot.reference, *(("user", _COMPANY) if slot.entity == "user" else ())}
        return dropped in kinds or dropped.split(".")[-1] in (slot.entity, "owner" if slot.entity == "user" else "")
    return False


def _is_company(test: RecordTest) -> bool:
    return test.entity == "account" and not (test.negated or test.reference)


def _turn_round(context: Context, out: Reading, current: Reading) -> None:
    """As in "and the rest?", "the other products": all but those that were asked about."""
    if not current.rest:
        return
    earlier = slots(context.history[-2][0]) if len(context.history) > 1 else []
    told = [s for s in slots(out) if not isinstance(s, Period) and not s.negated]
    told = [s for s in told if "any" in current.rest or any(_is_on(s, each) for each in current.rest)]
    told = [s for s in told if len(told) == 1 or not (isinstance(s, StateTest) and _is_measured(s, context))]
    fresh = [s for s in told if s not in earlier and not (isinstance(s, RecordTest) and s.at < 0)]
    found = fresh if len(fresh) == 1 else told
    tested = found[0] if len(found) == 1 else None
    pointed = any(p.text == "it" for p in current.pronouns)  # "the others on it": others of which team?
    tested = None if pointed and isinstance(tested, RecordTest) and tested.reference else tested
    if tested is None or (isinstance(tested, FieldTest) and tested.op not in _TURNED):
        out.unclear = True
    elif isinstance(tested, StateTest):
        before = {kind for s in earlier if isinstance(s, StateTest) for kind in s.kinds}
        left = tuple(kind for kind in _KINDS if kind in before and kind not in tested.kinds)
        out.states, out.unclear = [StateTest(left)], out.unclear or not left
    else:
        out.fields = [replace(t, negated=True) if t is tested else t for t in out.fields]
        out.records = [replace(t, negated=True) if t is tested else t for t in out.records]


_ENDED = {"deals_won": ("won",), "bookings": ("won",), "deals_lost": ("lost",), "pipeline": ("open",)}


def _is_measured(state: StateTest, context: Context) -> bool:
    """As in "lost on price", after how many were lost: the state was measured before, and is said once more."""
    measures = context.history[-2][0].measures if len(context.history) > 1 else []
    return any(_ENDED.get(str(measure.metric)) == state.kinds for measure in measures)


_KINDS = ("open", "won", "lost")
_TURNED = ("in", "gt", "ge", "lt", "le")


def shifted(periods: Sequence[Period], shift: Shift) -> list[Period] | None:
    """The one period that was shown, moved; None where it is not said from where or how far."""
    if len(periods) != 1 or periods[0].negated:
        return None
    period = periods[0]
    since, until, own = period.span.since, period.span.until, period.span.unit
    if since is None or until is None:
        return None
    try:
        steps = shift if shift.year is None else Shift(12 * (shift.year.year - since.year), "month")
        first, after = (_moved(day, steps, own) for day in (since, until + timedelta(days=1)))
    except (ValueError, OverflowError):
        return None
    if first is None or after is None:
        return None
    span = replace(period.span, since=first, until=after - timedelta(days=1), is_future_form=shift.steps > 0)
    return [replace(period, span=replace(span, year_assumed=False))]


def _moved(day: date, shift: Shift, own: str) -> date | None:
    """One end of a period of length `own`, moved; a whole number of years moves any period."""
    unit = shift.unit or own
    if unit in _MONTHS and (unit == own or (shift.unit == "month" and shift.steps % 12 == 0)):
        return add_months(day, shift.steps * _MONTHS[unit])
    return step(day, shift.steps, "week" if unit == "week" else "day") if unit == own in ("day", "week") else None


def _filter(context: Context, out: Reading, current: Reading) -> None:
    """Its own conditions take the place of those on the same field, kind of record, state and time."""
    for test in _put_right(out.fields, current.fields):
        if test.op == "empty" and any(t.dotted == test.dotted for t in out.fields):
            out.fields = [
                t for t in out.fields if t.dotted != test.dotted
            ]  # "without the industry": no longer a filter
            continue
        if current.follow == "add" and any(t.dotted == test.dotted and t.negated for t in out.fields):
            out.fields.append(replace(test, negated=True))  # "excluding Germany" … "and Japan too"
            continue
        out.fields = [t for t in out.fields if not (t.dotted == test.dotted and t.op == test.op)] + [test]
    mine = [_like_before(context, out, r) for r in _put_right_records(out.records, current.records)]
    named = {(r.entity, r.reference) for r in mine if not r.negated}
    out.records = [r for r in out.records if (r.entity, r.reference) not in named or r.negated] + mine
    out.states = list(current.states) if current.states else out.states
    out.meant = [m for m in out.meant if m.entity not in {new.entity for new in current.meant}] + current.meant
    out.started = current.started or out.started
    said = in_year_of(out.periods, current.periods)
    if said:
        out.periods = [*out.periods, *said] if all(p.negated for p in said) else said
    put_owner(out, current, out.mine)


def beside(before: Sequence[Period], current: Reading) -> list[Period]:
    """The periods spoken of, but for those of a day that is bounded anew: 已经过期的, after 12月5号之前到期的."""
    told = {test.dotted for test in current.fields}
    return [period for period in before if period.dotted is None or period.dotted not in told]


def as_planned(out: Reading) -> Reading:
    """As in "the ones past their close date", of open deals: the day on which they are to close."""
    if not out.states or any(set(state.kinds) != {"open"} or state.negated for state in out.states):
        return out
    ends, planned = "deal.closed_on", "deal.closes_on"
    out.fields = [replace(t, dotted=planned) if t.dotted == ends else t for t in out.fields]
    out.periods = [replace(p, dotted=planned) if p.dotted == ends else p for p in out.periods]
    return out


def put_owner(out: Reading, current: Reading, before: Literal["me", "team"] | None) -> None:
    """As in "and mine?", after Anna's deals, or "and Anna's?", after one's own: the owner is another one."""
    out.mine = current.mine or before
    if current.mine:
        out.records = [r for r in out.records if not _is_owner(r) or r in current.records]
    elif any(map(_is_owner, current.records)) and not any(p.kind == "set" for p in current.pronouns):
        out.mine = None


def _is_owner(test: RecordTest) -> bool:
    return test.entity == "user" and not test.negated


def in_year_of(before: Sequence[Period], said: Sequence[Period]) -> list[Period]:
    """As in "and June?", after May 2024: a period without a year is of the year that was spoken of."""
    spoken = {p.span.since.year for p in before if p.span.since and not p.span.year_assumed and not p.negated}
    if len(spoken) != 1:
        return list(said)
    return [in_year(period, min(spoken)) for period in said]


def _put_right(before: Sequence[FieldTest], said: Sequence[FieldTest]) -> list[FieldTest]:
    """As in "not Germany, Japan", after a question about Germany: Germany is taken back, Japan takes its place."""
    held = {(t.dotted, value) for t in before if not t.negated for value in t.values}
    taken = [t for t in said if t.negated and any((t.dotted, value) in held for value in t.values)]
    if not taken:
        return list(said)
    return [replace(t, negated=False) if t.negated else t for t in said if t not in taken]


def _put_right_records(before: Sequence[RecordTest], said: Sequence[RecordTest]) -> list[RecordTest]:
    """The same of records."""
    held = {name for t in before if not t.negated for name in t.names}
    taken = [t for t in said if t.negated and held & set(t.names)]
    if not taken:
        return list(said)
    return [replace(t, negated=False) if t.negated else t for t in said if t not in taken]


def _like_before(context: Context, out: Reading, test: RecordTest) -> RecordTest:
    """As in "and Dustin's?", after somebody's team: the team of another manager."""
    before = [r for r in out.records if r.entity == test.entity and not r.negated]
    if test.reference or test.negated or test.entity != "user" or [r.reference for r in before] != ["user.manager"]:
        return test
    role = context.look_up(test.names[0], "role") if len(test.names) == 1 else None
    return replace(test, reference="user.manager") if role == "manager" else test
