"""A follow-up as an edit of the reading before it: what it keeps, what it replaces, what its pointers mean."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from copilot.offline.compose.composer import entity_of
from copilot.offline.compose.reading import FieldTest, GroupNode, Pronoun, Reading, RecordTest, Target
from copilot.offline.plan import PastTurn
from copilot.offline.vocabulary import Name

LookUp = Callable[[Name, str], Name | str | None]  # the value of a record's field; a Name for a reference
MAX_SET = 200


@dataclass(frozen=True)
class Context:
    """What a follow-up may lean on.

    Attributes:
        previous: the reading before it.
        turns: the conversation, oldest first, with what each answer was about.
        look_up: reads one field of one record.
    """

    previous: Reading
    turns: Sequence[PastTurn]
    look_up: LookUp

    def record(self, entity: str | None) -> Name | None:
        """The record that was last spoken of, of this kind if given: in an answer, else in a filter."""
        for turn in reversed(self.turns):
            if turn.entity and len(turn.ids) == 1 and entity in (None, turn.entity):
                return Name(turn.entity, turn.ids[0], turn.labels[0])
            if entity is not None and turn.entity == entity and turn.ids:
                return Name(turn.entity, turn.ids[0], turn.labels[0])
        for test in reversed(self.previous.records):
            if len(test.names) == 1 and not test.negated and entity in (None, test.entity):
                return test.names[0]
        return None


def is_follow_up(current: Reading, last: PastTurn) -> bool:
    """Whether the message leans on what was said: a pointer, a connective, a fragment, or no scope of its own."""
    scoped = bool(current.records or current.fields or current.periods or current.mine)
    named = bool(current.records or current.fields or current.facts)
    if current.follow or any(not p.is_weak or not named for p in current.pronouns):
        return True
    if last.options and not current.measures and not current.asks:
        return True
    return not _is_whole(current) or (not scoped and not current.ours)


def _is_whole(current: Reading) -> bool:
    """Whether it is a question by itself, and not a part to put into the last one."""
    asked = [ask for ask in current.asks if ask not in ("list", "exists", "what")]
    noun = current.target is not None and current.target.ask not in (None, "list")
    return bool(noun or asked or current.columns) or (bool(current.measures) and bool(current.sup or current.groups))


def edit(context: Context, current: Reading) -> Reading:
    """The previous reading with what `current` says put in its place.

    A whole question keeps the filters that it does not replace; a fragment replaces just its own part: filters on the
    same field, periods, measures, groups, superlatives. A pointer to one record ("there", "that rep") becomes the
    record last spoken of; "those" keeps the set that was shown.
    """
    if len(context.turns[-1].ids) == 1:  # "them", of the one company shown
        one = [replace(p, kind="single") if p.kind == "set" else p for p in current.pronouns]
        current = replace(current, pronouns=one)
    shown = any(p.kind == "set" for p in current.pronouns)
    single = [] if shown else [p for p in current.pronouns if p.kind == "single"]
    resolved = [(p, _resolve(context, current, p)) for p in single]
    pointed = [test for _, test in resolved if test is not None]
    if pointed:
        return _about(context, current, pointed)
    if any(not p.is_weak for p, test in resolved if test is None):
        return replace(current.copy(), unclear=True)  # it points at something that nobody mentioned
    if _is_whole(current) and current.follow not in ("replace", "correct", "instead"):
        return _inherit(context, current)
    out = context.previous.copy()
    unread = [] if context.turns[-1].spec or context.turns[-1].options else context.previous.loose
    out.loose, out.notes, out.not_held = [*unread, *current.loose], list(current.notes), list(current.not_held)
    if any(p.kind == "set" for p in current.pronouns):
        _keep_shown(context, out)
    _filters(out, current)
    _question(out, current)
    return out


def _inherit(context: Context, current: Reading) -> Reading:
    """A new question within the old scope."""
    out, before = current.copy(), context.previous.copy()
    if any(p.kind == "set" for p in current.pronouns):
        _keep_shown(context, before)
        out.unclear |= before.unclear or _is_lost(context, before, out)
        if not out.measures and (
            out.target is None or ("which" in out.asks and out.target.dotted == "deal" and not out.facts)
        ):
            out.target = before.target and replace(before.target, ask="which")
    named = {(r.entity, r.reference) for r in out.records if not r.negated}
    out.records += [r for r in before.records if (r.entity, r.reference) not in named]
    held = {(t.dotted, t.op) for t in out.fields}
    out.fields += [t for t in before.fields if (t.dotted, t.op) not in held]
    out.periods = out.periods or before.periods
    out.mine = out.mine or before.mine
    out.unclear |= out.share is not None  # a share of what was shown: which part of which whole is not said
    counted = all(m.fn == "count" for m in out.measures)
    if not out.states and counted:
        out.states = before.states
        if "count" in out.asks or out.sup:
            out.measures = [m for m in before.measures if m.metric in ("deals_won", "deals_lost")]
    return out


def _resolve(context: Context, current: Reading, pronoun: Pronoun) -> RecordTest | FieldTest | None:
    """The test that a pointer stands for."""
    if pronoun.entity == "team":
        return _team(context, current)
    if pronoun.entity is not None and "." in pronoun.entity:
        return _value_of(context, pronoun.entity)
    if pronoun.entity is None and not (context.turns[-1].spec or context.turns[-1].options):
        return None  # the last question had no answer: "that one" is not what came before it
    name = context.record(pronoun.entity)
    return RecordTest(name.entity, (name,)) if name else None


def _value_of(context: Context, dotted: str) -> RecordTest | FieldTest | None:
    """As in "that region": the value that was filtered by, or that of the record spoken of."""
    said = next((t for t in context.previous.fields if t.dotted == dotted and not t.negated), None)
    if said is not None:
        return said if len(said.values) == 1 else None
    entity, field = dotted.split(".")
    name = context.record(entity)
    value = context.look_up(name, field) if name else None
    if isinstance(value, Name):
        return RecordTest(value.entity, (value,), reference=dotted)
    return FieldTest(dotted, "in", (value,)) if value else None


def _team(context: Context, current: Reading) -> RecordTest | None:
    """As in "that team": the people of the manager that was spoken of."""
    person = context.record("user")
    if person is None:
        return None
    manager = context.look_up(person, "manager")
    boss = manager if isinstance(manager, Name) and "user.manager" in context.previous.columns else person
    return RecordTest("user", (boss,), reference="user.manager")


def _about(context: Context, current: Reading, pointed: list[RecordTest | FieldTest]) -> Reading:
    """A question about the records pointed to."""
    previous = context.previous
    out = current.copy()
    for test in pointed:
        if isinstance(test, FieldTest):
            out.fields.append(test)
            continue
        if _field_of(context, current, test, out):
            continue
        out.records = [r for r in out.records if r.entity != test.entity or r.reference != test.reference]
        out.records.append(test)
    if current.follow == "else":
        out.records += [replace(r, negated=True) for r in previous.records if r.entity == "user" and not r.reference]
    out.periods = out.periods or list(previous.periods)
    out.unclear |= out.share is not None and not out.records  # a part of what whole is not said
    if not out.measures and not out.columns and not out.asks:
        out.measures = list(previous.measures)
    return out


def _field_of(context: Context, current: Reading, test: RecordTest, out: Reading) -> bool:
    """As in "her region", after a measure was told: the same measure for that region."""
    dotted = next((c for c in current.columns if c.split(".")[0] == test.entity), None)
    if dotted is None or current.asks or not context.previous.measures:
        return False
    value = context.look_up(test.names[0], dotted.split(".")[1])
    if value is None:
        return False
    out.columns = [c for c in out.columns if c != dotted]
    out.measures = list(context.previous.measures)
    if isinstance(value, Name):
        out.records.append(RecordTest(value.entity, (value,), reference=dotted))
    else:
        out.fields.append(FieldTest(dotted, "in", (value,)))
    return True


def _keep_shown(context: Context, out: Reading) -> None:
    """As in "those", after a ranking: the records that were shown, no longer how they were found."""
    last = context.turns[-1]
    if last.entity is None or not (out.sup or out.having or out.without):
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
    shown, target = context.turns[-1].entity, out.target
    facts = before.states or before.periods or before.started
    return bool(facts and shown not in (None, "deal") and not before.records and target and target.dotted == "deal")


def _filters(out: Reading, current: Reading) -> None:
    for test in current.fields:
        if current.follow == "add" and any(t.dotted == test.dotted and t.negated for t in out.fields):
            out.fields.append(replace(test, negated=True))  # "excluding Germany" … "and Japan too"
            continue
        out.fields = [t for t in out.fields if not (t.dotted == test.dotted and t.op == test.op)] + [test]
    named = {(r.entity, r.reference) for r in current.records if not r.negated}
    out.records = [r for r in out.records if (r.entity, r.reference) not in named or r.negated] + current.records
    out.states = list(current.states) if current.states else out.states
    out.started = current.started or out.started
    out.periods = list(current.periods) if current.periods else out.periods
    out.mine = current.mine or out.mine


def _question(out: Reading, current: Reading) -> None:
    if current.measures:
        out.measures = list(current.measures)
        if not current.sup and out.sup and out.sup.sort in ("max_count", "min_count"):
            out.sup = replace(out.sup, sort=out.sup.sort.replace("count", "high"))
    if current.groups:
        out.groups, out.sup = list(current.groups), current.sup
    elif current.sup:
        ranked = out.groups[0].dotted if len(out.groups) == 1 else out.target.dotted if out.target else None
        noun = current.sup.noun or (out.sup.noun if out.sup else None) or ranked
        out.sup, out.groups = replace(current.sup, noun=noun), []
    out.having = list(current.having) or out.having
    out.order = current.order or out.order
    if current.share:
        out.unclear = True  # a share of what was shown: which part of which whole is not said
    out.change = current.change or out.change
    _target(out, current)


def _target(out: Reading, current: Reading) -> None:
    """What is asked for now: a list, a count, other columns; or what was asked before."""
    asked = set(current.asks)
    if current.measures or current.groups or current.sup or current.having:
        return
    target = current.target
    if target is not None and target.ask == "list" and not asked and out.measures and _is_party(target):
        out.groups, out.sup = [GroupNode(dotted=target.dotted)], None
    elif "count" in asked or (target is not None and target.ask == "count"):
        noun = target.dotted if target else (out.target.dotted if out.target else "deal")
        out.target, out.asks = Target(noun, "count"), ["count"]
        _clear(out)
    elif target is not None or asked & {"list", "which", "who"}:
        noun = target.dotted if target else (out.target.dotted if out.target else "deal")
        out.target, out.asks = target or Target(noun, "list"), ["list"]
        _clear(out)
        out.sup = current.sup
    elif current.columns:
        out.columns, out.measures = list(current.columns), []


def _clear(out: Reading) -> None:
    out.measures, out.groups, out.sup, out.having, out.columns = [], [], None, [], []


def _is_party(target: Target) -> bool:
    return "." in target.dotted or entity_of(target.dotted) != "deal"
