"""Text as elements. What a model or a customer wrote reaches the page through here, and nothing of it becomes HTML.

The mark-up that is read is `**bold**`, `` `code` ``, lines that begin with "- ", and marks of sources such as [2].
Every other character is shown as it stands: no image, no link to anywhere, no script. A link leads to a page of ours.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Literal

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from integrations.pieces import in_pieces

Tag = Literal[
    "span", "strong", "code", "p", "li", "h1", "h2", "h3", "dt", "dd", "del", "ins", "small", "div", "td", "th", "mark",
]  # fmt: skip

LONGEST = 20_000  # characters of one text
_UNSAFE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_MARKED = re.compile(r"\*\*(?P<bold>[^*\n]+)\*\*|`(?P<code>[^`\n]+)`|\[(?P<source>\d{1,2})\]")
_ENTITY = re.compile(r"[a-z_]+")


def clean(text: str) -> str:
    """`text` without what moves the cursor, hides or turns the line around."""
    text = _UNSAFE.sub("", text.replace("\t", " "))
    return text if len(text) <= LONGEST else text[:LONGEST] + " …"


def words(tag: Tag, text: str, classes: str = "") -> TextElement:
    """An element that holds exactly this text."""
    return TextElement(tag=tag, text=clean(text)).classes(classes)


def link(text: str, path: str, classes: str = "") -> ui.element:
    """A link to a page of ours.

    Args:
        text: that it shows.
        path: of the page, from the root; another address is a mistake.
        classes: of it.
    """
    if not path.startswith("/") or path.startswith(("//", "/\\")):
        raise ValueError(f"{path!r} leads elsewhere")
    shown = TextElement(tag="a", text=clean(text)).classes(classes)
    shown.props["href"] = path
    return shown


def record_path(entity: str, record_id: int) -> str:
    """The address of a record's page."""
    if not _ENTITY.fullmatch(entity):
        raise ValueError(f"{entity!r} is no entity")
    return f"/{entity}/{int(record_id)}"


def record_link(text: str, entity: str, record_id: int) -> ui.element:
    """A link to a record."""
    return link(text, record_path(entity, record_id), "record-link")


def rich(text: str, *, on_source: Callable[[int], Any] | None = None) -> None:
    """Paragraphs and lists.

    Args:
        text: that a model or a customer wrote, or our own code.
        on_source: opens a source by its number; None: the marks are text.
    """
    for _ in rich_pieces(text, on_source=on_source):
        pass


def rich_pieces(text: str, *, on_source: Callable[[int], Any] | None = None) -> Iterator[None]:
    """The same, a few lines more at each step: what stands in the end is what `rich` makes."""
    shown = ui.element("div").classes("rich")
    for piece in in_pieces(_blocks(clean(text)), begins=lambda block: block[0] == "lines"):
        with shown:
            for kind, lines in piece:
                _block(kind, lines, on_source)
        yield


def _block(kind: str, lines: list[str], on_source: Callable[[int], Any] | None) -> None:
    if kind == "list":
        with ui.element("ul"):
            for line in lines:
                with ui.element("li"):
                    _line(line, on_source)
        return
    with ui.element("p"):
        for at, line in enumerate(lines):
            if at:
                ui.element("br")
            _line(line, on_source)


def _blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """Runs of lines that belong together: ("list", …) or ("lines", …)."""
    kind, lines = "", list[str]()
    for line in text.split("\n"):
        is_item = line.startswith("- ")
        new = "list" if is_item else "lines" if line.strip() else ""
        if new != kind and lines:
            yield kind, lines
            lines = []
        kind = new
        if new:
            lines.append(line[2:] if is_item else line)
    if lines:
        yield kind, lines


def _line(line: str, on_source: Callable[[int], Any] | None) -> None:
    at = 0
    for found in _MARKED.finditer(line):
        if found.start() > at:
            words("span", line[at : found.start()])
        _mark(found, on_source)
        at = found.end()
    if at < len(line):
        words("span", line[at:])


def _mark(found: "re.Match[str]", on_source: Callable[[int], Any] | None) -> None:
    if found["bold"] is not None:
        words("strong", found["bold"])
    elif found["code"] is not None:
        words("code", found["code"])
    elif on_source is None:
        words("span", found[0])
    else:
        source_mark(int(found["source"]), on_source)


def source_mark(number: int, on_source: Callable[[int], Any]) -> None:
    """A small button that opens a source by its number."""
    mark = ui.button(str(number), on_click=lambda: on_source(number), color=None)
    mark.props("flat dense no-caps").classes("source-mark")
