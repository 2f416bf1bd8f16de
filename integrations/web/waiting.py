"""What waits about one record: proposals that change it, and drafts and other records that would be made for it."""

from nicegui import ui
from sqlalchemy import or_, select

from crm_core.changes import ChangeSet, Op, list_waiting
from crm_core.models import ChangeRow
from crm_core.schema import Schema
from integrations.web import text
from integrations.web.people import Person
from integrations.web.reader import Reader
from integrations.web.shell import work
from integrations.web.told import tell_sets

_READ, SHOWN = 2_000, 10


def read_waiting_about(reader: Reader, kind: str, record_id: int) -> tuple[ChangeSet, ...]:
    """What this person may decide on and what is about the record, the newest first."""
    waiting = list_waiting(reader.store, reader.actor)
    of = ChangeRow.__table__.c
    rows = select(of.change_set_id, of.entity, of.record_id, of.set).where(
        of.change_set_id.in_([one.id for one in waiting]), of.seq >= 0,
        or_((of.entity == kind) & (of.record_id == record_id), of.op == Op.CREATE),
    )  # fmt: skip
    with reader.store.read(reader.actor) as connection:
        found = {
            row.change_set_id
            for row in connection.execute(rows.limit(_READ))
            if (row.entity, row.record_id) == (kind, record_id)
            or _names(reader.schema, row.entity, row.set, kind, record_id)
        }
    return tuple(one for one in waiting if one.id in found)


async def show_waiting(person: Person, waiting: tuple[ChangeSet, ...]) -> None:
    """A line for each with the way to its card."""
    if not waiting:
        return
    lines = await work(tell_sets, person.desk.store, waiting[:SHOWN], person.lang)
    with ui.element("section").classes("card waiting-about"):
        text.words("h2", person.say("record_waiting"))
        for one in waiting[:SHOWN]:
            with ui.element("div").classes("spread waiting-line"):
                text.words("span", lines[one.id])
                text.link(person.say("record_waiting_open"), f"/approvals?id={one.id}", "small")


def _names(schema: Schema, entity: str, pairs: dict[str, list[object]], kind: str, record_id: int) -> bool:
    """Whether a new record would refer to this one."""
    fields = schema.entities[entity].fields if entity in schema.entities else {}
    return any(
        name in fields and fields[name].target == kind and new == record_id for name, (_, new) in pairs.items()
    )  # fmt: skip
