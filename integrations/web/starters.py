"""Questions to begin with: those that this store can answer, and some with the names of its own customers."""

from copilot.labels import entity_label
from crm_core.query.run import run_query
from crm_core.query.spec import Order, QuerySpec
from integrations.web.desk import Desk
from integrations.web.people import Person

MOST = 6
_ALWAYS = (("start_pipeline", "deal"), ("start_risk", "deal"), ("start_day", "task"), ("start_reps", "deal"))


def starters(desk: Desk, person: Person) -> tuple[str, ...]:
    """At most six, in the person's language."""
    found = [person.say(key) for key, entity in _ALWAYS if _names(desk, person, entity, limit=1)]
    spoken = _spoken(desk, person)
    if spoken:
        found.insert(1, person.say("start_brief", name=spoken))
        found.append(person.say("start_log", name=spoken))
    leads = _names(desk, person, "lead", limit=1)
    if leads:
        found.append(person.say("start_leads", what=entity_label("lead", person.lang)))
    return tuple(found[:MOST])


def _spoken(desk: Desk, person: Person) -> str:
    """The customer whom somebody spoke with last, among those whom the person may see."""
    spec = QuerySpec(
        entity="interaction", columns=["account", "happened_on"],
        order_by=[Order(by="happened_on", descending=True)], limit=20,
    )  # fmt: skip
    found = run_query(desk.store.for_agent, spec, actor=person.actor, today=desk.today())
    names = [str(row.values[0]) for row in found.rows if row.values[0]]
    return next((name for name in names if len(name) <= 40), "")


def _names(desk: Desk, person: Person, entity: str, *, limit: int) -> tuple[object, ...]:
    title = desk.store.schema.entity(entity).title[0]
    spec = QuerySpec(entity=entity, columns=[title], limit=limit)
    return run_query(desk.store.for_agent, spec, actor=person.actor, today=desk.today()).rows
