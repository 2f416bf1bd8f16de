"""A window over the page, called by its heading."""

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui

from integrations.web import text


@contextmanager
def window(title: str, classes: str = "", *, is_decided: bool = False) -> Iterator[ui.dialog]:
    """What is built inside stands below the heading; the window is closed until it is opened or awaited.

    Args:
        title: its heading.
        classes: of its card.
        is_decided: it closes by a button alone, not by a click beside it.
    """
    with ui.dialog() as shown, ui.card().classes(f"dialog {classes}"):
        shown.props["aria-label"] = text.clean(title)
        if is_decided:
            shown.props("persistent")
        text.words("h2", title)
        yield shown
