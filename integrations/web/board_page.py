"""The pipeline board: deals by stage, moved by hand; on the phone the stages stand below one another."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import SortableEventArguments

from crm_core.models import StageKind
from integrations.records import Stale
from integrations.web import text
from integrations.web.board import PAGE, Board, Card, Lane, Shown, read_board
from integrations.web.desk import Desk
from integrations.web.importing.taking import may_import
from integrations.web.moving import move_deal
from integrations.web.moving_dialog import ask_closing, ask_stage
from integrations.web.people import Person
from integrations.web.reader import Reader
from integrations.web.shell import button, edge, empty, frame, heading, notify, work
from integrations.web.undoing import undo_notice

# Plain drag on a mouse; a finger has to rest on the card first, or nobody could scroll.
_DRAG = {"draggable": ".deal", "sort": False, "delay": 180, "delayOnTouchOnly": True, "filter": "button"}


async def build(
    desk: Desk, person: Person, *, q: str, owner: str, team: str, soon: str, risk: str, pipeline: str
) -> None:
    """The page."""
    shown = Shown(_number(pipeline), _number(owner), _number(team), q.strip()[:100], soon == "1", risk == "1")
    page = _BoardPage(person, shown, await work(_read, person, shown, {}))
    with frame(person, person.say("board"), wide=True):
        page.show()


def _number(told: str) -> int | None:
    return int(told) if told.isascii() and told.isdigit() and len(told) < 17 else None


def _read(person: Person, shown: Shown, depth: dict[int, int]) -> Board:
    return read_board(Reader.of(person), shown, depth=depth)


class _BoardPage:
    """One board at one page; what changes is built anew, lane by lane."""

    def __init__(self, person: Person, shown: Shown, board: Board) -> None:
        self.person, self.shown, self.board = person, shown, board
        self.depth: dict[int, int] = {}
        self.lanes: dict[int, ui.element] = {}
        self.held: dict[int, tuple[Card, Lane]] = {}  # by element

    def show(self) -> None:
        """Heading, filters and lanes."""
        with heading(self.person.say("board"), note=self.person.say("board_note")):
            text.link(self.person.say("board_new"), "/deal/new", "button-link primary-link")
        self._filters()
        self.place = ui.element("div").classes("board").props("role=list")
        self._lanes()

    def _filters(self) -> None:
        say, people = self.person.say, self.board.owners
        anybody = {0: say("board_anybody")}
        with ui.element("div").classes("filters"):
            if len(self.board.pipelines) > 1:
                self._choice("board_pipeline", self.board.pipelines, self.board.pipeline, "pipeline")
            words = ui.input(say("board_words"), value=self.shown.words).props("outlined dense clearable debounce=400")
            words.on_value_change(lambda event: self._narrow(words=" ".join(str(event.value or "").split())[:100]))
            self._choice("board_owner", anybody | people, self.shown.owner or 0, "owner")
            if self.board.managers:
                self._choice("board_team", anybody | self.board.managers, self.shown.team or 0, "team")
            for key, name in (("board_soon", "closes_soon"), ("board_risk", "at_risk")):
                box = ui.checkbox(say(key), value=getattr(self.shown, name)).props("dense")
                box.on_value_change(lambda event, name=name: self._narrow(**{name: bool(event.value)}))

    def _choice(self, key: str, options: dict[int, str], value: int, name: str) -> None:
        chosen = ui.select(options, label=self.person.say(key), value=value if value in options else 0)
        chosen.props("outlined dense options-dense").classes("filter-choice")
        chosen.on_value_change(lambda event: self._narrow(**{name: event.value or None}))

    async def _narrow(self, **changed: Any) -> None:
        wanted = replace(self.shown, **changed)
        if wanted == self.shown:
            return
        self.shown, self.depth = wanted, {}
        ui.navigate.history.replace(_address(wanted))
        await self._refresh()

    async def _refresh(self, *anew: int) -> None:
        """Read the board again and build the lanes that differ, and those of the stages `anew`."""
        with edge(self.person):
            before, self.board = self.board, await work(_read, self.person, self.shown, self.depth)
            if [one.stage for one in before.lanes] != [one.stage for one in self.board.lanes]:
                self._lanes()
                return
            for old, new in zip(before.lanes, self.board.lanes, strict=True):
                if old != new or new.stage in anew:
                    self._fill(new)

    def _lanes(self) -> None:
        self.place.clear()
        self.lanes.clear()
        self.held.clear()
        with self.place:
            if not self.board.lanes:
                self._nothing()
            for lane in self.board.lanes:
                shown = ui.element("section").classes(f"lane lane-{lane.kind}").props("role=listitem")
                shown.props["aria-label"] = text.clean(lane.name)
                self.lanes[lane.stage] = shown
                self._fill(lane)

    def _nothing(self) -> None:
        """There is no pipeline yet, as in a new store: what would bring one."""
        with empty(self.person, "board_empty", icon="view_kanban"):
            if may_import(self.person.actor):
                text.link(self.person.say("import"), "/import", "button-link")

    def _fill(self, lane: Lane) -> None:
        place = self.lanes[lane.stage]
        place.clear()
        self.held = {key: (card, of) for key, (card, of) in self.held.items() if of.stage != lane.stage}
        with place:
            with ui.element("div").classes("lane-head"):
                text.words("h2", lane.name)
                text.words("span", f"{lane.count:,}", "chip")
                text.words("div", " · ".join(lane.totals) or "–", "lane-sum num")
            cards = ui.column().classes("lane-cards")
            cards.make_sortable(_DRAG, group="deals", ghost_class="deal-ghost", on_end=self._dropped)
            cards.mark(f"lane-{lane.stage}")
            with cards:
                for card in lane.cards:
                    self.held[self._card(card).id] = (card, lane)
            if not lane.cards:
                text.words("p", self.person.say("board_empty_lane"), "lane-empty muted small")
            if lane.has_more:
                left = lane.count - len(lane.cards)
                button(self.person.say("board_more", left=f"{left:,}"), lambda: self._more(lane), kind="flat")

    def _card(self, card: Card) -> ui.element:
        """As few elements as it takes: a board has hundreds of cards, and each is paid for here and in the browser."""
        with ui.element("article").classes("deal" + (" deal-risky" if card.is_at_risk else "")) as shown:
            text.record_link(card.name, "deal", card.id).props["draggable"] = "false"
            self._mover(card)
            if card.account.text:
                text.words("div", card.account.text, "deal-account muted small")
            text.words("span", card.amount or "–", "deal-amount")
            self._day(card)
            text.words("div", card.owner, "muted small")
            self._risks(card)
        return shown

    def _mover(self, card: Card) -> None:
        label = text.clean(self.person.say("board_move", name=card.name))
        made = TextElement(tag="button", text="swap_horiz").classes("deal-move").mark("move-deal")
        made.props.update({"type": "button", "aria-label": label, "title": label})
        made.on("click", lambda: self._choose(card))

    def _day(self, card: Card) -> None:
        if card.closes_on is None:
            return
        day = card.closes_on.isoformat()
        shown = text.words("span", day, "deal-day small " + ("bad" if card.is_overdue else "muted"))
        shown.props["title"] = self.person.say("board_overdue" if card.is_overdue else "board_due", day=day)

    def _risks(self, card: Card) -> None:
        if not card.risks:
            return
        told = self.person.say("board_risks", warnings=", ".join(card.risks))
        more = f" +{len(card.risks) - 1}" if len(card.risks) > 1 else ""
        text.words("div", card.risks[0] + more, "deal-warning").props["title"] = text.clean(told)

    async def _more(self, lane: Lane) -> None:
        self.depth[lane.stage] = len(lane.cards) + PAGE
        await self._refresh()

    async def _dropped(self, event: SortableEventArguments) -> None:
        """A card was put down: somewhere else, it moves; the lanes are built as the store has them in any case."""
        held = self.held.get(event.item.id)
        to = next((lane for lane in self.board.lanes if event.target in self.lanes[lane.stage].descendants()), None)
        if held is not None and to is not None and to.stage != held[1].stage:
            await self._move(*held, to)

    async def _choose(self, card: Card) -> None:
        """The way without dragging: for fingers, keys and screen readers."""
        lane = next(lane for lane in self.board.lanes if card in lane.cards)
        to = await ask_stage(self.person, card, [one for one in self.board.lanes if one.stage != lane.stage])
        if to is not None:
            await self._move(card, lane, to)

    async def _move(self, card: Card, lane: Lane, to: Lane) -> None:
        with edge(self.person):
            given = await ask_closing(self.person, card, to) if to.kind is not StageKind.OPEN else {}
            if given is not None:
                await self._moved(card, to, given)
        await self._refresh(lane.stage, to.stage)

    async def _moved(self, card: Card, to: Lane, given: dict[str, str | None]) -> None:
        def move() -> str:
            return move_deal(Reader.of(self.person), card.id, card.version, to.stage, **given)

        try:
            done = await work(move)
        except Stale:
            notify(self.person.say("board_changed"), kind="warning")
        else:
            told = self.person.say("board_moved", name=card.name, stage=to.name)
            undo_notice(self.person, told, done, then=self._refresh)


def _address(shown: Shown) -> str:
    told = {
        "q": shown.words, "owner": shown.owner, "team": shown.team, "pipeline": shown.pipeline,
        "soon": int(shown.closes_soon), "risk": int(shown.at_risk),
    }  # fmt: skip
    kept = {name: value for name, value in told.items() if value}
    return "/board" + (f"?{urlencode(kept)}" if kept else "")
