"""A follow-up as an edit of the reading before it."""

from collections.abc import Sequence
from dataclasses import replace

from copilot.offline.compose.composer import entity_of
from copilot.offline.compose.reading import (
    FieldTest,
    GroupNode,
    MeasureNode,
    Pronoun,
    Reading,
    RecordTest,
    StateTest,
    Target,
)
from copilot.offline.follow_up.asking import ask_anew
from copilot.offline.follow_up.context import Context
from copilot.offline.follow_up.relating import relate
from copilot.offline.follow_up.resolving import Pointed, about, resolve
from copilot.offline.plan import PastTurn
from copilot.offline.vocabulary import Name

MAX_SET = 200
_BOOKINGS = MeasureNode(metric="bookings")
_AMOUNT = MeasureNode(fn="sum", dotted="deal.amount")


def is_follow_up(current: Reading, last: PastTurn) -> bool:
    """Whether the message leans on what was said: a pointer, a connective, a fragment, or no scope of its own."""
    scoped = bool(current.records or current.fields or current.periods or current.mine or current.meant)
    named = bool(current.records or current.fields or current.facts or current.meant)
    if current.follow or current.drop or any(not p.is_weak or not named for p in current.pronouns):
        return True
    if last.options and not current.measures and not current.asks:
        return True
    return not is_whole(current) or (not scoped and not current.ours)


def is_whole(current: Reading) -> bool:
    """Whether it is a question by itself, and not a part to put into the last one."""
    asked = [ask for ask in current.asks if ask not in ("list", "exists", "what", "rank")]
    noun = current.target is not None and current.target.ask not in (None, "list", "rank")
    return bool(noun or asked or current.columns) or (bool(current.measures) and bool(current.sup or current.groups))


def edit(context: Context, current: Reading) -> Reading:
    """The previous reading with what `current` says put in its place.

    A whole question keeps the filters that it does not replace; a fragment replaces just its own part: filters on the
    same field, periods, measures, groups, superlatives. A pointer to one record ("there", "that rep") becomes the
    record last spoken of; "those" keeps the set that was shown.
    """
    if current.follow == "back":
        context = _returned(context, current)
    current = _as_single(context, current)
    points = any(p.kind == "set" and not p.is_weak for p in current.pronouns)
    if points and context.last.spec is None and not context.last.options:
        return replace(current.copy(), unclear=True)  # "which of those", of what had no answer
    related = relate(context, current)
    if related is not None:
        return related
    row = _row(context, current)
    if row is not None:
        return about(context, _without_rank(current), [RecordTest(row.entity, (row,))])
    pointed, is_lost = _pointed(context, current)
    if pointed:
        return about(context, current, pointed)
    if is_lost:
        return replace(current.copy(), unclear=True)  # it points at something that nobody mentioned
    whole = is_whole(current) and current.follow not in ("replace", "correct", "instead")
    out = _inherit(context, current) if whole else _fragment(context, current)
    shown = context.last.entity
    if current.each and shown in ("user", "account", "product") and not out.groups:
        out.groups = [GroupNode("rep" if shown == "user" else shown)]  # "how many did each of them win"
    return out


def _fragment(context: Context, current: Reading) -> Reading:
    out = context.previous.copy()
    unread = [] if context.last.spec or context.last.options else context.previous.loose
    out.loose, out.notes, out.not_held = [*unread, *current.loose], list(current.notes), list(current.not_held)
    if any(p.kind == "set" for p in current.pronouns):
        picked = bool(out.sup or out.having)
        _keep_shown(context, out)
        if picked and current.measures and not out.sup:
            out.states = []  # "and their win rates", of those who lost the most: that is how they were found
    out.fields = [t for t in out.fields if t.dotted not in current.drop]
    out.records = [r for r in out.records if r.entity not in current.drop]
    out.doubts = list(current.doubts)
    _filters(context, out, current)
    ask_anew(out, current)
    for name in ("also", "without", "average_per", "distinct", "gap", "contrast"):
        if getattr(current, name):
            setattr(out, name, getattr(current, name))  # what the old question has no place for is refused by its shape
    points = any(p.kind == "set" for p in current.pronouns)
    if points and current.measures and (current.total or {"how_much", "what"} & set(current.asks)):
        out.target, out.asks = None, []  # "what have those three bought altogether": one figure
    return out


def _returned(context: Context, current: Reading) -> Context:
    """As in "back to the West": the conversation up to the last question about what is named."""
    named = {(r.entity, r.names) for r in current.records} | {(t.dotted, t.values) for t in current.fields}
    for end in range(len(context.history), 0, -1):
        reading = context.history[end - 1][0]
        told = {(r.entity, r.names) for r in reading.records} | {(t.dotted, t.values) for t in reading.fields}
        measured = any(m in reading.measures for m in current.measures)
        if (named and named <= told) or (not named and measured):
            return replace(context, history=context.history[:end])
    return context if named or len(context.history) < 2 else replace(context, history=context.history[:-1])


def _as_single(context: Context, current: Reading) -> Reading:
    """As in "them", of the one company shown."""
    if len(context.last.ids) != 1:
        return current
    return replace(current, pronouns=[replace(p, kind="single") if p.kind == "set" else p for p in current.pronouns])


def _row(context: Context, current: Reading) -> Name | None:
    """As in "what industry is the second one in": the record in that row of what was shown."""
    sup = current.sup
    if sup is None or sup.nth is None or sup.by or current.measures or current.groups:
        return None
    if sup.noun is not None and "." in sup.noun:
        return None
    asked = current.columns or "count" in current.asks or (current.target and current.target.ask in ("where", "when"))
    return context.row(sup.nth) if asked else None


def _without_rank(current: Reading) -> Reading:
    out = current.copy()
    out.sup = None
    return out


def _pointed(context: Context, current: Reading) -> tuple[Sequence[Pointed], bool]:
    """What the pointers to single things stand for, and whether one of them stands for nothing."""
    if any(p.kind == "set" for p in current.pronouns):
        return [], False
    named = {r.entity for r in current.records if not r.negated}
    single = [p for p in current.pronouns if p.kind == "single" and not _is_named(p, named)]
    regrouped = current.groups and not current.measures and not current.columns and not current.asks
    if regrouped and all(p.entity is None for p in single):
        return [], False  # "I'd rather see that by manager": the question, no record
    resolved = [(p, resolve(context, p)) for p in single]
    found = [test for _, test in resolved if test is not None]
    return found, any(not p.is_weak for p, test in resolved if test is None)


def _is_of_now(current: Reading) -> bool:
    """As in "how many are still open": that is so today, whatever time was spoken of."""
    return bool(current.states) and all(set(s.kinds) == {"open"} for s in current.states)


def _is_named(pronoun: Pronoun, named: set[str]) -> bool:
    """As in "Xx 那家": the pointer goes with a name."""
    return pronoun.entity in named or (pronoun.entity is None and bool(named) and not pronoun.is_weak)


def _inherit(context: Context, current: Reading) -> Reading:
    """A new question within the old scope."""
    out, before = current.copy(), context.previous.copy()
    if any(p.kind == "set" for p in current.pronouns):
        _keep_shown(context, before)
        out.unclear |= before.unclear or _is_lost(context, before, out)
        _ask_of_shown(context, out, before)
    named = {(r.entity, r.reference) for r in out.records if not r.negated}
    out.records += [r for r in before.records if (r.entity, r.reference) not in named]
    held = {(t.dotted, t.op) for t in out.fields}
    out.fields += [t for t in before.fields if (t.dotted, t.op) not in held and t.dotted not in current.drop]
    out.meant += [m for m in before.meant if m not in out.meant]
    if not _is_of_now(current):
        out.periods = out.periods or before.periods
    out.mine = out.mine or before.mine
    out.unclear |= out.share is not None and not out.groups  # a share of what was shown: which part is not said
    points = any(p.kind == "set" for p in current.pronouns)
    others = before.states and not current.states and not any("won" in s.kinds for s in before.states)
    if points and others and out.measures == [_BOOKINGS]:
        out.measures, out.states = [_AMOUNT], list(before.states)  # "what are they worth", of open ones
    counted = all(m.fn == "count" for m in out.measures)
    if not out.states and counted:
        out.states = before.states
        kinds = {"deals_won": "won", "deals_lost": "lost"}
        told = [kinds[str(m.metric)] for m in before.measures if m.metric in kinds]
        if ("count" in out.asks or out.sup) and told and not out.states:
            out.states = [StateTest((told[0],))]
    return out


def _ask_of_shown(context: Context, out: Reading, before: Reading) -> None:
    """As in "which of them": of what was shown."""
    vague = out.target is None or ("which" in out.asks and out.target.dotted == "deal" and not out.facts)
    if out.measures or not vague:
        return
    shown = context.last.entity
    if before.target is not None and "." not in before.target.dotted and entity_of(before.target.dotted) == shown:
        out.target = replace(before.target, ask="which")
    elif shown is not None:
        out.target = Target("rep" if shown == "user" else shown, "which")
    else:
        out.target = before.target and replace(before.target, ask="which")


def _keep_shown(context: Context, out: Reading) -> None:
    """As in "those", after a ranking: the records that were shown, no longer how they were found."""
    last = context.last
    if not (out.sup or out.having or out.without):
        return
    noun = (out.sup.noun if out.sup else None) or (out.target.dotted if out.target else "")
    if last.entity is None and "." in noun and last.labels and out.measures:
        out.fields = [t for t in out.fields if t.dotted != noun] + [FieldTest(noun, "in", last.labels)]
        out.target = out.target or Target(noun, "which")
        out.sup, out.having, out.without = None, [], []
    out.unclear |= not last.ids and not last.labels  # nothing was shown
    if last.entity is None:
        return
    if len(last.ids) > MAX_SET:
        out.unclear = True
        return
    names = tuple(Name(last.entity, i, label) for i, label in zip(last.ids, last.labels, strict=False))
    out.records = [r for r in out.records if r.entity != last.entity] + [
        RecordTest(last.entity, (name,)) for name in names
    ]
    out.sup, out.having, out.without = None, [], []


def _is_lost(context: Context, before: Reading, out: Reading) -> bool:
    """Whether "them" are companies or people found by their deals: another question about deals would forget which."""
    shown, target = context.last.entity, out.target
    facts = before.states or before.periods or before.started
    return bool(facts and shown not in (None, "deal") and not before.records and target and target.dotted == "deal")


def _filters(context: Context, out: Reading, current: Reading) -> None:
    for test in current.fields:
        if test.op == "empty" and any(t.dotted == test.dotted for t in out.fields):
            out.fields = [
                t for t in out.fields if t.dotted != test.dotted
            ]  # "without the industry": no longer a filter
            continue
        if current.follow == "add" and any(t.dotted == test.dotted and t.negated for t in out.fields):
            out.fields.append(replace(test, negated=True))  # "excluding Germany" … "and Japan too"
            continue
        out.fields = [t for t in out.fields if not (t.dotted == test.dotted and t.op == test.op)] + [test]
    mine = [_like_before(context, out, r) for r in current.records]
    named = {(r.entity, r.reference) for r in mine if not r.negated}
    out.records = [r for r in out.records if (r.entity, r.reference) not in named or r.negated] + mine
    out.states = list(current.states) if current.states else out.states
    out.meant = [m for m in out.meant if m.entity not in {new.entity for new in current.meant}] + current.meant
    out.started = current.started or out.started
    out.periods = list(current.periods) if current.periods else out.periods
    out.mine = current.mine or out.mine


def _like_before(context: Context, out: Reading, test: RecordTest) -> RecordTest:
    """As in "and Dustin's?", after somebody's team: the team of another manager."""
    before = [r for r in out.records if r.entity == test.entity and not r.negated]
    if test.reference or test.negated or test.entity != "user" or [r.reference for r in before] != ["user.manager"]:
        return test
    role = context.look_up(test.names[0], "role") if len(test.names) == 1 else None
    return replace(test, reference="user.manager") if role == "manager" else test
