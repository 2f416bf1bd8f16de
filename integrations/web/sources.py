"""Sources: a citation opens the record that it quotes, as far as the person may see it."""

from nicegui import ui

from copilot.labels import column_label, entity_label
from copilot.offline.say.values import value_in_words
from copilot.reply import Citation
from crm_core.errors import NotFound
from crm_core.models import Kind
from crm_core.query.result import QueryResult
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from integrations.web import text
from integrations.web.desk import Desk
from integrations.web.people import Person
from integrations.web.shell import button, edge, work
from integrations.web.window import window

_COLUMNS = {
    "interaction": ("happened_on", "kind", "subject", "account", "contact", "deal", "owner", "body"),
    "task": ("title", "due_on", "status", "owner", "account", "contact", "deal"),
}


async def open_source(desk: Desk, person: Person, citation: Citation) -> None:
    """Show the record in a window, the quoted words marked."""
    with edge(person):
        found = await work(_read, desk, person, citation)
        title = f"{entity_label(citation.entity, person.lang, count=1)}: {citation.label}"
        with window(title, "source") as dialog:
            _show(person, citation, found)
            with ui.element("div").classes("line end"):
                text.record_link(person.say("open_record"), citation.entity, citation.id)
                button(person.say("close"), dialog.close)
        dialog.on("hide", dialog.delete)
        dialog.open()


def _read(desk: Desk, person: Person, citation: Citation) -> QueryResult:
    entity = desk.store.schema.entity(citation.entity)
    wanted = [name for name in _COLUMNS.get(citation.entity, entity.title) if name in entity.fields]
    spec = QuerySpec(entity=citation.entity, columns=wanted)
    actor, today = person.actor, desk.today()
    found = run_query(desk.store.for_agent, spec, actor=actor, today=today, only=[citation.id])
    if not found.rows:
        raise NotFound(person.say("source_gone"))
    return found


def _show(person: Person, citation: Citation, found: QueryResult) -> None:
    lang, row = person.lang, found.rows[0]
    with ui.element("dl").classes("diff"):
        for column, value in zip(found.columns, row.values, strict=True):
            if value is not None and column.kind is not Kind.LONG_TEXT:
                text.words("dt", column_label(column.label, citation.entity, lang))
                text.words("dd", value_in_words(value, column, lang))
    bodies = [
        str(value) for column, value in zip(found.columns, row.values, strict=True)
        if value and column.kind is Kind.LONG_TEXT
    ]  # fmt: skip
    for body in bodies:
        _marked(body, citation.quote)
    if citation.quote and not bodies:
        text.words("p", f"“{citation.quote}”", "quote")


def _marked(body: str, quote: str) -> None:
    """The text with the words that were quoted in it."""
    at = body.find(quote) if quote else -1
    with ui.element("div").classes("source-body"):
        if at < 0:
            text.words("span", body)
            return
        text.words("span", body[:at])
        text.words("mark", quote)
        text.words("span", body[at + len(quote) :])
