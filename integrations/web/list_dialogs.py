"""What a list asks: one more condition, other columns, a name to keep it under."""

from collections.abc import Sequence
from typing import Any

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from copilot.offline.telling import tell_condition
from crm_core.company_words import accept_word
from crm_core.models import UserRole
from crm_core.own_words import WHERE
from crm_core.query.spec import QuerySpec
from crm_core.schema import Field
from crm_core.segments import LONGEST_NAME, Segment, delete_segment, save_segment
from integrations.web.desk import DOOR
from integrations.web.lists import MOST_COLUMNS, add_condition, columns_of, operators_for, values_of
from integrations.web.people import Person
from integrations.web.reader import Reader
from integrations.web.shell import button, edge, notify, work
from integrations.web.window import window

_ALONE = ("empty", "not_empty")


async def ask_condition(person: Person, spec: QuerySpec) -> QuerySpec | None:
    """The list with one condition more; None: it stays as it is."""
    reader = await work(Reader.of, person)
    fields = {field.name: field for field in columns_of(reader.schema.entity(spec.entity))}
    with window(person.say("list_add")) as dialog:
        asked = _Condition(person, reader, spec, fields, dialog)
        asked.show()
    found = await dialog
    dialog.delete()
    return found if isinstance(found, QuerySpec) else None


class _Condition:
    """The dialog of one condition: a field, how it is tested, and a value."""

    def __init__(
        self, person: Person, reader: Reader, spec: QuerySpec, fields: dict[str, Field], dialog: ui.dialog
    ) -> None:
        self.person, self.reader, self.spec, self.fields, self.dialog = person, reader, spec, fields, dialog
        self.value: Any = None

    def show(self) -> None:
        say = self.person.say
        options = {name: self.reader.label(field) for name, field in self.fields.items()}
        self.field = ui.select(options, label=say("list_field"), with_input=True, on_change=self._chosen)
        self.field.props("outlined dense options-dense").classes("full").mark("condition-field")
        self.op = ui.select({}, label=say("list_operator")).props("outlined dense options-dense").classes("full")
        self.place = ui.element("div")
        with ui.element("div").classes("dialog-actions"):
            button(say("record_cancel"), self.dialog.close, kind="flat")
            button(say("list_use"), self._done, kind="primary").mark("condition-use")

    async def _chosen(self, event: ValueChangeEventArguments[Any]) -> None:
        field = self.fields.get(str(event.value))
        if field is None:
            return
        with edge(self.person):
            known = await work(values_of, self.reader, field)
            ops = operators_for(field)
            self.op.set_options({op: self.person.say(f"op_{op}") for op in ops}, value=ops[0])
            self.place.clear()
            with self.place:
                self.value = self._input(field, known)
                self.value.props("outlined dense").classes("full").mark("condition-value")

    def _input(self, field: Field, known: Sequence[str]) -> Any:
        label = self.person.say("list_value")
        if known:
            return ui.select(list(known), label=label, with_input=True, new_value_mode="add-unique")
        made = ui.input(label)
        return made.props("type=date stack-label") if field.is_date else made

    async def _done(self) -> None:
        if self.value is None:
            return
        with edge(self.person):
            value = "" if self.op.value in _ALONE else str(self.value.value or "")
            name, op = str(self.field.value), str(self.op.value)
            self.dialog.submit(await work(add_condition, self.reader, self.spec, name, op, value))


async def ask_columns(person: Person, spec: QuerySpec) -> list[str] | None:
    """The columns that a list is to show; None: as they are."""
    reader = await work(Reader.of, person)
    options = {field.name: reader.label(field) for field in columns_of(reader.schema.entity(spec.entity))}
    shown = [name for name in spec.columns if name in options]
    with window(person.say("list_columns")) as dialog:
        chosen = ui.select(options, value=shown, multiple=True, label=person.say("list_columns_note"))
        chosen.props("outlined dense use-chips options-dense").classes("full")
        with ui.element("div").classes("dialog-actions"):
            button(person.say("record_cancel"), dialog.close, kind="flat")
            button(person.say("list_use"), lambda: dialog.submit(list(chosen.value)), kind="primary")
    found = await dialog
    dialog.delete()
    return found[:MOST_COLUMNS] if found else None


async def keep_list(person: Person, spec: QuerySpec, kept: Sequence[Segment]) -> None:
    """Keep the list under a name, or forget the one that is shown."""
    say, is_admin = person.say, person.actor.role is UserRole.ADMIN
    with window(say("list_keep")) as dialog:
        name = (
            ui.input(say("list_name"), value=kept[0].name if kept else "")
            .props("outlined dense autofocus")
            .mark("list-name")
        )
        name.props["maxlength"] = str(LONGEST_NAME)
        shared = ui.checkbox(say("list_share"), value=bool(kept) and kept[0].is_shared)
        word = ui.checkbox(say("list_word")) if is_admin and spec.where is not None else None
        with ui.element("div").classes("dialog-actions"):
            if kept:
                button(say("list_forget"), lambda: dialog.submit("forget"), kind="danger")
            button(say("record_cancel"), dialog.close, kind="flat")
            button(say("save"), lambda: dialog.submit("keep"), kind="primary").mark("keep-list")
    chosen = await dialog
    told, is_shared, is_word = str(name.value or ""), bool(shared.value), word is not None and bool(word.value)
    dialog.delete()
    if chosen == "forget":
        await work(delete_segment, person.desk.store, kept[0].id, actor=person.actor)
    elif chosen == "keep":
        await work(_keep, person, spec, told, is_shared=is_shared, is_word=is_word)
    else:
        return
    notify(say("list_forgotten" if chosen == "forget" else "list_kept", name=told), kind="positive")


def _keep(person: Person, spec: QuerySpec, name: str, *, is_shared: bool, is_word: bool) -> None:
    reader = Reader.of(person)
    save_segment(reader.store, name, spec, actor=reader.actor, today=reader.today, is_shared=is_shared)
    if is_word and spec.where is not None:
        told = tell_condition(reader.schema, spec.entity, spec.where, lang=reader.lang)
        meaning = spec.where.model_dump(mode="json", exclude_defaults=True, by_alias=True)
        accept_word(
            reader.store, name, WHERE + spec.entity, meaning=meaning, told=told, actor=reader.actor, door=DOOR
        )  # fmt: skip
