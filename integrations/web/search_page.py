"""What a search over everything found: records by name, and what was said."""

from nicegui import ui

from integrations.indexing import keep_in_step
from integrations.web import text
from integrations.web.desk import Desk
from integrations.web.people import Person
from integrations.web.reader import Reader
from integrations.web.searching import SHORTEST, Found, Hit, Quote, search_names, search_texts
from integrations.web.shell import edge, empty, frame, heading, loading, work


async def build(desk: Desk, person: Person, *, q: str) -> None:
    """The page."""
    words = " ".join(q.split())
    found = await work(lambda: search_names(Reader.of(person), words))
    with frame(person, person.say("search_page")):
        heading(person.say("search_for", words=words) if words else person.say("search_page"))
        if len(words) < SHORTEST:
            empty(person, "search_short", icon="search")
            return
        _show(person, found)
        said = ui.element("section")
        with said:
            loading()

        async def look() -> None:
            """What was said takes longer to look through than names."""
            with edge(person):
                await _texts(desk, person, words, said, is_alone=found.is_empty)

        ui.timer(0.05, look, once=True)


def _show(person: Person, found: Found) -> None:
    reader = Reader.of(person)
    for kind, hits in found.hits:
        with ui.element("section").classes("found"):
            name = reader.kind(kind)
            text.words("h2", name[:1].upper() + name[1:])
            with ui.element("ul"):
                for hit in hits:
                    _hit(hit)


def _hit(hit: Hit) -> None:
    with ui.element("li"):
        text.record_link(hit.label, hit.entity, hit.id)
        if hit.beside:
            text.words("span", hit.beside, "muted small")


async def _texts(desk: Desk, person: Person, words: str, said: ui.element, *, is_alone: bool) -> None:
    def look() -> tuple[Quote, ...]:
        keep_in_step(desk.store)
        return search_texts(Reader.of(person), desk.copilot.knowledge, words)

    quotes = await work(look) or ()  # nothing while the server shuts down
    said.clear()
    with said:
        if quotes:
            text.words("h2", person.say("search_said"))
        elif is_alone:
            empty(person, "search_none", icon="search_off", words=words)
        for quote in quotes:
            with ui.element("article").classes("quote"):
                with ui.element("div").classes("line"):
                    text.record_link(quote.label, quote.entity, quote.id)
                    text.words("span", quote.day, "muted small")
                text.words("p", quote.text, "pre small")
