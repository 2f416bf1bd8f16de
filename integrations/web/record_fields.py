"""The fields of a record on its page: read, edited in place, and compared where two people edit at once."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from nicegui import ui

from crm_core.models import Kind
from integrations.web import text
from integrations.web.editing import Clash, Saved, save
from integrations.web.field_editor import FieldEditor, known_values
from integrations.web.people import Person
from integrations.web.reader import Reader
from integrations.web.record import Shown, View, read_record
from integrations.web.shell import button, edge, notify, work
from integrations.web.undoing import undo_notice
from integrations.web.window import window

_LONG = 600  # characters of a text that are shown at once


class RecordFields:
    """The groups of fields, where they are made.

    Args:
        person: who looks.
        view: the record as they see it.
        on_saved: told after each edit and undo; it brings the rest of the page up to date.
    """

    def __init__(self, person: Person, view: View, *, on_saved: Callable[[View], Awaitable[None]]) -> None:
        self.person, self.view, self._on_saved = person, view, on_saved
        self._place = ui.element("div").classes("stack")
        self._fill()

    def show(self, view: View) -> None:
        """Show the record as it is now."""
        self.view = view
        self._fill()

    def _fill(self) -> None:
        self._place.clear()
        with self._place:
            for group in self.view.groups:
                with ui.element("section").classes(f"card fields fields-{group.key}"):
                    if group.key != "key":
                        text.words("h2", self.person.say(f"group_{group.key}"))
                    with ui.element("dl").classes("field-grid"):
                        for shown in group.fields:
                            self._field(shown)

    def _field(self, shown: Shown) -> None:
        with ui.element("div").classes("field") as place:
            self._read(place, shown)

    def _read(self, place: ui.element, shown: Shown) -> None:
        place.clear()
        with place:
            text.words("dt", shown.label)
            with ui.element("dd").classes("value"):
                _value(shown)
                if shown.may_edit:
                    button(
                        "", partial(self._edit, place, shown), kind="edit-button", icon="edit",
                        label=self.person.say("record_edit", field=shown.label),
                    ).mark(f"change-{shown.field.name}")  # fmt: skip

    async def _edit(self, place: ui.element, shown: Shown) -> None:
        with edge(self.person):
            known = await work(lambda: known_values(Reader.of(self.person), shown.field))
            place.clear()
            with place:
                editor = FieldEditor(
                    self.person, shown.field, label=shown.label, value=shown.value, told=shown.cell.text, known=known
                )
                keep, leave = partial(self._save, shown, editor), partial(self._read, place, shown)
                editor.shown.props("autofocus")
                editor.shown.on("keydown.escape", leave)
                if shown.field.kind is not Kind.LONG_TEXT and shown.field.target is None:
                    editor.shown.on("keydown.enter", keep)
                with ui.element("div").classes("line edit-actions"):
                    button(self.person.say("save"), keep, kind="primary").mark("save-field")
                    button(self.person.say("record_cancel"), leave, kind="flat")

    async def _save(self, shown: Shown, editor: FieldEditor) -> None:
        with self._place, edge(self.person):  # what was clicked is gone by the time that there is something to tell
            value = editor.value
            if value == shown.value:
                self._fill()
                return
            await self._saved(self.view, {shown.field.name: value})

    async def _saved(self, seen: View, values: dict[str, Any]) -> None:
        saved: Saved = await work(lambda: save(Reader.of(self.person), seen, values))
        self.show(saved.now)
        if saved.clashes:
            if await self._ask(saved.clashes, values):
                await self._saved(saved.now, values)
            return
        if saved.change_set:
            labels = ", ".join(saved.now.shown(name).label for name in values)
            undo_notice(
                self.person, self.person.say("record_saved", fields=labels), saved.change_set, then=self._again
            )  # fmt: skip
            await self._on_saved(saved.now)
        else:
            notify(self.person.say("record_same"))

    async def _again(self) -> None:
        view = await work(lambda: read_record(Reader.of(self.person), self.view.entity.name, self.view.id))
        self.show(view)
        await self._on_saved(view)

    async def _ask(self, clashes: tuple[Clash, ...], values: dict[str, Any]) -> bool:
        """What was, what another person made of it, and what is wanted: whose value is to stand?"""
        say = self.person.say
        with window(say("clash_title"), is_decided=True) as dialog:
            dialog.mark("clash")
            for one in clashes:
                text.words("h3", one.label)
                mine = self._told(one.name, values[one.name])
                rows = (("clash_base", one.base), ("clash_theirs", one.theirs), ("clash_mine", mine))
                with ui.element("dl").classes("clash"):
                    for key, value in rows:
                        text.words("dt", say(key, who=one.who or say("clash_somebody")))
                        text.words("dd", value or "–")
            with ui.element("div").classes("dialog-actions"):
                button(say("clash_keep_theirs"), lambda: dialog.submit(False))
                button(say("clash_keep_mine"), lambda: dialog.submit(True), kind="primary")
        is_mine = bool(await dialog)
        dialog.delete()
        return is_mine

    def _told(self, name: str, value: Any) -> str:
        """A value that is not saved yet, as it was typed."""
        if value is None:
            return ""
        if self.view.shown(name).field.target is None:
            return str(value)
        return Reader.of(self.person).label_of(str(self.view.shown(name).field.target), int(value))


def _value(shown: Shown) -> None:
    cell = shown.cell
    if not cell.text:
        text.words("span", "–", "muted")
    elif cell.link is not None:
        text.record_link(cell.text, cell.link.entity, cell.link.id)
    elif shown.field.kind is Kind.LONG_TEXT and len(cell.text) > _LONG:
        with ui.element("details").classes("long"):
            with ui.element("summary"):
                text.words("span", cell.text[:_LONG] + " …")
            text.words("p", cell.text[_LONG:], "pre")
    else:
        text.words("span", cell.text, "pre" if shown.field.kind is Kind.LONG_TEXT else "")
