"""An answer as elements: text, tables, chart, sheets, sources, options, cards and the receipt."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

from nicegui import ui

from copilot.reply import Status
from integrations.web import text
from integrations.web.cards import proposal_card
from integrations.web.charts import show_chart
from integrations.web.desk import Desk
from integrations.web.people import Person
from integrations.web.shell import button
from integrations.web.shown import Sheet, Shown
from integrations.web.sources import open_source
from integrations.web.tables import ResultTable, cut

CITED = 6
_KINDS = {Status.REFUSED: "warn", Status.CANNOT: "", Status.ERROR: "bad"}
_ICONS = {Status.REFUSED: "block", Status.CANNOT: "help_outline", Status.ERROR: "report"}
Ask = Callable[[str], Awaitable[Any]]
Pause = Callable[[], Awaitable[None]]


async def show_reply(
    desk: Desk, person: Person, shown: Shown, *, ask: Ask | None = None, pause: Pause | None = None
) -> None:  # fmt: skip
    """Show it where this is called.

    Args:
        desk: of the process.
        person: who asked.
        shown: the reply.
        ask: goes on with what is picked; None: the conversation is not here.
        pause: between the pieces in which its words come; None: all at once.
    """
    await _Answer(desk, person, shown, ask, pause).show()


class _Answer:
    """One answer at one page."""

    def __init__(self, desk: Desk, person: Person, shown: Shown, ask: Ask | None, pause: Pause | None) -> None:
        self.desk, self.person, self.shown, self.ask, self._pause = desk, person, shown, ask, pause

    async def show(self) -> None:
        """All of it, in the order in which it is read."""
        shown = self.shown
        if shown.is_told:
            await self._text()
        for change_set in shown.proposals:
            await proposal_card(self.desk, self.person, change_set)
        for sheet in shown.sheets:
            await self._say(self._sheet(sheet))
        if shown.chart is not None:
            show_chart(shown.chart)
        for table in shown.tables:
            name = (table.entity or "farley").replace("/", "-")
            ResultTable(
                self.person, table.columns, table.rows, entity=table.entity, name=name, total=table.total
            )  # fmt: skip
        for note in shown.notes:
            text.words("p", self.person.say("looks_alike", what=note), "small warn")
        self._picks(shown.options, "pick")
        self._how()
        self._picks(shown.suggestions, "suggestion")

    async def _text(self) -> None:
        status = Status(self.shown.status)
        if status not in _ICONS:
            await self._say(text.rich_pieces(self.shown.text, on_source=self._open))
            return
        with ui.element("div").classes(f"answer-state {_KINDS[status]}"):
            ui.icon(_ICONS[status]).props("aria-hidden=true")
            text.rich(self.shown.text)

    async def _say(self, pieces: Iterator[None]) -> None:
        """Piece by piece. The words were checked as a whole before, and stand in the transcript as a whole."""
        for _ in pieces:
            if self._pause is not None:
                await self._pause()

    def _sheet(self, sheet: Sheet) -> Iterator[None]:
        """A section at each step."""
        card = ui.element("article").classes("card sheet")
        with card:
            text.words("h2", sheet.title)
        for heading, lines, if_empty in sheet.sections:
            if lines or if_empty:
                with card:
                    self._section(heading, lines, if_empty)
                yield
        with card:
            if sheet.note:
                text.rich(sheet.note)
            if sheet.read_as and sheet.read_as != sheet.title:
                text.words("p", self.person.say("read_as", words=sheet.read_as), "small muted")

    def _section(self, heading: str, lines: Sequence[tuple[str, int | None]], if_empty: str) -> None:
        with ui.element("section"):
            text.words("h3", heading)
            if not lines:
                text.words("p", if_empty, "muted")
                return
            with ui.element("ul"):
                for line, source in lines:
                    self._line(line, source)

    def _line(self, line: str, source: int | None) -> None:
        with ui.element("li"):
            text.words("span", line)
            if source is not None:
                text.source_mark(source, self._open)

    async def _open(self, number: int) -> None:
        if 0 < number <= len(self.shown.citations):
            await open_source(self.desk, self.person, self.shown.citations[number - 1])

    def _picks(self, picks: tuple[str, ...], classes: str) -> None:
        ask = self.ask
        if not picks or ask is None:
            return
        with ui.element("div").classes("line picks"):
            for pick in picks[:12]:
                button(text.clean(pick), lambda pick=pick: ask(pick), kind=f"quiet {classes}")

    def _how(self) -> None:
        """How it was read, what it rests on, and the receipt."""
        shown, say = self.shown, self.person.say
        read = dict.fromkeys(one.read_as for one in shown.tables if one.read_as)
        cited = shown.citations if not shown.sheets else ()
        # What waits is told by its card, which knows what has become of it since.
        receipt = [line for line in shown.receipt if not any(one[:8] in line for one in shown.proposals)]
        if not read and not cited and not receipt:
            return
        with ui.element("footer").classes("how"):
            for words in read:
                text.words("p", say("read_as", words=words))
            if cited:
                with ui.element("p").classes("line"):
                    text.words("span", say("rests_on"))
                    for number, citation in enumerate(cited[:CITED], 1):
                        label = cut(citation.label + (f": {citation.quote}" if citation.quote else ""), 60)
                        made = button(text.clean(label), lambda number=number: self._open(number), kind="source")
                        made.props["aria-label"] = say("open_source", what=text.clean(label))
            for line in receipt:
                text.words("p", line)
