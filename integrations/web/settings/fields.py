"""The company's own fields: make, rename, delete."""

from nicegui import ui

from copilot.labels import entity_label
from crm_core.custom_fields import KINDS, OwnField, create_field, delete_field, list_fields, rename_field
from crm_core.models import Kind
from integrations.web.desk import DOOR, Desk
from integrations.web.panels import Live, act, choice, confirm, dialog, entry, panel, plain_table, row
from integrations.web.people import Person
from integrations.web.settings.frame import settings_frame, tell_done
from integrations.web.shell import empty, work

_HEADS = ("field_entity", "field_label", "field_kind", "actions")
Found = tuple[OwnField, ...]


async def build(desk: Desk, person: Person) -> None:
    """The fields and the forms to change them."""
    with settings_frame(person, "fields"):
        live: Live[Found] = Live(lambda: list_fields(desk.store), lambda found: _show(desk, person, found, live))
        await live.show()


def _show(desk: Desk, person: Person, found: Found, live: Live[Found]) -> None:
    heads = [person.say(key) for key in _HEADS]
    with panel(person.say("settings_fields"), person.say("fields_note")) as actions:
        with actions:
            act(person, person.say("field_new"), lambda: _new(desk, person, live), kind="primary")
        if not found:
            empty(person, "fields_none", icon="playlist_add")
            return
        with plain_table(heads, person.say("settings_fields")):
            for one in found:
                _row(desk, person, one, heads, live)


def _row(desk: Desk, person: Person, one: OwnField, heads: list[str], live: Live[Found]) -> None:
    async def delete() -> None:
        await tell_done(person, await work(delete_field, desk.store, one.id, actor=person.actor, door=DOOR), live)

    def ask() -> None:
        title = person.say("field_delete", name=one.label)
        confirm(person, title, person.say("field_delete_note"), delete, yes="delete")

    def actions() -> None:
        with ui.element("div").classes("line"):
            act(person, person.say("rename"), lambda: _rename(desk, person, one, live),
                name=f"{person.say('rename')} {one.label}")  # fmt: skip
            act(person, "", ask, icon="delete_outline", name=f"{person.say('delete')} {one.label}")

    row(heads, (entity_label(one.entity, person.lang), one.label, person.say(f"kind_{one.kind}"), actions))


def _new(desk: Desk, person: Person, live: Live[Found]) -> None:
    async def save() -> None:
        made = await work(
            create_field, desk.store, entity.value, label.value, Kind(kind.value), actor=person.actor, door=DOOR
        )  # fmt: skip
        await tell_done(person, made, live)

    entities = {name: entity_label(name, person.lang) for name in desk.store.schema.entities}
    with dialog(person, person.say("field_new"), save, yes="create"):
        entity = choice(person.say("field_entity"), entities, "deal")
        label = entry(person.say("field_label"))
        kind = choice(person.say("field_kind"), {str(one): person.say(f"kind_{one}") for one in KINDS}, str(Kind.TEXT))


def _rename(desk: Desk, person: Person, one: OwnField, live: Live[Found]) -> None:
    async def save() -> None:
        made = await work(rename_field, desk.store, one.id, label.value, actor=person.actor, door=DOOR)
        await tell_done(person, made, live)

    with dialog(person, person.say("field_rename", name=one.label), save):
        label = entry(person.say("field_label"), one.label)
