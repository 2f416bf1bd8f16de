"""The form of a new record."""

from typing import Any

from nicegui import ui

from crm_core.access import ADMIN, may_write
from crm_core.errors import CrmError, NotFound
from crm_core.models import Kind, Role
from crm_core.schema import Field
from integrations.web import text
from integrations.web.desk import Desk
from integrations.web.editing import create, form_fields, look_alikes
from integrations.web.field_editor import FieldEditor, known_values
from integrations.web.people import Person
from integrations.web.reader import Reader
from integrations.web.shell import button, edge, frame, heading, work

_AT_FIRST = 10  # fields before "more"


async def build(desk: Desk, person: Person, *, of: str, id: str, kind: str, entity: str) -> None:
    """The page.

    Args:
        desk: of the process.
        person: who looks.
        of: the field that refers to the record which the new one is made for.
        id: of that record.
        kind: that the new one begins with, such as a call.
        entity: what is made.
    """
    form = _Form(person, entity)
    await work(form.begin, of, int(id) if id.isascii() and id.isdigit() and len(id) < 17 else 0, kind)
    with frame(person, form.title):
        form.show()


class _Form:
    """One form at one page."""

    def __init__(self, person: Person, entity: str) -> None:
        self.person, self.entity = person, entity
        self.editors: dict[str, FieldEditor] = {}

    def begin(self, of: str, record_id: int, kind: str) -> None:
        """What the form offers; blocks."""
        reader = Reader.of(self.person)
        if not may_write(reader.actor, reader.schema.entity(self.entity)):
            raise NotFound(f"{reader.actor.name} may make no {self.entity}.")
        self.title = self.person.say("new_title", kind=reader.kind(self.entity, count=1))
        self.fields, self.needed = form_fields(reader, self.entity)
        self.labels = {field.name: reader.label(field) for field in self.fields}
        self.known = {field.name: known_values(reader, field) for field in self.fields}
        self.given = self._usual(reader, kind)
        field = next((field for field in self.fields if field.name == of and field.target), None)
        if field is not None and record_id:
            label = reader.label_of(str(field.target), record_id)
            self.given[of] = (record_id, label)

    def _usual(self, reader: Reader, kind: str) -> dict[str, tuple[Any, str]]:
        """What most new records have: the person's own, of today; by field, the value and how it is told."""
        entity, actor = reader.schema.entity(self.entity), reader.actor
        given: dict[str, tuple[Any, str]] = {}
        for field in self.fields:
            if field.name in entity.owned_by and field.target == "user" and actor.id != ADMIN.id:
                given[field.name] = (actor.id, actor.name)
            elif field.role is Role.HAPPENED:
                given[field.name] = (reader.today.isoformat(), "")
            elif field.name == "kind" and kind in self.known[field.name]:
                given[field.name] = (kind, "")
        return given

    def show(self) -> None:
        """The fields, those that are needed first, the rest behind "more"."""
        heading(self.title)
        plain = [f for f in self.fields if f.name in self.needed or f.name in self.given or f.kind is not Kind.URL]
        first = plain[:_AT_FIRST]
        with ui.element("section").classes("card form"):
            with ui.element("div").classes("form-grid"):
                for field in first:
                    self._editor(field)
            rest = [field for field in self.fields if field not in first]
            if rest:
                with ui.element("details").classes("more-fields"):
                    with ui.element("summary"):
                        text.words("span", self.person.say("new_more"))
                    with ui.element("div").classes("form-grid"):
                        for field in rest:
                            self._editor(field)
            self.said = ui.element("div").props("role=alert")
            with ui.element("div").classes("dialog-actions"):
                text.link(self.person.say("record_cancel"), f"/{self.entity}", "button-link")
                button(self.person.say("save"), self._save, kind="primary").mark("save-new")

    def _editor(self, field: Field) -> None:
        value, told = self.given.get(field.name, (None, ""))
        is_wide = field.kind is Kind.LONG_TEXT
        with ui.element("div").classes("form-field" + (" wide-field" if is_wide else "")):
            self.editors[field.name] = FieldEditor(
                self.person, field, label=self.labels[field.name], value=value, told=told,
                known=self.known[field.name], needed=field.name in self.needed,
            )  # fmt: skip

    async def _save(self) -> None:
        values = {name: editor.value for name, editor in self.editors.items()}
        given = {name: value for name, value in values.items() if value not in (None, False)}
        self.said.clear()
        try:
            alike = await work(lambda: look_alikes(Reader.of(self.person), self.entity, given))
        except CrmError as error:
            self._refused(error)
            return
        if alike:
            self._warn(alike, given)
        else:
            await self._make(given)

    def _warn(self, alike: tuple[tuple[str, int, str], ...], given: dict[str, Any]) -> None:
        """The new record looks like one that is there."""
        with self.said, ui.element("div").classes("said-box warn-box"):
            text.words("strong", self.person.say("new_alike"))
            for kind, record_id, label in alike:
                text.record_link(label, kind, record_id)
            button(self.person.say("new_anyway"), lambda: self._make(given)).mark("save-anyway")

    async def _make(self, given: dict[str, Any]) -> None:
        with edge(self.person):
            try:
                made = await work(lambda: create(Reader.of(self.person), self.entity, given))
            except CrmError as error:
                self._refused(error)
            else:
                ui.navigate.to(text.record_path(self.entity, made))

    def _refused(self, error: CrmError) -> None:
        self.said.clear()
        with self.said, ui.element("div").classes("said-box bad-box"):
            text.words("span", self.person.told(error))
        if error.field in self.editors:
            self.editors[error.field].shown.run_method("focus")
