"""What a value of a field is typed or chosen with."""

from typing import Any

from nicegui import ui
from nicegui.events import GenericEventArguments

from crm_core.models import Kind
from crm_core.schema import Field
from integrations.web import text
from integrations.web.editing import offered
from integrations.web.lists import values_of
from integrations.web.people import Person
from integrations.web.reader import Reader
from integrations.web.shell import edge, work

_TYPES = {Kind.DATE: "date", Kind.DATETIME: "datetime-local", Kind.EMAIL: "email", Kind.PHONE: "tel", Kind.URL: "url"}
_CHOSEN = (Kind.CHOICE, Kind.CURRENCY)


class FieldEditor:
    """An input for one field, where it is made.

    Args:
        person: who types.
        field: what is typed.
        label: of it.
        value: that it begins with: plain JSON, a reference as its id.
        told: the label of a reference that it begins with.
        known: see `known_values`.
        needed: the record cannot do without it.
    """

    def __init__(
        self, person: Person, field: Field, *, label: str, value: Any, told: str, known: Any, needed: bool = False
    ) -> None:
        self.field = field
        self._person = person
        self.shown = self._made(text.clean(label) + (" *" if needed else ""), value, told, known)
        self.shown.classes("full").mark(f"edit-{field.name}")

    def _made(self, label: str, value: Any, told: str, known: Any) -> Any:
        field = self.field
        if field.target is not None:
            return self._reference(label, value, told, known)
        if field.kind in _CHOSEN:
            options = list(dict.fromkeys([*([value] if value else []), *known]))
            chosen = ui.select(options, label=label, value=value, new_value_mode="add-unique", clearable=True)
            return chosen.props("outlined dense options-dense")
        if field.kind is Kind.BOOLEAN:
            return ui.checkbox(label, value=bool(value))
        if field.kind is Kind.LONG_TEXT:
            return ui.textarea(label, value=value or "").props("outlined dense autogrow")
        made = ui.input(label, value="" if value is None else str(value)).props("outlined dense")
        if field.is_numeric:
            made.props("inputmode=decimal")
        elif field.kind in _TYPES:
            made.props(f"type={_TYPES[field.kind]}" + (" stack-label" if field.is_date else ""))
        return made

    def _reference(self, label: str, value: Any, told: str, known: dict[int, str]) -> ui.select:
        options = {**({value: told} if value else {}), **known}
        chosen = ui.select(options, label=label, value=value, with_input=True, clearable=True)
        chosen.props("outlined dense options-dense input-debounce=250")
        chosen.on("input-value", lambda event: self._search(chosen, event))
        return chosen

    async def _search(self, chosen: ui.select, event: GenericEventArguments) -> None:
        """Offer the records whose name holds what is typed; the one that is chosen stays."""
        words = str(event.args or "")[:100]
        with edge(self._person):
            found = await work(lambda: offered(Reader.of(self._person), str(self.field.target), words))
            kept = {chosen.value: chosen.options[chosen.value]} if chosen.value in chosen.options else {}
            chosen.set_options({**kept, **found})

    @property
    def value(self) -> Any:
        """What was typed or chosen; None: nothing."""
        value = self.shown.value
        if isinstance(value, str):
            told = value.strip()
            return _number(told) if told and self.field.is_numeric else told or None
        return value


def known_values(reader: Reader, field: Field) -> Any:
    """What a field's editor offers: records by id, or values that it has elsewhere."""
    if field.target is not None:
        return offered(reader, field.target)
    return values_of(reader, field) if field.kind in _CHOSEN else ()


def _number(told: str) -> Any:
    """A number where it reads as one; else as it is, for the core to say what is wrong."""
    plain = told.replace(",", "").replace(" ", "").replace("\u00a0", "")
    try:
        number = float(plain)
    except ValueError:
        return told
    return int(number) if number.is_integer() and abs(number) < 2**53 else number
