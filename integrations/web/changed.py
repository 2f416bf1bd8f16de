"""Everything that was changed, newest first: who, when, why, what exactly; its undo; the state of the audit."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date
from typing import Any

from nicegui import ui

from copilot.cards import field_label
from copilot.labels import entity_label
from crm_core.changes import (
    ChangeSet,
    Event,
    Sought,
    State,
    UndoResult,
    list_changes,
    undo,
    undo_fields,
    undo_turn,
)
from crm_core.users import names_of
from integrations.web import text
from integrations.web.card_parts import SAY_WHY, show_diff
from integrations.web.change_reads import READ, Audit, Opened, open_set, read_audit, sees_audit
from integrations.web.desk import DOOR, Desk
from integrations.web.panels import Live, act, choice, confirm, dialog, entry, panel
from integrations.web.people import Person
from integrations.web.shell import edge, empty, frame, heading, notify, work
from integrations.web.told import tell_set, tell_sets

PAGE, SHOWN = 30, 5  # change sets of a part of the list; changes of a set that stand open
MANY = 10  # records from which on an undo is asked about
FEW_ENTRIES = 2_000  # lines of the audit that are checked without being asked
DOORS = ("web", "cli", "slack", "api", "mcp", "email", "auto")
KINDS = ("edit", "import", "undo")
Behind = Callable[[str, str], None]
_STATES = {State.APPLIED: "good", State.PROPOSED: "warn", State.CONFLICTED: "bad", State.REJECTED: "bad"}


async def build(desk: Desk, person: Person, id: str = "", record: str = "") -> None:
    """The list, or one change set (`?id=`), or those of one record (`?record=deal:7`)."""
    opened = await work(open_set, desk.store, id, person.actor) if id else None  # before anything of the page is sent
    with frame(person, person.say("changes")):
        heading(person.say("changes"), note=person.say("changes_note"))
        page = _Changes(desk, person, Sought(record=_record(desk, record)))
        if opened is not None:
            await page.show_one(opened)
        else:
            await page.show()


def _record(desk: Desk, given: str) -> tuple[str, int] | None:
    entity, _, number = given.partition(":")
    known = entity in desk.store.schema.entities and number.isascii() and number.isdigit() and len(number) < 17
    return (entity, int(number)) if known else None


@dataclass
class _Changes:
    """The list at one page, and what it is filtered for."""

    desk: Desk
    person: Person
    sought: Sought
    most: int = PAGE
    opened: set[str] = field(default_factory=set)

    async def show(self) -> None:
        """The state of the audit, the filters, the list."""
        if sees_audit(self.person.actor):
            audit: Live[Audit] = Live(
                lambda: read_audit(self.desk.store, most=FEW_ENTRIES), lambda found: self._audit(found, audit)
            )  # fmt: skip
            await audit.show()
        self._filters()
        listed: Live[tuple[tuple[ChangeSet, str], ...]] = Live(self._read, self._list)
        self._refresh = listed.show
        await listed.show()

    async def show_one(self, opened: Opened) -> None:
        """One change set, open."""
        text.link(self.person.say("all_changes"), "/changes", "small")
        change_set = opened.found.id
        whole: Live[Opened] = Live(lambda: open_set(self.desk.store, change_set, self.person.actor), self._whole)
        self._refresh = whole.show
        await whole.put(opened)

    def _read(self) -> tuple[tuple[ChangeSet, str], ...]:
        """Change sets with what they do, one more than are shown where there are more."""
        found = list_changes(self.desk.store, self.person.actor, limit=self.most + 1, sought=self.sought)
        told = tell_sets(self.desk.store, found, self.person.lang)
        return tuple((one, told[one.id]) for one in found)

    def _audit(self, found: Audit, live: Live[Audit]) -> None:
        say = self.person.say

        async def check() -> None:
            await live.put(await work(read_audit, self.desk.store))

        with ui.element("div").classes("audit card"):
            is_whole = found.wrong == ()
            ui.icon("verified" if is_whole else "report" if found.wrong else "policy").props("aria-hidden=true")
            if found.wrong is None:
                text.words("span", say("audit_unchecked", count=f"{found.entries:,}"))
                act(self.person, say("audit_check"), check)
            elif is_whole:
                text.words("span", say("audit_whole", count=f"{found.entries:,}"), "good")
            else:
                first, more = found.wrong[0], len(found.wrong) - 1
                what = say(f"audit_{first.kind}", what=first.what)
                text.words("span", say("audit_broken", what=what, more=more), "bad")

    def _filters(self) -> None:
        say, sought = self.person.say, self.sought
        with ui.element("div").classes("filters"):
            people: dict[int | None, str] = {None: say("anybody"), **dict(names_of(self.desk.store).items())}
            self._filter("asked_by_id", choice(say("filter_person"), people, None, with_input=True))
            self._filter("door", choice(say("filter_door"), _options(say, "any_door", "door", DOORS), None))
            self._filter("kind", choice(say("filter_kind"), _options(say, "any_kind", "set", KINDS), None))
            for name in ("since", "until"):
                self._filter(name, entry(say(f"filter_{name}"), kind="date"))
            if sought.record:
                label = say("filter_record", what=f"{entity_label(sought.record[0], self.person.lang, count=1)}")
                text.words("span", label, "chip")
                text.link(say("all_changes"), "/changes", "small")

    def _filter(self, name: str, shown: Any) -> None:
        async def chosen(value: Any) -> None:
            with edge(self.person):
                given: dict[str, Any] = {name: _day(value) if name in ("since", "until") else value}
                self.sought = replace(self.sought, **given)
                self.most = PAGE
                await self._refresh()

        shown.on_value_change(lambda event: chosen(event.value))

    async def _list(self, found: tuple[tuple[ChangeSet, str], ...]) -> None:
        if not found:
            empty(self.person, "changes_none", icon="history")
            return
        with ui.element("div").classes("change-list"):
            for one, summary in found[: self.most]:
                self._line(one, summary)
        if len(found) > self.most:
            act(self.person, self.person.say("more_sets"), self._more)

    async def _more(self) -> None:
        self.most += PAGE
        await self._refresh()

    def _line(self, one: ChangeSet, summary: str) -> None:
        """A change set in a line; its changes are read when it is opened."""
        say, head = self.person.say, one.head
        with ui.expansion().classes("change-line").props("dense expand-separator") as line:
            with line.add_slot("header"), ui.element("div").classes("change-head"):
                text.words("span", summary, "strong")
                facts = [head.asked_by, say(f"door_{head.door}"), _moment(one)]
                text.words("span", " · ".join(facts), "muted small")
                text.words("span", say(f"state_{one.state}"), f"chip {_STATES.get(one.state, '')}")
            body = ui.element("div").classes("stack-small")

        async def opened(is_open: bool) -> None:
            with edge(self.person):
                if is_open:
                    found = await work(open_set, self.desk.store, one.id, self.person.actor)
                    body.clear()
                    with body:
                        self._body(found)

        line.on_value_change(lambda event: opened(bool(event.value)))

    def _whole(self, found: Opened) -> None:
        with panel(self._summary(found)):
            self._body(found)

    def _summary(self, opened: Opened) -> str:
        return tell_set(opened.found, opened.changes, opened.count, self.person.lang)

    def _body(self, opened: Opened) -> None:
        found, say = opened.found, self.person.say
        behind = self._field_undo(found, opened.count) if opened.may_undo and found.head.kind == "edit" else None
        _changes(self.person, opened, behind)
        with ui.element("ul").classes("events small"):
            for event in opened.events:
                told = f"{say(f'state_{event.state}')}: {event.by}, {say(f'door_{event.door}')}, {_at(event)}"
                text.words("li", told + (f" ({event.note})" if event.note and event.state in SAY_WHY else ""))
            if found.head.turn:
                text.words("li", say("of_turn", turn=found.head.turn))
            if found.head.undoes:
                text.words("li", say("takes_back", id=found.head.undoes[:8]))
        with ui.element("div").classes("line"):
            if opened.may_undo:
                act(self.person, say("undo"), lambda: self._ask_undo(opened), icon="undo").mark("undo")
                if found.head.turn:
                    act(self.person, say("undo_turn"), lambda: self._undo_turn(str(found.head.turn)))
            text.link(say("link_to_change"), f"/changes?id={found.id}", "small")

    def _field_undo(self, found: ChangeSet, count: int) -> Behind:
        def behind(entity: str, name: str) -> None:
            called = field_label(entity, name, self.person.lang)
            label = self.person.say("undo_field" if count == 1 else "undo_field_all", field=called)

            async def take_back() -> None:
                await self._undo(undo_fields, found.id, [name])

            act(self.person, "", take_back, icon="undo", kind="flat", name=label).mark(f"undo-{name}")

        return behind

    async def _ask_undo(self, opened: Opened) -> None:
        if opened.count <= MANY:
            await self._undo(undo, opened.found.id)
            return
        title = self.person.say("undo_many", count=f"{opened.count:,}")
        confirm(self.person, title, self._summary(opened), lambda: self._undo(undo, opened.found.id), yes="undo")

    async def _undo(self, verb: Callable[..., UndoResult], change_set: str, *fields: Any) -> None:
        self._tell([await work(verb, self.desk.store, change_set, *fields, actor=self.person.actor, door=DOOR)])
        await self._refresh()

    async def _undo_turn(self, turn: str) -> None:
        self._tell(await work(undo_turn, self.desk.store, turn, actor=self.person.actor, door=DOOR))
        await self._refresh()

    def _tell(self, results: "list[UndoResult] | tuple[UndoResult, ...]") -> None:
        """What was put back; what was left stays on the page until it is read."""
        say = self.person.say
        count = sum(sum(one.records.values()) for one in results)
        left = [one for result in results for one in result.left]
        if not left:
            notify(say("undone_count", count=f"{count:,}"), kind="positive")
            return
        title = say("undone_left", count=f"{count:,}", left=len(left))
        with dialog(self.person, title, lambda: None, yes="done"), ui.element("ul").classes("told"):
            for one in left[:READ]:
                text.words("li", f"{one.label}: {self.person.told(one.reason)}")


def _changes(person: Person, opened: Opened, behind: Behind | None) -> None:
    """The first changes open, the others behind a line; those beyond what was read are counted."""
    schema, changes = person.desk.store.schema, opened.changes
    show_diff(person, changes[:SHOWN], schema, behind=behind)
    if changes[SHOWN:]:
        more = person.say("more_changes", count=f"{len(changes) - SHOWN:,}")
        with ui.expansion(more).props("dense").classes("small"):
            show_diff(person, changes[SHOWN:], schema, behind=behind)
    if opened.count > len(changes):
        text.words("p", person.say("more_changes", count=f"{opened.count - len(changes):,}"), "muted small")


def _options(say: Callable[..., str], nothing: str, prefix: str, keys: tuple[str, ...]) -> dict[Any, str]:
    return {None: say(nothing), **{key: say(f"{prefix}_{key}") for key in keys}}


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _moment(one: ChangeSet) -> str:
    return f"{one.created_at.astimezone(UTC):%Y-%m-%d %H:%M}"


def _at(event: Event) -> str:
    return f"{event.at.astimezone(UTC):%Y-%m-%d %H:%M}"
