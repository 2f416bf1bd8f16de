"""The list of one kind of record: narrowed, sorted, paged, kept under a name, taken away as CSV."""

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import urlencode

from nicegui import ui
from pydantic import ValidationError

from crm_core.access import may_write
from crm_core.errors import Invalid
from crm_core.query.spec import QuerySpec
from crm_core.segments import Segment, find_segment, list_segments
from crm_core.transfer.export import MOST_SORTED, export
from integrations.web import text
from integrations.web.desk import Desk
from integrations.web.grid import show_records
from integrations.web.list_dialogs import ask_columns, ask_condition, keep_list
from integrations.web.lists import (
    Listed,
    conditions_of,
    plain_list,
    read_list,
    sorted_by,
    with_conditions,
    with_words,
)
from integrations.web.people import Person
from integrations.web.reader import Reader
from integrations.web.shell import button, edge, empty, frame, heading, work

_LONGEST = 6_000  # characters of a list in an address


async def build(desk: Desk, person: Person, *, spec: str, segment: str, q: str, page: str, entity: str) -> None:
    """The page of one kind of record."""
    view = _ListPage(person, entity)
    await work(view.begin, spec, segment, q.strip()[:100], int(page) if page.isascii() and page.isdigit() else 1)
    with frame(person, view.title, wide=True):
        view.show()


def list_address(spec: QuerySpec, *, words: str = "", page: int = 1, segment: int | None = None) -> str:
    """Where a list is shown."""
    told: dict[str, Any] = {"spec": spec.model_dump_json(exclude_defaults=True, by_alias=True), "q": words}
    if segment is not None:
        told = {"segment": segment, "q": words}
    return f"/{spec.entity}?" + urlencode({k: v for k, v in (told | {"page": page if page > 1 else ""}).items() if v})


class _ListPage:
    """One list at one page."""

    def __init__(self, person: Person, entity: str) -> None:
        self.person, self.entity = person, entity
        self.words, self.page = "", 1
        self.segment: int | None = None

    def begin(self, spec: str, segment: str, words: str, page: int) -> None:
        """What the address asks for; blocks."""
        reader = Reader.of(self.person)
        entity = reader.schema.entity(self.entity)
        self.title = reader.kind(self.entity)
        self.title = self.title[:1].upper() + self.title[1:]
        self.may_add = may_write(reader.actor, entity)
        self.spec = plain_list(entity)
        if segment.isascii() and segment.isdigit() and len(segment) < 17:
            self.segment = int(segment)
            self.spec = find_segment(reader.store, self.segment, actor=reader.actor).spec
        elif spec:
            self.spec = _read_spec(spec, self.spec)
        self.words, self.page = words, page
        self._read()

    def _read(self) -> None:
        reader = Reader.of(self.person)
        entity = reader.schema.entity(self.entity)
        self.listed: Listed = read_list(reader, with_words(self.spec, entity, self.words), page=self.page)
        self.segments: tuple[Segment, ...] = list_segments(reader.store, self.entity, actor=reader.actor)
        self.told = [reader.condition(self.entity, one) for one in conditions_of(self.spec)]

    def show(self) -> None:
        """Heading, narrowing and the table."""
        say = self.person.say
        with heading(self.title):
            button(say("list_columns"), self._columns, icon="view_column")
            button("CSV", self._csv, icon="download", label=say("list_csv"))
            button(say("list_keep"), self._keep, icon="bookmark_border")
            if self.may_add:
                text.link(say("list_new"), f"/{self.entity}/new", "button-link primary-link")
        self.kept = ui.element("nav").classes("line segments")
        with ui.element("div").classes("filters"):
            field = ui.input(say("list_words"), value=self.words).props("outlined dense clearable debounce=400")
            field.on_value_change(lambda event: self._look_for(str(event.value or "")))
            self.chips = ui.element("div").classes("line")
        self.place = ui.element("div")
        self._fill()

    def _fill(self) -> None:
        for place, fill in ((self.kept, self._segments), (self.chips, self._chips), (self.place, self._table)):
            place.clear()
            with place:
                fill()

    def _segments(self) -> None:
        if not self.segments:
            return
        everything = text.link(self.person.say("list_all"), f"/{self.entity}", "segment")
        if self.segment is None and not self.told:
            everything.props["aria-current"] = "page"
        for one in self.segments:
            link = text.link(one.name, f"/{self.entity}?segment={one.id}", "segment")
            if one.id == self.segment:
                link.props["aria-current"] = "page"

    def _chips(self) -> None:
        for at, told in enumerate(self.told):
            with text.words("span", told, "chip condition"):
                button("", partial(self._drop, at), kind="chip-remove", icon="close",
                       label=self.person.say("list_drop", filter=told))  # fmt: skip
        button(self.person.say("list_add"), self._add, kind="flat", icon="add")

    def _table(self) -> None:
        if not self.listed.lines:
            key = "list_none_left" if self.told or self.words else "list_none"
            empty(self.person, key, icon="search_off", records=self.title.lower())
            return
        show_records(self.entity, self.listed.heads, self.listed.lines, on_sort=self._sort)
        with ui.element("div").classes("spread pager"):
            text.words("span", "".join(self._place()), "muted small")
            with ui.element("div").classes("line"):
                if self.page > 1:
                    button(self.person.say("list_before"), partial(self._turn, -1), icon="chevron_left")
                if self.listed.has_more:
                    button(self.person.say("list_after"), partial(self._turn, 1), icon="chevron_right")

    def _place(self) -> Iterator[str]:
        total = self.listed.total
        told = {"first": f"{self.listed.first:,}", "last": f"{self.listed.last:,}"}
        if total is None:
            yield self.person.say("list_place_many", **told)
        else:
            yield self.person.say("list_place", total=f"{total:,}", **told)

    async def _change(self, spec: QuerySpec | None = None, *, page: int = 1) -> None:
        """Show another list, or another part of it; the old one stays where it makes no sense."""
        before = (self.spec, self.page, self.segment)
        self.spec, self.page = spec or self.spec, page
        self.segment = self.segment if spec is None else None
        with edge(self.person):
            try:
                await work(self._read)
            except Invalid:
                self.spec, self.page, self.segment = before
                raise
            ui.navigate.history.replace(
                list_address(self.spec, words=self.words, page=self.page, segment=self.segment)
            )  # fmt: skip
            self._fill()

    async def _look_for(self, words: str) -> None:
        self.words = words.strip()[:100]
        await self._change()

    async def _sort(self, name: str) -> None:
        await self._change(sorted_by(self.spec, name))

    async def _turn(self, by: int) -> None:
        await self._change(page=self.page + by)

    async def _drop(self, at: int) -> None:
        tests = conditions_of(self.spec)
        await self._change(with_conditions(self.spec, [*tests[:at], *tests[at + 1 :]]))

    async def _add(self) -> None:
        with edge(self.person):
            if (narrowed := await ask_condition(self.person, self.spec)) is not None:
                await self._change(narrowed)

    async def _columns(self) -> None:
        with edge(self.person):
            if (columns := await ask_columns(self.person, self.spec)) is not None:
                await self._change(self.spec.model_copy(update={"columns": columns}))

    async def _keep(self) -> None:
        with edge(self.person):
            await keep_list(self.person, self.spec, [one for one in self.segments if one.id == self.segment])
            await work(self._read)
            self._fill()

    async def _csv(self) -> None:
        with edge(self.person):
            content = await work(self._as_csv)
            ui.download.content(content, f"{self.entity}.csv", "text/csv; charset=utf-8")

    def _as_csv(self) -> bytes:
        reader = Reader.of(self.person)
        spec = with_words(self.spec, reader.schema.entity(self.entity), self.words)
        if self.listed.total is None or self.listed.total > MOST_SORTED:
            spec = spec.model_copy(update={"order_by": []})
        pieces = export(reader.store, spec, actor=reader.actor, today=reader.today, format="csv")
        return "".join(pieces).encode("utf-8-sig")


def _read_spec(told: str, plain: QuerySpec) -> QuerySpec:
    """The list of an address: a plain one of this kind, whatever else stands there."""
    try:
        spec = QuerySpec.model_validate_json(told) if len(told) <= _LONGEST else plain
    except ValidationError:
        raise Invalid("This address is no list of ours.") from None
    return plain.model_copy(
        update={"where": spec.where, "columns": spec.columns or plain.columns, "order_by": spec.order_by}
    )  # fmt: skip
