"""The approvals inbox: what waits for this person, to be approved, corrected or rejected in place."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from nicegui import ui

from copilot.autodrafts.making import DOOR as AUTO
from copilot.context import Lang
from copilot.refusals import translate
from crm_core.access import Actor
from crm_core.changes import ChangeSet, approve, list_waiting, read_changes
from crm_core.changes.draft import risk_of
from crm_core.db import ReadStore, Store
from crm_core.errors import CrmError
from integrations.cards import read_card
from integrations.web import text
from integrations.web.cards import proposal_card
from integrations.web.desk import DOOR, Desk
from integrations.web.panels import Live, act, choice
from integrations.web.people import Person
from integrations.web.shell import empty, frame, heading, notify, work
from integrations.web.told import tell_sets

MOST = 200
PAGE = 20
RISKS = ("low", "medium", "high")
ANY, OWN, OTHERS = "any", "own", "others"


@dataclass(frozen=True)
class Waiting:
    """A proposal that waits, how risky it is, whether it came by itself, and what it does in a line."""

    found: ChangeSet
    risk: str
    is_auto: bool
    summary: str


def read_waiting(store: ReadStore, actor: Actor, lang: Lang = "en") -> tuple[Waiting, ...]:
    """What waits for this person, the newest first."""
    found = list_waiting(store, actor, limit=MOST)
    with store.read(actor) as connection:
        changes = {one.id: [change for _, change in read_changes(connection, one.id)] for one in found}
    schema, told = store.schema, tell_sets(store, found, lang)
    return tuple(Waiting(one, risk_of(changes[one.id], schema), one.head.door == AUTO, told[one.id]) for one in found)


def count_waiting(desk: Desk, person: Person) -> int:
    """How many proposals wait: the number in the navigation."""
    return len(list_waiting(desk.store, person.actor, limit=MOST))


def approve_all(store: Store, wanted: Iterable[Waiting], actor: Actor, *, lang: Lang) -> list[str]:
    """Approve each of these as it was shown; gives why some were not."""
    refused = []
    for one in wanted:
        try:
            approve(store, one.found.id, sha256=one.found.sha256, actor=actor, door=DOOR)
        except CrmError as error:
            refused.append(f"{one.summary}: {translate(error, lang)}")
    return refused


async def build(desk: Desk, person: Person, id: str = "") -> None:
    """The inbox, or one card (`?id=`)."""
    card = await work(read_card, desk.store, id, person.actor) if id else None  # before anything of the page is sent
    with frame(person, person.say("approvals")):
        heading(person.say("approvals"), note=person.say("approvals_note"))
        if card is not None:
            text.link(person.say("all_approvals"), "/approvals", "small")
            await proposal_card(desk, person, card.found.id)
            return
        await _Inbox(desk, person).show()


@dataclass
class _Inbox:
    """The inbox at one page: what is filtered for, and what is ticked."""

    desk: Desk
    person: Person
    risk: str = ANY
    who: str = ANY
    most: int = PAGE
    ticked: dict[str, Waiting] = field(default_factory=dict)

    async def show(self) -> None:
        """The filters, and the cards below."""
        say = self.person.say
        with ui.element("div").classes("filters"):
            risks = {ANY: say("any_risk"), **{risk: say(f"risk_{risk}") for risk in RISKS}}
            self._filter("risk", say("filter_risk"), risks)
            whose = {ANY: say("any_who"), OWN: say("own_proposals"), OTHERS: say("others_proposals"), AUTO: say("auto")}
            self._filter("who", say("filter_who"), whose)
            self._bulk = ui.element("div").classes("line")
        self._live = Live(lambda: read_waiting(self.desk.store, self.person.actor, self.person.lang), self._cards)
        await self._live.show()

    def _filter(self, name: str, label: str, options: dict[str, str]) -> None:
        async def chosen(value: str) -> None:
            setattr(self, name, value)
            self.ticked.clear()
            await self._live.show()

        choice(label, options, ANY).on_value_change(lambda event: chosen(str(event.value)))

    def _fits(self, one: Waiting) -> bool:
        mine = one.found.head.asked_by_id == self.person.actor.id
        by = {ANY: True, OWN: mine and not one.is_auto, OTHERS: not mine, AUTO: one.is_auto}[self.who]
        return by and self.risk in (ANY, one.risk)

    async def _cards(self, found: tuple[Waiting, ...]) -> None:
        fitting = [one for one in found if self._fits(one)]
        self.ticked = {one.found.id: one for one in fitting if one.found.id in self.ticked}
        self._draw_bulk()
        if not fitting:
            empty(self.person, "approvals_none_such" if found else "approvals_none", icon="task_alt")
            return
        for one in fitting[: self.most]:
            with ui.element("div").classes("inbox-item"):
                if one.risk == "low" and len(fitting) > 1:
                    box = ui.checkbox(value=one.found.id in self.ticked)
                    box.props["aria-label"] = self.person.say("tick", what=one.summary)
                    box.on_value_change(self._ticker(one))
                place = ui.element("div").classes("grow")
            with place:
                await proposal_card(self.desk, self.person, one.found.id)
        if len(fitting) > self.most:
            act(self.person, self.person.say("more_cards", count=len(fitting) - self.most), self._more)

    def _ticker(self, one: Waiting) -> Callable[[], None]:
        def tick() -> None:
            if self.ticked.pop(one.found.id, None) is None:
                self.ticked[one.found.id] = one
            self._draw_bulk()

        return tick

    def _draw_bulk(self) -> None:
        self._bulk.clear()
        if self.ticked:
            with self._bulk:
                label = self.person.say("approve_ticked", count=len(self.ticked))
                act(self.person, label, self._approve_ticked, kind="primary")

    async def _approve_ticked(self) -> None:
        wanted = list(self.ticked.values())
        refused = await work(approve_all, self.desk.store, wanted, self.person.actor, lang=self.person.lang)
        self.ticked.clear()
        await self._live.show()
        done = self.person.say("approved_many", count=len(wanted) - len(refused))
        notify("\n".join([done, *refused[:5]]), kind="warning" if refused else "positive")

    async def _more(self) -> None:
        self.most += PAGE
        await self._live.show()
