"""What a question needs to know of single records before it is read: a field of one, whom a code stands for."""

from datetime import date

from copilot.offline.vocabulary import Name, Vocabulary
from crm_core.access import Actor
from crm_core.db import ReadStore
from crm_core.query.run import run_query
from crm_core.query.spec import Condition, QuerySpec

CODED = ("deal", "account", "order", "lead", "contact", "task")
MOST_NAMESAKES = 100


def value_of(
    store: ReadStore, vocabulary: Vocabulary, actor: Actor, today: date, name: Name, field: str
) -> Name | str | None:
    """One field of one record, as the actor may see it."""
    title = vocabulary.schema.entities[name.entity].title[0]
    where = Condition(field=title, op="eq", value=name.label)
    spec = QuerySpec(entity=name.entity, where=where, columns=[field], limit=MOST_NAMESAKES)
    found = run_query(store, spec, actor=actor, today=today).rows
    rows = [row for row in found if row.record_id == name.id]
    if not rows or rows[0].values[0] is None:
        return None
    target = vocabulary.schema.entities[name.entity].fields[field].target
    return Name(target, rows[0].ids[0], str(rows[0].values[0])) if target else str(rows[0].values[0])


def codes_in(store: ReadStore, codes: tuple[str, ...], actor: Actor, today: date) -> dict[str, list[Name]]:
    """The records that go by these codes, by the code as it was typed."""
    found: dict[str, list[Name]] = {}
    for entity in CODED:
        where = Condition(field="external_id", op="in", value=list(codes))
        spec = QuerySpec(entity=entity, where=where, columns=["external_id"], limit=20)
        for row in run_query(store, spec, actor=actor, today=today).rows:
            label = str(row.values[0])
            typed = next((code for code in codes if code.lower() == label.lower()), None)
            if typed and row.record_id is not None:
                found.setdefault(typed, []).append(Name(entity, row.record_id, label))
    return found
