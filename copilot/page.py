"""Page: text in sections, each line with the records that it rests on. Made by code: a summary, a brief or a report."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from copilot.reply import Answer, Citation
from crm_core.models import Kind
from crm_core.query.result import Column, Row

# Of a page as a table: name and kind.
COLUMNS = (
    ("section", Kind.TEXT),
    ("day", Kind.DATE),
    ("text", Kind.LONG_TEXT),
    ("entity", Kind.TEXT),
    ("id", Kind.INTEGER),
    ("label", Kind.TEXT),
)


@dataclass(frozen=True)
class Line:
    """One line.

    Attributes:
        text: for the person.
        source: the record that it rests on, with the words where it quotes; None: the queries behind the page.
        day: of what it tells.
    """

    text: str
    source: Citation | None = None
    day: date | None = None


@dataclass(frozen=True)
class Section:
    """Lines under a heading; without lines it says so."""

    heading: str
    lines: tuple[Line, ...] = ()
    if_empty: str = ""


@dataclass(frozen=True)
class Table:
    """Figures of a page in rows and columns, as a query gives them.

    Attributes:
        columns: in order.
        rows: in order.
        entity: what the rows are of; None: of no one kind of record.
        bar: the column that is drawn as bars beside it where there is room for no chart.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    entity: str | None = None
    bar: str | None = None


@dataclass(frozen=True)
class Offer:
    """What a page suggests to do; a word of the person has it proposed.

    Attributes:
        about: entity, id and label of the record that it is about.
        label: what it is, for the person.
        step: of a change, as plain JSON.
        task: the same as a task to make.
        to: entity and id of whom a mail about it goes to.
    """

    about: tuple[str, int, str]
    label: str
    step: dict[str, Any]
    task: dict[str, Any]
    to: tuple[str, int] | None = None


@dataclass(frozen=True)
class Page:
    """What a person reads at a glance.

    Attributes:
        title: what it is about.
        about: the record; None: about many.
        sections: in order.
        answers: the queries behind it.
        note: how far it looked, where that is not all.
        asked: how the request was read.
        table: its figures.
        chart: a Vega-Lite spec of them, its data within.
        history: all lines that were read for it, the oldest first; a language model that sums up may cite them too.
        offers: what it suggests, in the order in which it tells them.
    """

    title: str
    about: Citation | None
    sections: tuple[Section, ...]
    answers: tuple[Answer, ...]
    note: str = ""
    asked: str = ""
    table: Table | None = None
    chart: dict[str, Any] | None = None
    history: tuple[Line, ...] = ()
    offers: tuple[Offer, ...] = ()

    @property
    def lines(self) -> Iterator[Line]:
        """All lines, in order."""
        return (line for section in self.sections for line in section.lines)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """One for each line, in order, without repeats."""
        return tuple(dict.fromkeys(line.source for line in self.lines if line.source))

    @property
    def places(self) -> dict[Citation, int]:
        """The number of each source: those of the page as `text` numbers them, then those of the history."""
        sources = (line.source for line in (*self.lines, *self.history) if line.source)
        return {source: number for number, source in enumerate(dict.fromkeys(sources), 1)}

    @property
    def numbered(self) -> dict[int, list[Line]]:
        """All lines by the number of their source."""
        places = self.places
        found: dict[int, list[Line]] = {number: [] for number in places.values()}
        for line in (*self.lines, *self.history):
            if line.source:
                found[places[line.source]].append(line)
        return found

    def text(self, *, numbered: bool = False) -> str:
        """As Markdown.

        Args:
            numbered: each line ends with the place of its source in `citations`, from 1.
        """
        places = self.places
        told = [f"**{self.title}**"]
        for section in self.sections:
            if not section.lines:
                told += [f"**{section.heading}**: {section.if_empty}"] if section.if_empty else []
                continue
            told.append(f"**{section.heading}**")
            told += [f"- {line.text}" + _mark(line, places if numbered else {}) for line in section.lines]
        return "\n".join([*told, *([self.note] if self.note else [])])

    def rows(self) -> list[list[str | int | None]]:
        """A row for each line, as `COLUMNS` names them."""
        return [
            [section.heading, line.day.isoformat() if line.day else None, line.text, *_keys(line.source)]
            for section in self.sections
            for line in section.lines
        ]


def _mark(line: Line, places: dict[Citation, int]) -> str:
    return f" [{places[line.source]}]" if line.source in places else ""


def _keys(source: Citation | None) -> tuple[str | None, int | None, str | None]:
    return (source.entity, source.id, source.label) if source else (None, None, None)
