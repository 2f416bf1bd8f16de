"""Parts of the pages for the office: panels, plain tables, and buttons that work in the background."""

import inspect
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from integrations.web import text
from integrations.web.people import Person
from integrations.web.shell import button, edge, work
from integrations.web.window import window

Do = Callable[[], Awaitable[Any] | None]
T = TypeVar("T")


class Live(Generic[T]):
    """A part of a page that is made again after each change: what it shows is read in a thread.

    Args:
        read: what it shows.
        build: shows it.
    """

    def __init__(self, read: Callable[[], T], build: Callable[[T], Awaitable[None] | None]) -> None:
        self._read, self._build = read, build
        self._place = ui.element("div").classes("live")

    async def show(self) -> None:
        """Read and build; also again."""
        await self.put(await work(self._read))

    async def put(self, found: T) -> None:
        """Show this, which was read elsewhere; nothing is read while the server shuts down."""
        if found is not None and not self._place.is_deleted:
            self._place.clear()
            with self._place:
                made = self._build(found)
                if made is not None:
                    await made


@contextmanager
def panel(title: str = "", note: str = "") -> Iterator[ui.element]:
    """A card with a heading; gives the place for its actions, beside the heading."""
    with ui.element("section").classes("card panel"):
        with ui.element("div").classes("spread"):
            with ui.element("div"):
                if title:
                    text.words("h2", title)
                if note:
                    text.words("p", note, "muted small")
            actions = ui.element("div").classes("line")
        yield actions


@contextmanager
def plain_table(heads: Sequence[str], label: str) -> Iterator[None]:
    """A table whose rows `row` makes; on the phone each row is a small card of its own."""
    with ui.element("table").classes("plain-table") as table:
        table.props["aria-label"] = text.clean(label)
        with ui.element("thead"), ui.element("tr"):
            for head in heads:
                TextElement(tag="th", text=head).props("scope=col")
        with ui.element("tbody"):
            yield


def row(heads: Sequence[str], cells: Iterable[str | Callable[[], Any]], classes: str = "") -> ui.element:
    """A row of a plain table: texts as they are, and functions that build what stands in their cell."""
    with ui.element("tr").classes(classes) as shown:
        for head, made in zip(heads, cells, strict=True):
            with ui.element("td") as cell:
                cell.props["data-head"] = head
                if isinstance(made, str):
                    text.words("span", made)
                else:
                    with ui.element("div"):  # one thing beside its name on the phone
                        made()
    return shown


def act(
    person: Person, label: str, do: Do, *, kind: str = "quiet", icon: str | None = None, name: str = ""
) -> ui.button:
    """A button that runs `do` inside the edge, once at a time.

    Args:
        person: who clicks.
        label: on the button; "" for an icon alone.
        do: what it does, a function or a coroutine.
        kind: primary, quiet, flat or danger.
        icon: beside the label.
        name: what it is called where the label does not say it, for whoever cannot see it.
    """

    async def run() -> None:
        made.disable()
        try:
            with made.client.content, edge(person):  # what it builds outlives the part that it stands in
                doing = do()
                if inspect.isawaitable(doing):
                    await doing
        finally:
            if not made.is_deleted:
                made.enable()

    made = button(label, run, kind=kind, icon=icon)
    if name:
        made.props["aria-label"] = text.clean(name)
        if not label:
            made.tooltip(text.clean(name))
    return made


def entry(label: str, value: str = "", *, kind: str = "text", note: str = "") -> ui.input:
    """A field to type in."""
    made = ui.input(label, value=value).props(f"outlined dense type={kind}").classes("field")
    if note:
        made.props["hint"] = note
    return made


def choice(label: str, options: Mapping[Any, str] | Sequence[str], value: Any, **more: Any) -> ui.select:
    """A field to choose from."""
    given = dict(options) if isinstance(options, Mapping) else list(options)
    return ui.select(given, label=label, value=value, **more).props("outlined dense options-dense").classes("field")


@contextmanager
def dialog(person: Person, title: str, do: Do, *, yes: str = "save", danger: bool = False) -> Iterator[ui.dialog]:
    """A window with fields; its button runs `do` and closes it unless that was refused."""
    with window(title) as shown:
        yield shown
        with ui.element("div").classes("line end"):

            async def run() -> None:
                made = do()
                if inspect.isawaitable(made):
                    await made
                shown.close()

            button(person.say("cancel"), shown.close, kind="flat")
            act(person, person.say(yes), run, kind="danger" if danger else "primary")
    shown.on("hide", shown.delete)
    shown.open()


def confirm(person: Person, title: str, why: str, do: Do, *, yes: str) -> None:
    """Ask before something that is more than it looks."""
    with dialog(person, title, do, yes=yes, danger=True):
        text.words("p", why, "muted")


def told_once(person: Person, title: str, note: str, secret: str) -> None:
    """Show what nobody can look up later."""
    with window(title, is_decided=True) as opened:
        text.words("p", note, "muted small")
        shown = ui.input(value=secret).props("outlined dense readonly").classes("field secret")
        shown.props["aria-label"] = title
        with ui.element("div").classes("line end"):
            button(person.say("copy"), lambda: ui.clipboard.write(secret))
            button(person.say("done"), opened.close, kind="primary")
    opened.on("hide", opened.delete)
    opened.open()
