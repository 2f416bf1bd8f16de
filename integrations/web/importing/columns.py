"""The second step: what each file holds and what each column becomes, to be put right."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from nicegui import ui

from copilot.labels import column_label, entity_label
from crm_core.schema import Entity
from crm_core.transfer import ImportMap, ImportPlan
from crm_core.transfer.mapping import FileMap
from integrations.web import text
from integrations.web.importing.mapping import (
    NEW,
    SKIP,
    ColumnLine,
    FileTable,
    choices,
    kinds_of,
    tables_of,
    with_column,
    with_kind,
)
from integrations.web.panels import act, choice, panel, plain_table, row

if TYPE_CHECKING:
    from integrations.web.importing.page import Wizard

_HEADS = ("column_header", "column_samples", "column_becomes")
_LEFT_OUT = "-"
_TOLD = 10


def show_columns(wizard: "Wizard") -> None:
    """The tables of the plan, what it took for what, and the way on."""
    taking, say = wizard.taking, wizard.person.say
    if taking.error:
        _not_understood(wizard)
    elif taking.mails:
        with panel(say("import_mails", count=len(taking.mails)), say("import_mails_note")):
            for mail in taking.mails[:_TOLD]:
                text.words("p", mail.name, "small")
    elif taking.plan is not None:
        plan = taking.plan
        for table in tables_of(plan):
            _file(wizard, plan, table)
        _left_out(wizard, plan)
        _notes(wizard, plan)
    with ui.element("div").classes("line"):
        act(wizard.person, say("import_back"), wizard.restart)
        if not taking.error:
            act(wizard.person, say("import_preview"), lambda: wizard.run(taking.try_out, "preview"), kind="primary")


def _not_understood(wizard: "Wizard") -> None:
    """No file says what it holds: a person may."""
    say, files = wizard.person.say, [path.name for path in wizard.taking.upload.paths]
    with panel(say("import_not_read")):
        text.words("p", wizard.person.told(wizard.taking.error), "warn")
        text.words("p", say("import_say_kind"), "muted")
        chosen = {name: _kind_choice(wizard, name, "") for name in files}

        async def again() -> None:
            told = {name: FileMap(entity=field.value) for name, field in chosen.items() if field.value}
            left = {name: FileMap() for name, field in chosen.items() if field.value == _LEFT_OUT}
            await wizard.look(ImportMap(currency=wizard.desk.store.base_currency, files={**told, **left}))

        with ui.element("div").classes("line"):
            act(wizard.person, say("import_read_so"), again, kind="primary")


def _kind_choice(wizard: "Wizard", file: str, value: str) -> ui.select:
    names = kinds_of(wizard.desk.store.schema)
    options = {name: entity_label(name, wizard.person.lang) for name in names}
    options[_LEFT_OUT] = wizard.person.say("file_left_out")
    made = choice(wizard.person.say("file_holds"), options, value or None)
    made.props["aria-label"] = f"{file}: {wizard.person.say('file_holds')}"
    return made


def _file(wizard: "Wizard", plan: ImportPlan, table: FileTable) -> None:
    say, schema = wizard.person.say, plan.schema(wizard.desk.store.schema)
    with panel(table.name, say("file_rows", count=f"{table.rows:,}")) as actions:
        with actions:
            kind = _kind_choice(wizard, table.name, table.entity)
            kind.on_value_change(lambda event: _choose_kind(wizard, table.name, str(event.value)))
        heads = [say(key) for key in _HEADS]
        entity = schema.entity(table.entity)
        with plain_table(heads, table.name):
            for line in table.columns:
                row(heads, (line.header, ", ".join(line.samples), _becomes(wizard, table.name, line, entity)))
        _first_rows(wizard, table)


def _first_rows(wizard: "Wizard", table: FileTable) -> None:
    closed = ui.expansion(wizard.person.say("file_first_rows")).props("dense").classes("small")
    with closed, ui.element("div").classes("scroll"), plain_table(table.headers, table.name):
        for cells in table.first:
            row(table.headers, cells)


async def _choose_kind(wizard: "Wizard", file: str, kind: str) -> None:
    await wizard.use(lambda plan: with_kind(plan.mapping, file, None if kind == _LEFT_OUT else kind))


def _becomes(wizard: "Wizard", file: str, line: ColumnLine, entity: Entity) -> Callable[[], None]:
    person = wizard.person

    def made() -> None:
        options = {SKIP: person.say("column_skip"), NEW: person.say("column_new", label=line.made or line.header)}
        for name in choices(entity):
            field = entity.fields.get(name)
            options[name] = column_label(field.label if field else name.replace("_", " "), entity.name, person.lang)
        shown = choice("", options, line.becomes, with_input=True)
        shown.props["aria-label"] = f"{line.header}: {person.say('column_becomes')}"
        schema = wizard.desk.store.schema
        shown.on_value_change(lambda event: wizard.use(
            lambda plan: with_column(plan, schema, file, line.header, str(event.value))
        ) if event.value else None)  # fmt: skip

    return made


def _left_out(wizard: "Wizard", plan: ImportPlan) -> None:
    read = {file.name for file in plan.files}
    for path in wizard.taking.upload.paths:
        if path.name not in read:
            with panel(path.name, wizard.person.say("file_not_read")) as actions, actions:
                kind = _kind_choice(wizard, path.name, "")
                kind.on_value_change(lambda event, name=path.name: _choose_kind(wizard, name, str(event.value)))


def _notes(wizard: "Wizard", plan: ImportPlan) -> None:
    """What a person should know before the rows are looked at."""
    say = wizard.person.say
    told = [
        (say("near_misses"), [str(miss) for miss in plan.near_misses]),
        (say("made_from_names"), [str(made) for made in plan.created]),
        (say("unknown_names"), [f"{name} ({entity_label(entity, wizard.person.lang, count=1)}): {rows:,}"
                                for entity, name, rows in plan.unknown]),
        (say("own_words"), [f"{phrase} → {target}" for phrase, target in plan.words]),
        (say("to_know"), list(map(wizard.person.told, plan.notes))),
    ]  # fmt: skip
    if not any(lines for _, lines in told):
        return
    with panel(say("import_notes")):
        for title, lines in told:
            if lines:
                text.words("h3", title)
                with ui.element("ul").classes("told"):
                    for line in lines[:_TOLD]:
                        text.words("li", line)
                    if len(lines) > _TOLD:
                        text.words("li", say("and_more", count=len(lines) - _TOLD), "muted")
