"""Notices: a line of text that comes up, may hold a button, and goes by itself."""

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from nicegui import ui

from integrations.web import text

STAYS_S, STAYS_WITH_ACTION_S = 5, 10
_ICONS = {"positive": "check_circle", "warning": "error_outline", "negative": "report", "info": "info"}
_places: "WeakKeyDictionary[Any, ui.element]" = WeakKeyDictionary()  # of each of NiceGUI's clients


def notify(message: str, *, kind: str = "info", action: str = "", on_action: Callable[[], Any] | None = None) -> None:
    """Show a notice; its text is shown as it is.

    Args:
        message: for the person.
        kind: positive, info, warning or negative.
        action: words of a button, such as "Undo".
        on_action: what it does.
    """
    with _place(), ui.element("div").classes(f"toast toast-{kind}") as toast:
        toast.props["role"] = "alert" if kind in ("warning", "negative") else "status"
        ui.icon(_ICONS[kind]).props("aria-hidden=true")
        text.words("span", message)
        if action and on_action is not None:
            ui.button(action, on_click=on_action, color=None).props("flat dense no-caps").classes("toast-action")
    with _place():
        ui.timer(STAYS_WITH_ACTION_S if action else STAYS_S, lambda: _remove(toast), once=True)


def _remove(toast: ui.element) -> None:
    if not toast.is_deleted:
        toast.delete()


def _place() -> ui.element:
    client = ui.context.client
    known = _places.get(client)
    if known is None:
        with client.layout:
            known = _places[client] = ui.element("div").classes("toasts")
    return known
