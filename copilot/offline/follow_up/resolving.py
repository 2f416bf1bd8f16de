"""What a pointer to one thing stands for: a record, a value of it, a team; and the question about it."""

from collections.abc import Sequence
from dataclasses import replace

from copilot.offline.compose.pointers import Pronoun
from copilot.offline.compose.reading import FieldTest, Reading, RecordTest, StateTest, Target
from copilot.offline.follow_up.context import Context
from copilot.offline.follow_up.leaning import counted_as_measure, inherits_measure
from copilot.offline.follow_up.scope import shifted
from copilot.offline.vocabulary import Name

THINGS = ("it", "its", "it's", "它", "它的")  # never said of people
PLACES = ("there", "那里", "那边", "那儿")
Pointed = RecordTest | FieldTest


def resolve(context: Context, pronoun: Pronoun) -> Pointed | None:
    """The test that a pointer stands for; one with several records where nothing says which of them."""
    if pronoun.entity == "team":
        return resolve_team(context)
    if pronoun.entity is not None and "." in pronoun.entity:
        return _value_of(context, pronoun.entity)
    if pronoun.entity is None and not (context.last.spec or context.last.options):
        return None  # the last question had no answer: "that one" is not what came before it
    names = context.record(pronoun.entity) or (context.person() if pronoun.is_person else ())
    if not names and pronoun.entity == "contact":
        names = context.record("user")  # "that person", of a seller
    if pronoun.entity is None and pronoun.text in THINGS and names and names[0].entity == "user":
        names = context.thing()
    if not names and pronoun.text in PLACES:
        places = [t for t in context.previous.fields if t.op == "in" and not t.negated]
        return places[0] if len(places) == 1 else context.only()  # "how was Q3 there", of a region
    if not names and pronoun.entity is None:
        return context.only()  # "how many did it win", of a region or an industry
    return RecordTest(names[0].entity, names, text=pronoun.text) if names else None


def _value_of(context: Context, dotted: str) -> Pointed | None:
    """As in "that region": the value that was filtered by, or that of the record spoken of."""
    said = next((t for t in context.previous.fields if t.dotted == dotted and not t.negated), None)
    if said is not None:
        return said if len(said.values) == 1 else None
    entity, field = dotted.split(".")
    names = context.record(entity)
    value = context.look_up(names[0], field) if len(names) == 1 else None
    if isinstance(value, Name):
        return RecordTest(value.entity, (value,), reference=dotted)
    return FieldTest(dotted, "in", (value,)) if value else None


def resolve_team(context: Context) -> RecordTest | None:
    """As in "that team": the people of the manager that was spoken of."""
    people = context.record("user")
    if len(people) != 1:
        return None
    if context.last.told is not None:  # "who does she report to": the answer is the manager
        return RecordTest("user", people, reference="user.manager")
    manager = context.look_up(people[0], "manager")
    leads = context.look_up(people[0], "role") == "manager"
    boss = manager if isinstance(manager, Name) and not leads else people[0]  # a rep's team are the colleagues
    return RecordTest("user", (boss,), reference="user.manager")


def about(context: Context, current: Reading, pointed: Sequence[Pointed]) -> Reading:
    """A question about the records pointed to."""
    previous = context.previous
    out = _as_elliptic(context, current.copy())
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
    if not (current.states and all(set(s.kinds) == {"open"} for s in current.states)):  # open is so today
        looks_up = out.columns and not (out.measures or out.states or out.sup)
        out.periods = out.periods or ([] if looks_up else list(previous.periods))
    others = [test for test in pointed if not (isinstance(test, RecordTest) and test.entity == "user")]
    if previous.mine == "me" and others and _is_of_deals(out) and not (current.ours or current.mine):
        out.mine = previous.mine  # 这家还有没关的单子吗, after whose deals are one's own
    if current.shift is not None:
        moved = shifted(previous.periods, current.shift)
        out.periods, out.shift, out.unclear = moved or [], None, out.unclear or moved is None
    out.unclear |= out.share is not None and not out.records  # a part of what whole is not said
    if inherits_measure(previous, current):
        out.measures = list(counted_as_measure(previous).measures)  # "who's bottom there?"
    if not out.measures and not out.columns and not out.asks:
        out.measures = list(previous.measures)
    return out


def _as_elliptic(context: Context, current: Reading) -> Reading:
    """As in "does he have any over 500k", after whose open deals come to most: of those, the deals themselves."""
    previous = context.previous
    noun = current.target is None or (current.target.dotted == "deal" and not current.facts)
    bound = any(t.dotted == "deal.amount" and t.op in ("gt", "ge", "lt", "le", "between") for t in current.fields)
    asked = current.measures or current.columns or current.groups or current.sup or current.states or current.total
    metrics = {m.metric for m in previous.measures}
    if asked or not (noun and bound and previous.sup is not None and metrics <= {None, "pipeline"}):
        return current
    current.states = [StateTest(("open",))] if "pipeline" in metrics else list(previous.states)
    if current.target is None:
        current.target, current.asks = Target("deal", "list"), ["exists"]
    return current


def _is_of_deals(out: Reading) -> bool:
    """Whether deals are counted, measured or listed."""
    target = out.target
    return bool(out.measures) if target is None else target.dotted == "deal" and not out.columns


def _field_of(context: Context, current: Reading, test: RecordTest, out: Reading) -> bool:
    """As in "her region", after a measure was told: the same measure for that region."""
    dotted = next((c for c in current.columns if c.split(".")[0] == test.entity), None)
    if dotted is None or current.asks or not context.previous.measures or len(test.names) != 1:
        return False
    value = context.look_up(test.names[0], dotted.split(".")[1])
    if value is None or (isinstance(value, str) and value[:1].isdigit()):
        return False  # a figure or a date is told, and groups nothing
    out.columns = [c for c in out.columns if c != dotted]
    out.measures = list(context.previous.measures)
    if isinstance(value, Name):
        out.records.append(RecordTest(value.entity, (value,)))
        out.unclear |= dotted == "user.manager"  # the manager's own, or the team's
    else:
        out.fields.append(FieldTest(dotted, "in", (value,)))
    return True
