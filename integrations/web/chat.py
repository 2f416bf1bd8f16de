"""The chat: conversations, questions, what happened, and the answers. A turn goes on when its browser leaves."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from copilot.feedback import Verdict
from copilot.memory.transcripts import Thread, Turn
from integrations.web import text
from integrations.web.desk import Desk
from integrations.web.panels import Live
from integrations.web.people import Person
from integrations.web.replies import Pause, show_reply
from integrations.web.shell import button, edge, frame, work
from integrations.web.shown import Shown, from_text
from integrations.web.starters import starters
from integrations.web.thumbs import show_thumbs, thumbs_of
from integrations.web.turns import TURNS_S, Running, answer
from integrations.web.window import window

_LOOK_S = 0.4  # how often a page asks for what goes on
_PACE_S = 0.12  # between the pieces of an answer's words


async def build(desk: Desk, person: Person, thread: str = "", ask: str = "") -> None:
    """The page: one conversation, and the others beside it."""
    actor = person.actor
    name = thread if thread.isalnum() and len(thread) <= 64 else uuid4().hex
    turns = await work(desk.transcripts.turns, actor.id, name)
    with frame(person, person.say("chat"), wide=True), ui.element("div").classes("chat-page"):
        with ui.element("div").classes("chat"):
            _bar(desk, person, name)
            talk = _Talk(desk, person, name)
            await talk.show(turns)
        with ui.element("aside").classes("threads"):
            threads = Live(lambda: desk.transcripts.threads(actor.id), lambda found: _threads(person, found, name))
            await threads.show()
            talk.on_begun = threads.show
    if ask and not turns:
        ui.timer(0.1, lambda: talk.ask(ask[:4000]), once=True)


def _bar(desk: Desk, person: Person, here: str) -> None:
    """On the phone: the other conversations in a window, and a new one."""

    async def open_threads() -> None:
        with edge(person):
            threads = await work(desk.transcripts.threads, person.actor.id)
            with window(person.say("conversations"), "threads-window") as shown:
                _links(threads, here)
                if not threads:
                    text.words("p", person.say("no_conversations"), "muted")
            shown.on("hide", shown.delete)
            shown.open()

    with ui.element("div").classes("chat-bar only-phone"), ui.element("div").classes("spread"):
        button(person.say("conversations"), open_threads, kind="flat", icon="forum").mark("threads")
        text.link(person.say("new_conversation"), "/", "small")


def _threads(person: Person, threads: tuple[Thread, ...], here: str) -> None:
    with ui.element("div").classes("spread"):
        text.words("h2", person.say("conversations"), "small muted")
        text.link(person.say("new_conversation"), "/", "small")
    _links(threads, here)


def _links(threads: tuple[Thread, ...], here: str) -> None:
    for one in threads:
        made = text.link(one.title[:80], f"/?thread={one.name}", "thread")
        if one.name == here:
            made.props["aria-current"] = "page"


class _Talk:
    """One conversation at one page."""

    def __init__(self, desk: Desk, person: Person, thread: str) -> None:
        self.desk, self.person, self.thread = desk, person, thread
        self.on_begun: Callable[[], Awaitable[None]] | None = None  # its first question was asked

    async def show(self, turns: tuple[Turn, ...]) -> None:
        """What was said, and the field to write in."""
        self.turns = ui.element("div").classes("turns").props("role=log aria-live=polite")
        with self.turns:
            if not turns:
                await self._start()
            thumbs = await work(thumbs_of, self.desk, self.person, turns)
            for turn in turns:
                await self._past(turn, thumbs.get(turn.id))
        self._composer()

    async def _start(self) -> None:
        say = self.person.say
        with ui.element("div").classes("start") as self.start:
            text.words("h1", say("chat_title"), "page-title")
            text.words("p", say("chat_note"), "muted")
            with ui.element("div").classes("starters"), edge(self.person):
                for one in await work(starters, self.desk, self.person):
                    button(one, lambda one=one: self.ask(one), kind="quiet starter")

    async def _past(self, turn: Turn, thumb: Verdict | None) -> None:
        text.words("div", turn.question, "said")
        with ui.element("div").classes("answer") as box:
            if turn.reply is not None:
                await self._show(turn, from_text(turn.reply), thumb)
            elif datetime.now(UTC) - turn.at < timedelta(seconds=TURNS_S):
                self._look(box, turn.id, self._working())
            else:
                text.words("p", self.person.say("interrupted"), "muted")

    def _composer(self) -> None:
        say = self.person.say
        with ui.element("div").classes("composer-area"), ui.element("div").classes("composer"):
            self.field = ui.textarea(placeholder=say("ask_placeholder")).props("borderless autogrow dense autofocus")
            self.field.props["aria-label"] = say("ask_placeholder")
            self.field.props["maxlength"] = 4000
            self.field.mark("composer").classes("composer-field").on("keydown.enter.exact.prevent", self.send)
            button("", self.send, kind="primary", icon="arrow_upward", label=say("send"))
        text.words("p", say("chat_promise"), "small muted chat-promise")

    async def send(self) -> None:
        """Ask what stands in the field."""
        question = str(self.field.value or "").strip()
        if question:
            self.field.value = ""
            await self.ask(question)

    async def ask(self, question: str) -> None:
        """One turn: it runs by itself, and this page looks for what comes of it."""
        if hasattr(self, "start"):
            self.start.set_visibility(False)
        with self.turns:
            text.words("div", question, "said")
            with ui.element("div").classes("answer") as box:
                step = self._working()
        self._to_end(box)
        with edge(self.person):
            running = await work(answer, self.desk, self.person, self.thread, question)
            self._look(box, running.turn, step, running)
            ui.navigate.history.replace(f"/?thread={self.thread}")
            if self.on_begun is not None:
                await self.on_begun()
                self.on_begun = None

    def _working(self) -> TextElement:
        """What stands there until the answer does; gives the words that tell what goes on."""
        with ui.element("div").classes("line working").props("role=status"):
            ui.spinner(size="18px")
            return text.words("span", self.person.say("thinking"), "muted")

    def _look(self, box: ui.element, turn: int, step: TextElement, running: Running | None = None) -> None:
        """Show the answer as soon as it is there; `running`: the turn runs in this process."""

        async def look() -> None:
            if running is not None and running.step:
                step.text = text.clean(running.step)
            if running is not None and not running.is_done:
                return
            kept = await work(self._kept, turn)
            if kept is None:
                return
            timer.deactivate()
            box.clear()
            box.props("aria-busy=true")
            with box:
                await self._show(*kept, pause=pause)
            box.props(remove="aria-busy")
            self._to_end(box)

        async def pause() -> None:
            self._to_end(box)
            await asyncio.sleep(_PACE_S)

        with self.turns:  # not inside the box, which is cleared when the answer comes
            timer = ui.timer(_LOOK_S if running is None else 0.15, look)

    async def _show(
        self, turn: Turn, shown: Shown, thumb: Verdict | None = None, *, pause: Pause | None = None
    ) -> None:
        with edge(self.person):
            await show_reply(self.desk, self.person, shown, ask=self.ask, pause=pause)
            show_thumbs(self.desk, self.person, turn.id, turn.question, thumb)

    def _kept(self, turn: int) -> tuple[Turn, Shown] | None:
        turns = self.desk.transcripts.turns(self.person.actor.id, self.thread)
        found = next((one for one in turns if one.id == turn), None)
        return None if found is None or found.reply is None else (found, from_text(found.reply))

    def _to_end(self, box: ui.element) -> None:
        ui.run_javascript(f"getHtmlElement({box.id})?.scrollIntoView({{block: 'nearest', behavior: 'instant'}})")
