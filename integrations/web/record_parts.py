"""What stands beside a record's fields: related records, what was said, figures, and the history of its fields."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from nicegui import ui

from crm_core.changes import Op
from crm_core.changes.draft import Traced, trace
from crm_core.query.spec import Condition
from crm_core.schema import Entity
from integrations.web import text
from integrations.web.card_parts import value_of
from integrations.web.grid import show_records
from integrations.web.list_page import list_address
from integrations.web.lists import plain_list, with_conditions
from integrations.web.people import Person
from integrations.web.reader import Reader
from integrations.web.record import TALKS, Relation, Shown, Talk, View, read_talks
from integrations.web.shell import button, edge, loading, work
from integrations.web.tables import cut

_SHORT = 320  # characters of what was said that are shown at once
_VALUE = 120  # characters of an old or new value


def show_relations(person: Person, view: View, relations: Sequence[Relation]) -> None:
    """Records that point to this one, each kind with its first few."""
    for one in relations:
        if not one.total:
            continue
        with ui.element("section").classes("card relation"):
            with ui.element("div").classes("spread"):
                with ui.element("div").classes("line"):
                    text.words("h2", one.label[:1].upper() + one.label[1:])
                    text.words("span", f"{one.total:,}", "chip")
                if one.may_add:
                    text.link("+ " + person.say("list_new"), _new(view, one), "small")
            show_records(one.entity, one.listed.heads[:5], [_cut(line) for line in one.listed.lines])
            if one.total > len(one.listed.lines):
                text.link(person.say("record_all", total=f"{one.total:,}"), _all(person, view, one), "small")

    missing = [one for one in relations if one.may_add and not one.total]
    if missing:
        with ui.element("div").classes("line small missing"):
            text.words("span", person.say("record_nothing_of"), "muted")
            for one in missing:
                text.link("+ " + one.label, _new(view, one), "segment")


def _new(view: View, relation: Relation) -> str:
    return f"/{relation.entity}/new?" + urlencode({"of": relation.field, "id": view.id})


def _cut(line: Any) -> Any:
    return type(line)(line.id, line.cells[:5])


def _all(person: Person, view: View, relation: Relation) -> str:
    entity: Entity = person.desk.store.schema.entity(relation.entity)
    where = Condition(field=relation.field, value=view.id)
    return list_address(with_conditions(plain_list(entity), [where]))


class Talks:
    """What was said, the newest first, where it is made."""

    def __init__(self, person: Person, view: View, talks: Sequence[Talk], total: int) -> None:
        self._person, self._view = person, view
        self._place = ui.element("section").classes("card talks")
        self._fill(talks, total)

    def _fill(self, talks: Sequence[Talk], total: int) -> None:
        say = self._person.say
        self._place.clear()
        with self._place:
            with ui.element("div").classes("spread"):
                with ui.element("div").classes("line"):
                    text.words("h2", say("record_talks"))
                    text.words("span", f"{total:,}", "chip")
                field = self._view.entity.name
                text.link(
                    "+ " + say("record_log"),
                    "/interaction/new?" + urlencode({"of": field, "id": self._view.id}), "small",
                )  # fmt: skip
            if not talks:
                text.words("p", say("record_no_talks"), "muted small")
            for talk in talks:
                _talk(talk)
            if total > len(talks):
                more = len(talks) + 2 * TALKS
                button(say("record_more", left=f"{total - len(talks):,}"), lambda: self._more(more), kind="flat")

    async def _more(self, limit: int) -> None:
        with edge(self._person):
            kind = self._view.entity.name
            found = await work(lambda: read_talks(Reader.of(self._person), kind, self._view.id, limit=limit))
            self._fill(*found)


def _talk(talk: Talk) -> None:
    with ui.element("article").classes("talk"):
        with ui.element("div").classes("line talk-head"):
            text.words("span", talk.day, "muted small num")
            text.words("span", talk.kind + {"in": " ←", "out": " →"}.get(talk.direction, ""), "chip")
            text.record_link(talk.subject or talk.kind, "interaction", talk.id)
        with ui.element("div").classes("line small muted"):
            for cell in (*talk.people, *([talk.deal] if talk.deal.text else [])):
                if cell.link is not None:
                    text.record_link(cell.text, cell.link.entity, cell.link.id).classes(replace="quiet-link")
        body = talk.body.strip()
        if len(body) > _SHORT:
            with ui.element("details").classes("long"):
                with ui.element("summary"):
                    text.words("span", body[:_SHORT] + " …", "pre")
                text.words("p", body[_SHORT:], "pre")
        elif body:
            text.words("p", body, "pre")


def show_figures(person: Person, figures: Sequence[Shown], title: str = "group_worked_out") -> None:
    """What is worked out from the record, under the words `title`."""
    if not figures:
        return
    with ui.element("section").classes("card"):
        text.words("h2", person.say(title))
        with ui.element("dl").classes("field-grid figures"):
            for one in figures:
                with ui.element("div").classes("field"):
                    text.words("dt", one.label)
                    text.words("dd", one.cell.text)


class History:
    """Who changed which field, when and why; read when somebody opens it."""

    def __init__(self, person: Person, view: View) -> None:
        self._person, self._view = person, view
        with ui.element("section").classes("card history"):
            with ui.element("div").classes("spread"):
                text.words("h2", person.say("record_history"))
                button(person.say("record_show"), self.show, kind="flat", icon="history").mark("show-history")
            self._place = ui.element("div")

    async def show(self) -> None:
        """Read it, and show it as it is now."""
        self._place.clear()
        with self._place:
            waiting = loading()
        with edge(self._person):
            kind = self._view.entity.name
            reader = await work(Reader.of, self._person)
            found = await work(trace, reader.store, kind, self._view.id, actor=reader.actor)
            with self._place:
                for one in found:
                    self._line(reader, one)
                if not found:
                    text.words("p", self._person.say("record_no_history"), "muted small")
        waiting.delete()

    def _line(self, reader: Reader, one: Traced) -> None:
        say = self._person.say
        with ui.element("article").classes("traced" + (" is-undone" if one.is_undone else "")):
            with ui.element("div").classes("line small"):
                text.words("span", one.at.astimezone().strftime("%Y-%m-%d %H:%M"), "muted num")
                text.words("strong", one.approved_by)
                text.words("span", say(f"did_{one.kind if one.op is Op.UPDATE else one.op}"), "muted")
                text.words("span", say(f"door_{one.door}"), "chip")
                if one.is_undone:
                    text.words("span", say("record_was_undone"), "chip warn")
                if one.asked_by != one.approved_by:
                    text.words("span", say("record_asked_by", who=one.asked_by), "muted")
            with ui.element("ul").classes("small"):
                for name, (old, new) in one.set.items():
                    self._change(reader, one, name, old, new)

    def _change(self, reader: Reader, one: Traced, name: str, old: Any, new: Any) -> None:
        entity, lang = self._view.entity, reader.lang
        fields = entity.fields

        def told(value: Any) -> str:
            of = {"entity": entity.name, "currency": one.currency}
            return cut(value_of(of, reader.schema, name, value, lang), _VALUE)

        label = reader.label(fields[name]) if name in fields else name
        with ui.element("li"):
            text.words("span", f"{label}: ", "muted")
            if one.op is Op.UPDATE:
                text.words("del", told(old))
                text.words("span", " → ")
            text.words("ins", told(new))
