"""Results as tables: sorted and filtered by a click, as CSV, with links to the records behind them."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from nicegui import ui

from copilot.labels import column_label
from copilot.offline.say.values import value_in_words
from crm_core.models import Kind
from crm_core.query.result import Column, Row, Value
from crm_core.schema import NUMERIC
from crm_core.transfer.export import to_csv
from integrations.web import text
from integrations.web.people import Person
from integrations.web.shell import button, edge

SHOWN, FILTERED = 25, 9  # rows at first; from so many on there is a filter
LONG = 160  # characters of a cell


class ResultTable:
    """The rows of an answer, where it is made.

    Args:
        person: who looks.
        columns: of the result.
        rows: of the result.
        entity: what the rows are of; its records are linked. None: of no one kind.
        name: of the CSV file.
        total: how many there are, where that is more than these.
    """

    def __init__(
        self, person: Person, columns: Sequence[Column], rows: Sequence[Row], *, entity: str | None = None,
        name: str = "farley", total: int | None = None,
    ) -> None:  # fmt: skip
        self._person, self._columns, self._all = person, tuple(columns), tuple(rows)
        self._entity, self._name, self._total = entity, name, total
        self._sorted: tuple[int, bool] | None = None
        self._wanted, self._most = "", SHOWN
        with ui.element("div").classes("table-box"):
            if len(self._all) >= FILTERED:
                self._filter_field()
            with ui.element("div").classes("table-scroll").props("tabindex=0 role=region") as scroll:
                scroll.props["aria-label"] = person.say("table")
                self._table = ui.element("table").classes("table")
            self._foot = ui.element("div").classes("table-foot")
        self._draw()

    def _filter_field(self) -> None:
        field = ui.input(placeholder=self._person.say("filter"), on_change=lambda e: self._filter(e.value))
        field.props("dense borderless clearable debounce=200").classes("table-filter")
        field.props["aria-label"] = self._person.say("filter")

    def _draw(self) -> None:
        rows = self._rows()
        self._table.clear()
        with self._table:
            with ui.element("thead"), ui.element("tr"):
                for at, column in enumerate(self._columns):
                    self._head(at, column)
            with ui.element("tbody"):
                for row in rows[: self._most]:
                    with ui.element("tr"):
                        for at, value in enumerate(row.values):
                            self._cell(row, at, value)
        self._foot.clear()
        with self._foot:
            self._draw_foot(len(rows))

    def _head(self, at: int, column: Column) -> None:
        is_sorted = self._sorted is not None and self._sorted[0] == at
        with ui.element("th").props("scope=col").classes(_side(column)) as head:
            if is_sorted:
                assert self._sorted is not None
                head.props["aria-sort"] = "descending" if self._sorted[1] else "ascending"
            with ui.element("button").props("type=button").classes("sort").on("click", lambda: self._sort(at)):
                text.words("span", column_label(column.label, self._entity or "", self._person.lang))
                if is_sorted:
                    assert self._sorted is not None
                    arrow = "arrow_downward" if self._sorted[1] else "arrow_upward"
                    ui.icon(arrow).props("aria-hidden=true")

    def _cell(self, row: Row, at: int, value: Value) -> None:
        column = self._columns[at]
        if value is None:
            text.words("td", "–", f"faint {_side(column)}")
            return
        shown = cut(value_in_words(value, column, self._person.lang))
        target = self._target(row, at, column)
        if target is None:
            text.words("td", shown, _side(column) + (" long" if column.kind is Kind.LONG_TEXT else ""))
            return
        with ui.element("td"):
            text.record_link(shown, *target)

    def _target(self, row: Row, at: int, column: Column) -> tuple[str, int] | None:
        """The record that a cell leads to: the one that it names, or in the first column the row's own."""
        if column.entity and at in row.ids:
            return column.entity, row.ids[at]
        is_own = at == 0 and row.record_id is not None and self._entity is not None
        return (self._entity or "", row.record_id or 0) if is_own else None

    def _draw_foot(self, count: int) -> None:
        say, total = self._person.say, self._total or len(self._all)
        shown = min(self._most, count)
        if shown < total:
            text.words("span", say("rows_of", shown=f"{shown:,}", total=f"{total:,}"), "muted small")
        if shown < count:
            button(say("more_rows", count=min(100, count - shown)), self._more, kind="flat small")
        button("CSV", self._download, kind="flat small csv", icon="download", label=say("csv"))

    def _rows(self) -> list[Row]:
        wanted = self._wanted.casefold()
        rows = [row for row in self._all if not wanted or any(wanted in str(v).casefold() for v in row.values)]
        if self._sorted is not None:
            at, is_down = self._sorted
            filled = sorted((row for row in rows if row.values[at] is not None), key=_key(at), reverse=is_down)
            rows = filled + [row for row in rows if row.values[at] is None]
        return rows

    def _sort(self, at: int) -> None:
        is_down = self._columns[at].kind in NUMERIC
        if self._sorted is not None and self._sorted[0] == at:
            is_down = not self._sorted[1]
        self._sorted = (at, is_down)
        self._draw()

    def _filter(self, wanted: str | None) -> None:
        self._wanted, self._most = wanted or "", SHOWN
        self._draw()

    def _more(self) -> None:
        self._most += 100
        self._draw()

    def _download(self) -> None:
        with edge(self._person):
            written = to_csv(self._columns, self._rows())
            ui.download.content("\ufeff" + written, f"{self._name}.csv", "text/csv")


def cut(shown: str, most: int = LONG) -> str:
    """`shown` on one line, with an ellipsis where it is long."""
    shown = " ".join(shown.split())
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def _side(column: Column) -> str:
    return "num" if column.kind in NUMERIC else ""


def _key(at: int) -> Callable[[Row], Any]:
    def key(row: Row) -> Any:
        value = row.values[at]
        return float(value) if isinstance(value, Decimal | int | float) else str(value).casefold()

    return key
