"""Records in rows: a table, and on the phone a card for each record."""

from collections.abc import Callable, Sequence
from typing import Any

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from integrations.web import text
from integrations.web.lists import Head, Line
from integrations.web.reader import Cell


def show_records(
    entity: str, heads: Sequence[Head], lines: Sequence[Line], *, on_sort: Callable[[str], Any] | None = None
) -> None:
    """Records of one kind; the first cell of each leads to its page, or an arrow where that names another record.

    Args:
        entity: their kind.
        heads: of the columns.
        lines: the records.
        on_sort: is told the column that a person sorts by; None: it cannot be sorted.
    """
    with ui.element("div").classes("records-frame"), ui.element("table").classes("records"):
        has_name = not any(line.cells[0].link for line in lines)
        with ui.element("thead"), ui.element("tr"):
            for head in heads:
                _head(head, on_sort)
            if not has_name:
                ui.element("td")
        with ui.element("tbody"):
            for line in lines:
                with ui.element("tr"):
                    for at, (head, cell) in enumerate(zip(heads, line.cells, strict=True)):
                        _cell(head, cell, (entity, line.id) if at == 0 and has_name else None, line)
                    if not has_name:
                        with ui.element("td").classes("open"):
                            text.record_link("→", entity, line.id).props["aria-label"] = _name(line.cells)


def _head(head: Head, on_sort: Callable[[str], Any] | None) -> None:
    with ui.element("th").classes("num" if head.is_number else "").props("scope=col") as shown:
        if on_sort is None:
            text.words("span", head.label)
            return
        shown.props["aria-sort"] = {"asc": "ascending", "desc": "descending"}.get(head.order, "none")
        with ui.element("button").classes("sort").props("type=button").on("click", lambda: on_sort(head.name)):
            text.words("span", head.label)
            if head.order:
                ui.icon("arrow_upward" if head.order == "asc" else "arrow_downward").props("aria-hidden=true")


def _name(cells: Sequence[Cell]) -> str:
    """What a record without a name is called: by what it holds."""
    return text.clean(" · ".join([cell.text for cell in cells if cell.text][:2])) or "–"


def _cell(head: Head, cell: Cell, record: tuple[str, int] | None, line: Line) -> None:
    shown = TextElement(tag="td", text="").classes("num" if head.is_number else "whole" if head.is_whole else "")
    shown.props["data-label"] = head.label[:1].upper() + head.label[1:]
    if record is not None:
        with shown:
            link = text.record_link(cell.text or "–", *record)
            if not cell.text:
                link.props["aria-label"] = _name(line.cells)
    elif cell.link is not None:
        with shown:
            text.record_link(cell.text, cell.link.entity, cell.link.id).classes(replace="quiet-link")
    else:
        shown.text = text.clean(cell.text)
        if not cell.text:
            shown.classes("is-empty")
