"""Pages that code makes (a brief, a score, warnings) as elements: sections of lines, each with the record behind it."""

from nicegui import ui

from copilot.page import Page
from integrations.web import text


def show_sections(page: Page) -> None:
    """The sections that have something to say; a line leads to the record that it rests on, where it is another."""
    about = (page.about.entity, page.about.id) if page.about else None
    with ui.element("div").classes("sections"):
        for section in page.sections:
            if not section.lines and not section.if_empty:
                continue
            text.words("h3", section.heading)
            if not section.lines:
                text.words("p", section.if_empty, "muted small")
                continue
            with ui.element("ul"):
                for line in section.lines:
                    with ui.element("li"):
                        text.words("span", line.text)
                        source = line.source
                        if source is not None and (source.entity, source.id) != about:
                            text.link("↗", text.record_path(source.entity, source.id), "line-source").props[
                                "aria-label"
                            ] = text.clean(source.label)
        if page.note:
            text.words("p", page.note, "muted small")
