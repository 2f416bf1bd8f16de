"""The frame around every page: header, navigation, keys, language and theme; and the edge where errors end."""

import copy
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, TypeVar, cast
from uuid import uuid4

from nicegui import run, ui

from crm_core.access import may_write
from crm_core.errors import CrmError
from crm_core.signing_in import set_preferences
from integrations.web import text
from integrations.web.page import Nav, Page
from integrations.web.people import Person
from integrations.web.toasts import notify

log = logging.getLogger(__name__)
T = TypeVar("T")

__all__ = ["as_liked", "button", "edge", "empty", "frame", "heading", "loading", "notify", "work"]

_HTML_LANG: dict[str, Literal["en-US", "zh-CN"]] = {"en": "en-US", "zh": "zh-CN"}


async def work(function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Run what blocks (the store, the copilot) in a thread."""
    return cast(T, await run.io_bound(function, *args, **kwargs))  # None only while the server shuts down


@contextmanager
def edge(person: Person) -> Iterator[None]:
    """What is clicked runs inside: an expected error becomes a notice, a bug is logged and its id shown."""
    try:
        yield
    except CrmError as error:
        notify(person.told(error), kind="warning")
    except Exception:
        error_id = uuid4().hex[:8]
        log.exception("bug id=%s page", error_id)
        notify(person.say("bug", id=error_id), kind="negative")


@contextmanager
def frame(person: Person, title: str, *, wide: bool = False) -> Iterator[None]:
    """The page around what is built inside.

    Args:
        person: who looks.
        title: of the page, for the browser.
        wide: it takes the whole width (a board, a table).
    """
    as_liked(person.lang, person.theme)
    ui.page_title(f"{text.clean(title)} · Farley")
    text.link(person.say("skip"), "/#main", "skip").props["href"] = "#main"
    name, here = person.actor.name, ui.context.client.page.path
    with ui.element("div").classes("app"):
        with ui.element("aside").classes("side"):
            text.link("Farley", "/", "brand")
            _navigation(person, here)
        with ui.element("header").classes("top"):
            text.link("Farley", "/", "brand brand-small")
            search = _search(person)
            _account(person, name)
        with ui.element("main").classes("page wide" if wide else "page").props("id=main tabindex=-1"):
            yield
        _bottom(person, here)
    ui.keyboard(on_key=lambda event: _on_key(person, search, event), repeating=False)


def as_liked(lang: str, theme: str) -> None:
    """The page's language and theme, before it is sent, so that nothing flashes."""
    client = ui.context.client
    client.page = copy.copy(client.page)
    client.page.language = _HTML_LANG[lang]
    client.page.dark = {"dark": True, "light": False}.get(theme)


def button(
    words: str,
    on_click: Callable[..., Any] | None = None,
    *,
    kind: str = "quiet",
    icon: str | None = None,
    label: str = "",
) -> ui.button:  # fmt: skip
    """A button.

    Args:
        words: on it.
        on_click: what it does.
        kind: primary, quiet, flat or danger.
        icon: Material's name.
        label: what it does, where it shows no words; told to who points at it, and to who sees nothing.
    """
    made = ui.button(words, on_click=on_click, icon=icon, color=None).props("unelevated dense no-caps").classes(kind)
    if label:
        made.props["aria-label"] = label
        made.tooltip(label)
    return made


def heading(title: str, *, note: str = "") -> ui.element:
    """The heading of a page, with a line below where there is more to say; actions go into what it gives."""
    with ui.element("div").classes("page-head"):
        with ui.element("div"):
            text.words("h1", title, "page-title")
            if note:
                text.words("p", note, "muted")
        return ui.element("div").classes("page-actions")


def empty(person: Person, key: str, *, icon: str = "inbox", **values: object) -> ui.element:
    """What stands where there is nothing yet: it says what would bring something."""
    with ui.element("div").classes("empty") as shown:
        ui.icon(icon).props("aria-hidden=true")
        text.words("p", person.say(key, **values))
    return shown


def loading() -> ui.element:
    """Grey lines in the place of what comes; delete them when it is there."""
    with ui.element("div").classes("loading").props("aria-busy=true") as shown:
        for width in (60, 100, 90, 75):
            ui.skeleton("text").style(f"width: {width}%")
    return shown


def _navigation(person: Person, here: str) -> None:
    with _labelled("nav", person.say("navigation"), "nav"):
        for place in (Nav.MAIN, Nav.MORE):
            for page in _pages_for(person, place):
                _nav_item(person, page, here)
            if place is Nav.MAIN:
                ui.element("div").classes("nav-gap")


def _bottom(person: Person, here: str) -> None:
    """On the phone: the main pages, and the rest behind "more"."""
    with _labelled("nav", person.say("navigation"), "bottom"):
        for page in _pages_for(person, Nav.MAIN)[:4]:
            _nav_item(person, page, here)
        with ui.element("button").classes("nav-item").props("type=button"):
            ui.icon("more_horiz").props("aria-hidden=true")
            text.words("span", person.say("more"), "nav-name")
            with ui.menu().props("anchor='top right' self='bottom right'").classes("more-menu"):
                _log_call(person)
                for page in [*_pages_for(person, Nav.MAIN)[4:], *_pages_for(person, Nav.MORE)]:
                    _nav_item(person, page, here)


def _log_call(person: Person) -> None:
    if may_write(person.actor, person.desk.store.schema.entity("interaction")):
        with text.link("", "/interaction/new?kind=call", "nav-item"):
            ui.icon("add_ic_call").props("aria-hidden=true")
            text.words("span", person.say("log_call"), "nav-name")


def _nav_item(person: Person, page: Page, here: str) -> None:
    with text.link("", page.path, "nav-item") as item:
        if page.path == here:
            item.props["aria-current"] = "page"
        ui.icon(page.icon).props("aria-hidden=true")
        text.words("span", person.say(page.key), "nav-name")
        if page.badge is not None:
            _badge(person, page)


def _badge(person: Person, page: Page) -> None:
    """How much waits there, counted once the page stands."""
    shown = text.words("span", "", "nav-badge")
    shown.visible = False

    async def count() -> None:
        with edge(person):
            assert page.badge is not None
            number = await work(page.badge, person.desk, person)
            shown.text, shown.visible = (str(number) if number < 100 else "99+"), number > 0

    ui.timer(0.2, count, once=True)


def _search(person: Person) -> ui.input:
    """What `/` reaches: searches everything."""
    field = ui.input(placeholder=person.say("search")).props("dense borderless clearable").classes("search")
    field.props["aria-label"] = person.say("search")
    field.props["type"] = "search"
    with field.add_slot("prepend"):
        ui.icon("search").props("aria-hidden=true")
    field.on("keydown.enter", lambda: _go_search(str(field.value or "")))
    return field


def _go_search(typed: str) -> None:
    from urllib.parse import quote

    if typed.strip():
        ui.navigate.to(f"/search?q={quote(typed.strip())}")


def _account(person: Person, name: str) -> None:
    """Language, theme, and signing out; on the phone all of it behind one's initials."""
    other, theme = "zh" if person.lang == "en" else "en", "light" if person.theme == "dark" else "dark"
    icon, to_theme = f"{theme}_mode", person.say(f"theme_{theme}")

    async def change_language() -> None:
        await _prefer(person, lang=other)

    async def change_theme() -> None:
        await _prefer(person, theme=theme)

    with ui.element("div").classes("account"):
        lang = button(person.say("other_language"), change_language, kind="top-button")
        lang.props["aria-label"] = person.say("language")
        button("", change_theme, kind="top-button", icon=icon, label=to_theme)
        with (
            button(_initials(name), kind="top-button me", label=person.say("account", name=name)),
            ui.menu().props("anchor='bottom right' self='top right'"),
            ui.element("div").classes("account-menu"),
        ):
            text.words("strong", name)
            button(person.say("language"), change_language, kind="menu-item only-phone")
            button(to_theme, change_theme, kind="menu-item only-phone")
            text.link(person.say("my_settings"), "/settings", "menu-item")
            with ui.element("form").props("method=post action=/sign-out"):
                button(person.say("sign_out"), kind="menu-item").props("type=submit")


async def _prefer(person: Person, **chosen: str) -> None:
    with edge(person):
        await work(set_preferences, person.desk.store, person.actor.id, **chosen)
        ui.navigate.reload()


def _on_key(person: Person, search: ui.input, event: Any) -> None:
    if not event.action.keydown or event.modifiers.ctrl or event.modifiers.alt or event.modifiers.meta:
        return
    if event.key == "/":
        search.run_method("focus")
        return
    for page in person.desk.pages:
        if page.hotkey is not None and event.key == page.hotkey:
            ui.navigate.to(page.path)


def _pages_for(person: Person, place: Nav) -> list[Page]:
    actor = person.actor
    return [page for page in person.desk.pages if page.nav is place and page.may_see(actor)]


def _labelled(tag: str, label: str, classes: str) -> ui.element:
    made = ui.element(tag).classes(classes)
    made.props["aria-label"] = label
    return made


def _initials(name: str) -> str:
    parts = name.split()
    return (parts[0][:1] + parts[-1][:1] if len(parts) > 1 else name[:2]).upper()
