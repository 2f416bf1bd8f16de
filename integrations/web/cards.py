"""A change set as a card: the old and new values, what it rests on, and what the person may do. Made from the diff."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from nicegui import ui

from crm_core.changes import State, approve, reject, undo
from crm_core.errors import Conflict, CrmError
from integrations.cards import MANY, Allowed, Card, correct, read_card, what_is_allowed
from integrations.web import text
from integrations.web.card_mail import MailCard
from integrations.web.card_parts import EDITED, editable, show_diff, show_facts, show_head
from integrations.web.desk import DOOR, Desk
from integrations.web.people import Person
from integrations.web.shell import button, edge, notify, work
from integrations.web.window import window

SHOWN, LISTED = 5, 200  # changes of a card at first, and when all are asked for
OnChange = Callable[[Card], Any]


async def proposal_card(
    desk: Desk, person: Person, change_set: str, *, on_change: OnChange | None = None, is_open: bool = True
) -> None:
    """The card of a change set where it is called; it draws itself anew after each decision.

    Args:
        desk: of the process.
        person: who looks and decides.
        change_set: its id.
        on_change: is told of the card as it stands after a decision.
        is_open: its changes are shown at once.
    """
    card = ProposalCard(desk, person, change_set, on_change=on_change, is_open=is_open)
    await card.draw()


class ProposalCard:
    """See `proposal_card`."""

    def __init__(
        self, desk: Desk, person: Person, change_set: str, *, on_change: OnChange | None = None, is_open: bool = True
    ) -> None:
        self.desk, self.person, self.id = desk, person, change_set
        self._on_change, self._most = on_change, SHOWN if is_open else 0
        self._is_edited = False
        self.allowed = Allowed()
        self.box = ui.element("article").classes("card change-card")

    async def draw(self) -> None:
        """Show it as it stands in the store."""
        with edge(self.person):
            store, actor = self.desk.store, self.person.actor
            card = await work(read_card, store, self.id, actor)
            self.allowed = await work(what_is_allowed, store, card, actor)
            self.box.clear()
            with self.box:
                self._show(card)

    def _show(self, card: Card) -> None:
        person = self.person
        show_head(person, card)
        if card.mail is not None:
            MailCard(self, card, card.mail).show()
            return
        if self._is_edited:
            self._editor(card)
            return
        show_diff(person, card.changes[: self._most], self.desk.store.schema)
        left = len(card.changes) - self._most
        if left > 0:
            button(person.say("more_changes", count=f"{left:,}"), self._open, kind="flat")
        show_facts(person, card)
        with ui.element("div").classes("line"):
            self.buttons(card)

    def buttons(self, card: Card) -> None:
        """What the person may do with it now."""
        say, allowed = self.person.say, self.allowed
        if allowed.approve:
            button(say("approve"), lambda: self.approve(card), kind="primary", icon="check")
            if card.mail is None and len(card.changes) <= SHOWN and editable(card, self.desk.store.schema):
                button(say("edit"), self._edit, icon="edit")
        if allowed.reject:
            button(say("reject"), lambda: self._reject(card), kind="danger")
        if card.found.state is State.PROPOSED and not allowed.approve:
            text.words(
                "span", say("decided_by", who=", ".join(allowed.deciders) or say("administrator")), "small muted"
            )
        if allowed.undo and card.may_be_undone(datetime.now(UTC)):
            button(say("undo"), self._undo, icon="undo")

    async def approve(self, card: Card) -> None:
        """Apply exactly what was shown; many changes at once take their number, typed."""
        if len(card.changes) > MANY and not await self._counted(len(card.changes)):
            return
        await self.decide("approved", approve, card.found.id, sha256=card.found.sha256)

    async def _counted(self, count: int) -> bool:
        say = self.person.say
        with window(say("count_title", count=f"{count:,}")) as dialog:
            typed = ui.input(say("count_label", count=f"{count:,}")).props("outlined dense autofocus")
            with ui.element("div").classes("line end"):
                button(say("cancel"), lambda: dialog.submit(None))
                button(say("approve"), lambda: dialog.submit(typed.value), kind="primary")
        given = await dialog
        if given is not None and str(given).replace(",", "").strip() != str(count):
            notify(say("count_wrong"), kind="warning")
        return given is not None and str(given).replace(",", "").strip() == str(count)

    async def _reject(self, card: Card) -> None:
        await self.decide("rejected", reject, card.found.id)

    async def _undo(self) -> None:
        result = await self.decide("", undo, self.id)
        if result is None:
            return
        if result.left:
            what = "; ".join(f"{left.label}: {self.person.told(left.reason)}" for left in result.left[:5])
            notify(self.person.say("undid_left", count=len(result.left), what=what), kind="warning")
        else:
            notify(self.person.say("undone"), kind="positive")

    def _editor(self, card: Card) -> None:
        """The proposed values alone, each in a field."""
        say = self.person.say
        fields: dict[tuple[int, str], ui.input] = {}
        with ui.element("div").classes("stack"):
            for at, name, label, value in editable(card, self.desk.store.schema, self.person.lang)[:EDITED]:
                made = ui.textarea if len(value) > 80 or "\n" in value else ui.input
                field = made(label, value=value).props("outlined dense").classes("full-width")
                fields[at, name] = field
            with ui.element("div").classes("line"):
                button(say("save"), lambda: self._save(card, fields), kind="primary")
                button(say("cancel"), self.redraw)

    async def _save(self, card: Card, fields: dict[tuple[int, str], Any]) -> None:
        known = {(at, name): value for at, name, _, value in editable(card, self.desk.store.schema)}
        typed = {key: str(field.value or "") for key, field in fields.items() if str(field.value or "") != known[key]}
        if typed and not await self.corrected(card, typed):
            return
        await self.redraw()

    async def corrected(self, card: Card, typed: dict[tuple[int, str], str]) -> bool:
        """Put a corrected proposal in its place; False where that was refused and the person has been told."""
        actor, today = self.person.actor, self.desk.today()
        try:
            made = await work(correct, self.desk.store, card, typed, actor=actor, today=today, door=DOOR)
        except CrmError as error:
            notify(self.person.told(error), kind="warning")
            return isinstance(error, Conflict)
        self.id = made.id
        return True

    async def decide(self, done: str, act: Callable[..., Any], *given: Any, **more: Any) -> Any:
        """Do something with it, and draw it as it then stands, also where that was refused."""
        result = None
        with edge(self.person):
            result = await work(act, self.desk.store, *given, actor=self.person.actor, door=DOOR, **more)
            if done:
                notify(self.person.say(done), kind="positive")
        await self.redraw()
        return result

    async def redraw(self) -> None:
        """Show it as it stands, and tell whoever wanted to know."""
        self._is_edited = False
        await self.draw()
        if self._on_change is not None:
            with edge(self.person):
                self._on_change(await work(read_card, self.desk.store, self.id, self.person.actor))

    async def _edit(self) -> None:
        self._is_edited = True
        await self.draw()

    async def _open(self) -> None:
        self._most = LISTED
        await self.draw()
