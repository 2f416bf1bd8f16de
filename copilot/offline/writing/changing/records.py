"""Which records a description means: read as a question is read, run, and counted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from copilot.offline.compose import compose
from copilot.offline.compose.reading import FieldTest, Reading, StateTest, Target
from copilot.offline.narrowing import narrow
from copilot.offline.plan import Cannot, Clarify, Plan, Query
from copilot.offline.shapes import Builder
from copilot.offline.tags import SILENT, Sense, T, Tag
from copilot.offline.verdict import decide
from copilot.offline.vocabulary import Name
from copilot.offline.writing.context import Saying
from copilot.offline.writing.telling import tell
from copilot.offline.writing.words import small
from crm_core.query.result import Row
from crm_core.query.spec import Filter, QuerySpec

FEW = 25  # as many are named one by one; more by what they have in common
MOST = 5000
_LEAST = 100  # of an amount
_ENDS = {"deals_won": "won", "deals_lost": "lost"}
_TOLD_APART = ("account", "product", "stage", "owner", "amount")


State = Literal["open", "closed"] | None  # of deals, where the words say none


@dataclass
class Records:
    """The records that a description means.

    Attributes:
        entity: their kind.
        ids: of all of them.
        where: what they have in common.
        is_open: whether they are deals that are all open (None: not deals).
        reading: of the words.
    """

    entity: str
    ids: tuple[int, ...]
    where: Filter | None
    reading: Reading


def find_records(tags: Sequence[Tag], entity: str, saying: Saying, *, lang: str, state: State) -> Records | Plan:
    """The records of this kind; deals in this state unless the words say one. A plan where it cannot be read.

    Where a customer's name fits several, the one that has such records is meant.
    """
    at = next((k for k, tag in enumerate(tags) if _is_doubtful(tag)), None) if entity == "deal" else None
    if at is None:
        return _found(tags, entity, saying, lang=lang, state=state)
    readings = [tags[at].only(Sense(T.RECORD, (name,))) for name in tags[at].senses[0].value]
    tried = [_found([*tags[:at], one, *tags[at + 1 :]], entity, saying, lang=lang, state=state) for one in readings]
    fit = [found for found in tried if isinstance(found, Records) and found.ids]
    return fit[0] if len(fit) == 1 else _found(tags, entity, saying, lang=lang, state=state)


def _is_doubtful(tag: Tag) -> bool:
    """Whether it may name several customers."""
    return tag.type is T.RECORD and len(tag.senses[0].value) > 1 and tag.senses[0].value[0].entity == "account"


def _found(tags: Sequence[Tag], entity: str, saying: Saying, *, lang: str, state: State) -> Records | Plan:
    priced = _priced(tags) if entity == "deal" else None
    words = [_of(entity, _of_one_name(_picked(tag, saying.chosen))) for tag in tags if tag is not priced]
    reading = compose(_in_order(words), saying.vocabulary, today=saying.today)
    narrow(reading, saying.vocabulary, saying.look_up)
    reading.target = Target(entity, "list")
    ended = [_ENDS[str(m.metric)] for m in reading.measures if m.metric in _ENDS]  # "the deals that were lost"
    reading.states += [StateTest((kind,)) for kind in ended if not reading.states]
    reading.asks, reading.measures, reading.follow, reading.pronouns = [], [], None, []
    reading.thing = reading.ours = reading.each = False
    asked, reading.columns = reading.columns, []
    if priced is not None:
        reading.fields.append(FieldTest("deal.amount", "eq", (float(priced.senses[0].value.value),)))
    if entity == "deal" and state is not None and not says_state(reading):
        kinds = ("open",) if state == "open" else ("won", "lost")
        reading.states.append(StateTest(kinds))
    _known_party(reading, entity, tags)
    verdict = decide(
        Builder(reading, saying.vocabulary, saying.actor), tuple(tags), lang=lang, repairs=(), today=saying.today
    )
    plan = verdict.plan
    if isinstance(plan, Query) and any(_is_value(dotted, saying) for dotted in asked):
        label = next(saying.vocabulary.field(dotted).label for dotted in asked if _is_value(dotted, saying))
        return Clarify(tell("which_value", lang, field=label))
    if not isinstance(plan, Query):
        unread = plan.unread if isinstance(plan, Cannot | Clarify) else None
        return Clarify(tell("unknown", lang, word=unread), unread=unread) if unread else plan
    spec = plan.spec
    if spec.entity != entity or spec.group_by or spec.measures:
        return Clarify(tell("which_records", lang))
    ranked = next((tag for tag in tags if tag.type is T.SUP), None)
    if ranked is not None and not spec.limit and not spec.order_by:
        return Clarify(tell("unplaced", lang, word=ranked.text))
    ordered = {"order_by": spec.order_by, "limit": spec.limit} if spec.limit else {}
    found = saying.run(QuerySpec(entity=entity, where=spec.where, limit=MOST).model_copy(update=ordered))
    ids = tuple(row.record_id for row in found.rows if row.record_id is not None)
    left = _left_over(tags, spec, ids, saying) if entity == "deal" else None
    if left is not None:
        return Clarify(tell("unplaced", lang, word=left.text))
    return Records(entity, ids, None if spec.limit else spec.where, reading)


def _is_value(dotted: str, saying: Saying) -> bool:
    """Whether it is a field to set: in a description it tells nothing by itself."""
    field = saying.vocabulary.field(dotted) if "." in dotted else None
    return field is not None and field.edit and not field.target and not field.is_date


def _left_over(tags: Sequence[Tag], spec: QuerySpec, ids: Sequence[int], saying: Saying) -> Tag | None:
    """A customer or product that is named and that none of the deals found is of: its words had no effect."""
    named = {kind: [t for t in tags if t.type is T.RECORD and _is_sure(t, kind)] for kind in ("account", "product")}
    apart = any(tag.type in (T.NEG, T.TREE) for tag in tags)
    if not ids or apart or max(map(len, named.values())) < 2:
        return None
    where = QuerySpec(entity="deal", where=spec.where, columns=list(named), limit=MOST)
    rows = [row for row in saying.run(where).rows if row.record_id in ids]
    for at, kind in enumerate(named):
        held = {str(row.values[at]) for row in rows}
        found = next((t for t in named[kind] if not held & {n.label for n in t.senses[0].value}), None)
        if found is not None:
            return found
    return None


def _is_sure(tag: Tag, kind: str) -> bool:
    return all(name.entity == kind for name in tag.senses[0].value)


def _priced(tags: Sequence[Tag]) -> Tag | None:
    """The amount by which a deal is told: "the 36k deal", 36000 的单子."""
    for at, tag in enumerate(tags):
        after = next((t for t in tags[at + 1 :] if t.type not in SILENT), None)
        deal = after is not None and any(s.type is T.ENTITY and s.value == "deal" for s in after.senses)
        if tag.type is T.NUMBER and deal and not tag.senses[0].value.unit and tag.senses[0].value.value >= _LEAST:
            return tag
    return None


def _of(entity: str, tag: Tag) -> Tag:
    """What is "due" of deals is when they should close."""
    due = entity == "deal" and tag.type is T.FIELD and "task.due_on" in [s.value for s in tag.all(T.FIELD)]
    return tag.only(Sense(T.FIELD, "deal.closes_on")) if due else tag


def _picked(tag: Tag, label: str | None) -> Tag:
    """Of several records that a name fits, the one that the person picks."""
    named = [name for sense in tag.all(T.RECORD) for name in sense.value if name.label == label]
    return tag.only(Sense(T.RECORD, (named[0],))) if named else tag


def _of_one_name(tag: Tag) -> Tag:
    """Deals that share their name are all found by it, and told apart where one is meant."""
    names: tuple[Name, ...] = tag.senses[0].value if tag.type is T.RECORD else ()
    shared = len(names) > 1 and {(name.entity, name.label) for name in names} == {("deal", names[0].label)}
    return tag.only(Sense(T.RECORD, names[:1]), *tag.senses[1:]) if shared else tag


def _known_party(reading: Reading, entity: str, tags: Sequence[Tag]) -> None:
    """Deals "at accounts outside the US" are at some account."""
    spoken = any(s.type is T.ENTITY and s.value == "account" for tag in tags for s in tag.senses)
    apart = any(test.negated and test.entity == "account" for test in reading.fields)
    if entity == "deal" and spoken and apart:
        reading.fields.append(FieldTest("deal.account", "not_empty"))


def says_state(reading: Reading) -> bool:
    """Whether the words say a state, a stage or the deal itself by its id."""
    stages = any(r.entity == "stage" or (r.entity == "deal" and len(r.names) == 1) for r in reading.records)
    tested = any(f.dotted in ("deal.stage", "deal.closed_on", "deal.external_id") for f in reading.fields)
    return bool(reading.states) or stages or tested


def _in_order(tags: Sequence[Tag]) -> list[Tag]:
    """The words as one text: each begins where the one before ends. A pipeline is the deals in it."""
    out: list[Tag] = []
    at = 0
    dated = any(tag.type is T.DATE for tag in tags)
    for tag in _subsidiaries(tags):
        if out and out[-1].type is T.NEG and tag.type in (T.FILLER, T.PREP):
            continue  # "except | the one at | Sumace"
        size = max(tag.end - tag.start, 1)
        senses = tag.senses
        if any(s.type is T.METRIC and s.value == "pipeline" for s in senses):
            senses = (Sense(T.ENTITY, "deal"),)
        elif dated and any((s.type, s.value) == (T.FIELD, "deal.age_days") for s in senses[:2]):
            senses = (Sense(T.STATE, "started"),)  # "sitting in Engaging since March"
        out.append(replace(tag, start=at, end=at + size, senses=senses))
        at += size
    while out and out[-1].type in SILENT and out[-1].text not in small("possessive"):
        out.pop()
    return out


def _subsidiaries(tags: Sequence[Tag]) -> list[Tag]:
    """As in "everything under Sonron as a subsidiary": the subsidiaries of Sonron."""
    tree = [tag for tag in tags if any(s.type is T.TREE and s.value == "account.subsidiaries" for s in tag.senses)]
    named = [tag for tag in tags if tag.type is T.RECORD]
    if len(tree) != 1 or len(named) != 1:
        return list(tags)
    of = Tag(0, 1, "of", (Sense(T.PREP, "words"),), 0.0)
    return [replace(tree[0], text="subsidiaries"), of, *named]


def options(records: Records, saying: Saying) -> tuple[str, ...]:
    """At most four of the records, each told by what sets it apart."""
    return tuple(_told_apart(records, saying))


def chosen(records: Records, saying: Saying) -> tuple[int, ...]:
    """The one of them that the person picks, if any."""
    picked = _told_apart(records, saying).get(saying.chosen or "")
    return (picked,) if picked is not None else ()


def _told_apart(records: Records, saying: Saying) -> dict[str, int]:
    schema = saying.vocabulary.schema.entities[records.entity]
    title = schema.title[0]
    code = (
        "external_id"
        if "external_id" in schema.fields and saying.vocabulary.holds(f"{records.entity}.external_id")
        else title
    )
    apart = [
        name for name in _TOLD_APART if name in schema.fields and saying.vocabulary.holds(f"{records.entity}.{name}")
    ]
    columns = list(dict.fromkeys([code, *apart]))
    where = records.where
    rows = list(saying.run(QuerySpec(entity=records.entity, where=where, columns=columns, limit=MOST)).rows)
    rows = [row for row in rows if row.record_id in records.ids][:4]
    differs = [k for k in range(1, len(columns)) if len({str(row.values[k]) for row in rows}) > 1]
    return {_label(row, differs): row.record_id for row in rows if row.record_id is not None}


def _label(row: Row, differs: Sequence[int]) -> str:
    told = [str(row.values[k]) for k in differs if row.values[k] is not None]
    return f"{row.values[0]} ({', '.join(told)})" if told else str(row.values[0])
