"""My day: whom to turn to first and why, each with what one click proposes; set aside what can wait."""

from uuid import uuid4

from nicegui import ui

from integrations.web import text
from integrations.web.desk import DOOR, Desk
from integrations.web.people import Person
from integrations.web.replies import show_reply
from integrations.web.shell import button, edge, empty, frame, heading, loading, work
from integrations.web.shown import Sheet, Shown, shown_of
from integrations.web.sources import open_source


async def build(desk: Desk, person: Person) -> None:
    """The page."""
    with frame(person, person.say("my_day")):
        day = _Day(desk, person)
        ui.timer(0.05, day.load, once=True)


class _Day:
    """One person's day at one page. It is a conversation: a click says what a person would type."""

    def __init__(self, desk: Desk, person: Person) -> None:
        self.desk, self.person = desk, person
        heading(person.say("my_day"), note=desk.today().isoformat())
        self.body = ui.element("div").classes("stack")
        with self.body:
            loading()

    async def load(self) -> None:
        """Work the day out."""
        self.thread = uuid4().hex
        with edge(self.person):
            shown = await work(self._ask, self.person.say("ask_day"))
            self.body.clear()
            with self.body:
                if not shown.sheets or not shown.sheets[0].offers:
                    empty(self.person, "day_empty", icon="wb_sunny")
                else:
                    self._show(shown, shown.sheets[0])

    def _show(self, shown: Shown, sheet: Sheet) -> None:
        for at, (head, lines, _) in enumerate(sheet.sections, 1):
            with ui.element("article").classes("card day-card") as card:
                text.words("h2", head.partition(". ")[2] or head)
                with ui.element("ul").classes("reasons"):
                    for line, source in lines[:-1]:
                        self._reason(shown, line, source)
                with ui.element("div").classes("line"):
                    offer = sheet.offers[at - 1] if at <= len(sheet.offers) else ""
                    offer = text.clean(offer[:1].upper() + offer[1:])
                    do = button(offer, kind="primary wrap")
                    do.on_click(lambda at=at, card=card, do=do: self._do(at, card, do))
                    button(self.person.say("not_today"), lambda at=at, card=card: self._dismiss(at, card), kind="flat")
        if sheet.note:
            text.words("p", self.person.say("day_note"), "small muted")

    def _reason(self, shown: Shown, line: str, source: int | None) -> None:
        with ui.element("li"):
            text.words("span", line)
            if source is not None and source <= len(shown.citations):
                citation = shown.citations[source - 1]
                text.source_mark(source, lambda _: open_source(self.desk, self.person, citation))

    async def _do(self, at: int, card: ui.element, do: ui.button) -> None:
        do.disable()
        with edge(self.person):
            shown = await work(self._ask, self.person.say("do_number", number=at))
            with card, ui.element("div"):
                await show_reply(self.desk, self.person, shown)

    async def _dismiss(self, at: int, card: ui.element) -> None:
        with edge(self.person):
            await work(self._ask, self.person.say("dismiss_number", number=at))
            await self.load()

    def _ask(self, words: str) -> Shown:
        today = self.desk.today()
        thread = f"{DOOR}:day:{self.thread}"
        return shown_of(self.desk.copilot.ask(words, thread=thread, actor=self.person.actor, today=today, door=DOOR))
