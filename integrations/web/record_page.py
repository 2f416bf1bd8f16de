"""The page of one record: all about it, edited in place."""

from functools import partial

from nicegui import ui

from crm_core.changes import ChangeSet
from crm_core.errors import NotFound
from crm_core.query.derived import rests_on_all
from integrations.web import text
from integrations.web.desk import Desk
from integrations.web.editing import delete
from integrations.web.insight import BRIEFED, read_brief, read_insight
from integrations.web.people import Person
from integrations.web.reader import Reader
from integrations.web.record import (
    Relation,
    Shown,
    Talk,
    View,
    read_figures,
    read_record,
    read_relations,
    read_talks,
)
from integrations.web.record_fields import RecordFields
from integrations.web.record_parts import History, Talks, show_figures, show_relations
from integrations.web.sections import show_sections
from integrations.web.shell import button, edge, empty, frame, heading, loading, work
from integrations.web.undoing import undo_notice
from integrations.web.waiting import read_waiting_about, show_waiting
from integrations.web.window import window


async def build(desk: Desk, person: Person, *, record_id: str, entity: str) -> None:
    """The page; NotFound where there is no such record, or none that the person may see."""
    if not (record_id.isascii() and record_id.isdigit() and len(record_id) < 17):
        raise NotFound(f"There is no such {entity}.")
    page = _RecordPage(person, *await work(_read, person, entity, int(record_id)))
    with frame(person, page.view.title, wide=True):
        page.show()


def _read(person: Person, kind: str, record_id: int) -> tuple[View, tuple[Relation, ...], tuple[tuple[Talk, ...], int]]:
    reader = Reader.of(person)
    with reader.steady():
        view = read_record(reader, kind, record_id)
        return view, read_relations(reader, kind, record_id), read_talks(reader, kind, record_id)


def _read_figures(person: Person, kind: str, record_id: int) -> tuple[tuple[Shown, ...], tuple[ChangeSet, ...]]:
    reader = Reader.of(person)
    with reader.steady():
        return read_figures(reader, kind, record_id), read_waiting_about(reader, kind, record_id)


class _RecordPage:
    """One record at one page."""

    def __init__(
        self, person: Person, view: View, relations: tuple[Relation, ...], talks: tuple[tuple[Talk, ...], int]
    ) -> None:
        self.person, self.view, self.relations, self.talks = person, view, relations, talks

    def show(self) -> None:
        """Heading, fields on the left, what hangs on the record on the right."""
        say, kind = self.person.say, self.view.entity.name
        self.whole = ui.element("div")
        with self.whole:
            with heading(self.view.title, note=self._kind()):
                if kind in BRIEFED:
                    button(say("record_brief"), self._brief, icon="description").mark("brief")
                if self.view.may_edit:
                    button(say("record_delete"), self._delete, kind="danger", icon="delete_outline").mark("delete")
            self.brief = ui.element("div")
            with ui.element("div").classes("record"):
                with ui.element("div").classes("stack"):
                    self.fields = RecordFields(self.person, self.view, on_saved=self._saved)
                    show_relations(self.person, self.view, self.relations)
                    History(self.person, self.view)
                with ui.element("div").classes("stack"):
                    self.beside = ui.element("div").classes("stack beside")
                    if any(child.entity == "interaction" for child in self.view.entity.children.values()):
                        Talks(self.person, self.view, *self.talks)
        with self.beside:
            loading()
        ui.timer(0.05, self._beside, once=True)

    def _kind(self) -> str:
        kind = Reader.of(self.person).kind(self.view.entity.name, count=1)
        return kind[:1].upper() + kind[1:]

    async def _beside(self) -> None:
        """Score, warnings and figures, once the page stands: they take a second look at other records."""
        with edge(self.person):
            pages = await work(read_insight, self.person, self.view)
            about = self.view.entity.name, self.view.id
            figures, waiting = await work(_read_figures, self.person, *about)
            self.beside.clear()
            with self.beside:
                await show_waiting(self.person, waiting)
                for page in pages:
                    with ui.element("section").classes("card insight"):
                        text.words("h2", page.title)
                        show_sections(page)
                show_figures(self.person, figures)
                place = ui.element("div")
            await self._among_all(place)

    async def _among_all(self, place: ui.element) -> None:
        """How the record stands among all others, which takes longest where there are many."""
        kind, record_id = self.view.entity.name, self.view.id
        if not any(rests_on_all(kind, name) for name in self.view.entity.fields):
            return
        with place:
            loading()
        figures = await work(lambda: read_figures(Reader.of(self.person), kind, record_id, among_all=True))
        if not place.is_deleted:
            place.clear()
            with place:
                show_figures(self.person, figures, "group_among_all")

    async def _saved(self, view: View) -> None:
        self.view = view
        await self._beside()

    async def _brief(self) -> None:
        self.brief.clear()
        with self.brief:
            waiting = loading()
        with edge(self.person):
            page = await work(read_brief, self.person, self.view)
            with self.brief, ui.element("section").classes("card brief"):
                with ui.element("div").classes("spread"):
                    text.words("h2", page.title)
                    button("", self.brief.clear, kind="flat", icon="close", label=self.person.say("record_close"))
                show_sections(page)
        waiting.delete()

    async def _delete(self) -> None:
        """Softly; the page then offers the way back."""
        say = self.person.say
        with window(say("record_delete_sure", name=self.view.title)) as dialog:
            text.words("p", say("record_delete_note"), "muted")
            with ui.element("div").classes("dialog-actions"):
                button(say("record_cancel"), dialog.close, kind="flat")
                button(say("record_delete"), partial(dialog.submit, True), kind="danger").mark("delete-sure")
        is_sure = await dialog
        dialog.delete()
        if is_sure:
            with edge(self.person):
                done = await work(lambda: delete(Reader.of(self.person), self.view))
                self._gone(done)

    def _gone(self, change_set: str) -> None:
        say = self.person.say
        self.whole.clear()
        with self.whole, empty(self.person, "record_deleted", icon="delete_outline", name=self.view.title):
            text.link(say("record_to_list"), f"/{self.view.entity.name}", "button-link")
        with self.whole:  # the button that was clicked is gone
            undo_notice(self.person, say("record_deleted", name=self.view.title), change_set, then=self._back)

    async def _back(self) -> None:
        """The record stands here again, below the notice that says so."""
        with edge(self.person):
            again = _RecordPage(self.person, *await work(_read, self.person, self.view.entity.name, self.view.id))
            self.whole.clear()
            with self.whole:
                again.show()
