"""The chat: questions, what happened, and the answers."""

from uuid import uuid4

from nicegui import ui

from copilot.reply import Reply
from integrations.current import bring_up_to_date
from integrations.web import text
from integrations.web.desk import DOOR, Desk
from integrations.web.people import Person
from integrations.web.shell import button, edge, frame, work


def build(desk: Desk, person: Person) -> None:
    """The page."""
    with frame(person, person.say("chat")), ui.element("div").classes("chat"):
        _Talk(desk, person).show()


class _Talk:
    """One conversation at one page."""

    def __init__(self, desk: Desk, person: Person) -> None:
        self.desk, self.person, self.thread = desk, person, uuid4().hex

    def show(self) -> None:
        """The turns, and the field to write in."""
        self.turns = ui.element("div").classes("turns").props("role=log aria-live=polite")
        with ui.element("div").classes("composer"):
            self.field = ui.textarea(placeholder=self.person.say("ask_placeholder")).props(
                "borderless autogrow dense autofocus"
            )
            self.field.props["aria-label"] = self.person.say("ask_placeholder")
            self.field.mark("composer").classes("composer-field").on("keydown.enter.exact.prevent", self.send)
            button("", self.send, kind="primary", icon="arrow_upward", label=self.person.say("send"))

    async def send(self) -> None:
        """Ask what stands in the field."""
        question = str(self.field.value or "").strip()
        self.field.value = ""
        if question:
            await self.ask(question)

    async def ask(self, question: str) -> None:
        """One turn."""
        with self.turns:
            text.words("div", question, "said")
            answer = ui.element("div").classes("answer")
        with edge(self.person):
            reply = await work(self._reply, question)
            with answer:
                text.rich(reply.text)

    def _reply(self, question: str) -> Reply:
        today = self.desk.today()
        bring_up_to_date(self.desk.store, today)
        return self.desk.copilot.ask(
            question, thread=f"{DOOR}:{self.thread}", actor=self.person.actor, today=today, door=DOOR
        )
