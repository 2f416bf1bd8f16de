"""A last look at a turn of a conversation: whose, when, which kind and which records stay until replaced.

A turn that leans on the answer before it keeps each of its conditions, or puts another of the same kind in its place.
Where one would go without a word that says so it is put back; where the turn may as well be a question of its own, both
are offered.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import prompts
from copilot.context import Lang
from copilot.labels import labels
from copilot.offline.compose.reading import Reading
from copilot.offline.follow_up.back_to import is_of_one_deal
from copilot.offline.follow_up.nounless import leaves_subject_open, names_no_subject
from copilot.offline.plan import Clarify, PastTurn, Query, Reworded
from copilot.offline.reader import Read
from copilot.offline.scope_wish import Said
from copilot.offline.verdict import Verdict
from copilot.offline.vocabulary import Vocabulary
from crm_core.query.spec import All, Any, Children, Condition, Filter, Measure, Not, Period, QuerySpec, Side
from crm_core.query.words.filters import Speaker, tell_filter
from crm_core.schema import Path, Schema

_TIME, _WHO, _STATE = "time", "who", "state"


def keep_scope(
    verdict: Verdict, read: Read, dialogue: Sequence[PastTurn], vocabulary: Vocabulary, asked: Said
) -> Verdict:
    """The verdict within what the last answer was narrowed by, or a question back where that may not be meant."""
    plan, schema = verdict.plan, vocabulary.schema
    alone = names_no_subject(read.tags, read.reading)
    last = next((turn for turn in reversed(dialogue) if not (alone and is_of_one_deal(turn))), None)
    if not isinstance(plan, Query) or last is None or last.spec is None:
        return verdict
    points = any(p.kind == "set" and not p.is_weak for p in verdict.reading.pronouns)
    strong = asked.wish == "within" or alone or points
    if read.reading.first or not (strong or _may_lean(read, verdict.reading)):
        return verdict
    lost = _lost(last, plan.spec, schema, read.reading)
    if not lost:
        return verdict
    words = prompts.load_yaml("planner")[read.lang]
    spec = _narrowed(plan.spec, last.spec.entity, lost, schema)
    if strong:
        kept = replace(plan, spec=spec) if spec is not None else Clarify(words["no_shape"])
        leaning = replace(verdict.reading, follow=verdict.reading.follow or "add")  # no question of its own
        return replace(verdict, plan=kept, reading=leaning)
    if spec is None:
        return verdict
    lang: Lang = "zh" if read.lang == "zh" else "en"
    told = tell_filter(Speaker(schema, lang, labels(lang)), last.spec.entity, _together(lost))
    text = asked.text.rstrip(" ?？.。")
    offers = (f"{text}{words['scope']['within']}{told}", f"{text}{words['scope']['everything']}")
    return replace(verdict, plan=Clarify(words["scope"]["which"], reworded=tuple(map(Reworded, offers))))


def _may_lean(read: Read, reading: Reading) -> bool:
    """Whether the message says neither whose nor of what, and points at nothing that was settled already."""
    pointed = read.reading.pronouns or reading.drop or reading.columns
    return not pointed and leaves_subject_open(read.tags)


def _lost(last: PastTurn, spec: QuerySpec, schema: Schema, said: Reading) -> list[Filter]:
    """The conditions of the last answer that the query neither keeps nor replaces."""
    assert last.spec is not None
    if said.drop or (said.ours and said.total):
        return []
    held = dict.fromkeys(_STATE for m in _measures(spec) if m.metric and schema.metrics[m.metric].entity == "deal")
    shown = {*last.labels, *last.ids, *(last.told[1:] if last.told else ())}
    for entity, test in _tests(spec, schema):
        values = test.value if isinstance(test.value, list) else [test.value]
        if shown and all(value in shown for value in values):
            return []  # they are known by their names
        held[_key(schema.path(entity, test.field))] = None
        if entity == spec.entity and test.field in ("id", *schema.entities[entity].title) and not spec.measures:
            return []  # a field of one record
    if spec.compare_to is not None and isinstance(spec.compare_to.base, Period):
        held[_TIME] = None
    if any(set(state.kinds) == {"open"} for state in said.states):
        held[_TIME] = None  # open is so today
    told = [part for part in _parts(last.spec.where) if not (isinstance(part, Condition) and part.field == "role")]
    return [part for part in told if not held.keys() & _keys(last.spec.entity, part, schema)]


def _narrowed(spec: QuerySpec, before: str, lost: Sequence[Filter], schema: Schema) -> QuerySpec | None:
    """The query within these conditions on records of another query; None where they cannot be said of its own."""
    if spec.entity == before or all(_fits(spec.entity, part, schema) for part in lost):
        return spec.model_copy(update={"where": _together([*_parts(spec.where), *lost])})
    children = [child.name for child in schema.entities[spec.entity].children.values() if child.entity == before]
    if len(children) != 1 or spec.measures[1:] or any(m.fn != "count" or m.metric for m in spec.measures):
        return None
    own = list(_parts(spec.where))
    of_them = next((p for p in own if isinstance(p, Children) and p.children == children[0] and not p.measure), None)
    inner = _together([*(_parts(of_them.where) if of_them else ()), *lost])
    part = of_them.model_copy(update={"where": inner}) if of_them else Children(children=children[0], where=inner)
    return spec.model_copy(update={"where": _together([*(p for p in own if p is not of_them), part])})


def _fits(entity: str, part: Filter, schema: Schema) -> bool:
    """Whether a condition on whose it is can be said of these records in the same words."""
    if not isinstance(part, Condition) or part.field.split(".")[0] not in schema.entities[entity].fields:
        return False
    return _key(schema.path(entity, part.field)) == _WHO and part.field.startswith("owner")


def _together(parts: Sequence[Filter]) -> Filter:
    return parts[0] if len(parts) == 1 else All(all=list(parts))


def _parts(where: Filter | None) -> Sequence[Filter]:
    """The conditions that all hold."""
    if isinstance(where, All):
        return [part for each in where.all for part in _parts(each)]
    return [] if where is None else [where]


def _keys(entity: str, where: Filter, schema: Schema) -> set[str]:
    return {_key(schema.path(at, test.field)) for at, test in _conditions(entity, where, schema)}


def _key(path: Path) -> str:
    """What a condition narrows: the time, whose they are, the state, one kind of record, or one field."""
    field = path.field
    if field.is_date:
        return _TIME
    if "user" in (field.entity, field.target) or any(step.target == "user" for step in path.steps):
        return _WHO
    if "stage" in (field.entity, field.target):
        return _STATE
    return field.target or (field.entity if field.name in ("id", "name") else f"{field.entity}.{field.name}")


def _tests(spec: QuerySpec, schema: Schema) -> Iterator[tuple[str, Condition]]:
    """Every condition of a query, with the kind of record that it is on."""
    yield from _conditions(spec.entity, spec.where, schema)
    for measure in _measures(spec):
        yield from _conditions(spec.entity, measure.where, schema)
    sides = [side.where for group in spec.group_by for side in group.sides]
    ends = (spec.compare_to.base, spec.compare_to.against) if spec.compare_to else ()
    for where in (*sides, *(end.where for end in ends if isinstance(end, Side))):
        yield from _conditions(spec.entity, where, schema)


def _measures(spec: QuerySpec) -> Iterator[Measure]:
    for measure in spec.measures:
        yield measure
        if measure.over:
            yield measure.over


def _conditions(entity: str, where: Filter | None, schema: Schema) -> Iterator[tuple[str, Condition]]:
    if isinstance(where, Condition):
        yield entity, where
    elif isinstance(where, Children):
        yield from _conditions(schema.child(entity, where.children).entity, where.where, schema)
    elif isinstance(where, Not):
        yield from _conditions(entity, where.none, schema)
    elif isinstance(where, All | Any):
        for part in where.all if isinstance(where, All) else where.any:
            yield from _conditions(entity, part, schema)
