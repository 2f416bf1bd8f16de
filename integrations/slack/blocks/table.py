"""A result as a block of aligned text, one page at a time, and what its buttons carry."""

import base64
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from rich.cells import cell_len

from copilot.context import Lang
from copilot.labels import column_label
from copilot.offline.say.values import value_in_words
from crm_core.query.result import Column, QueryResult, Row, Value
from crm_core.query.spec import QuerySpec
from crm_core.schema import NUMERIC
from integrations.slack.blocks import limits
from integrations.slack.blocks.controls import actions, button
from integrations.slack.blocks.text import Block, context, one_line, preformatted
from integrations.slack.words import say

PAGE = 10  # rows
WIDTH = 100  # cells of a line
CELL = 32  # cells of a column


@dataclass(frozen=True)
class Shown:
    """What a button of a table asks for: a page of the answer to `spec`."""

    spec: QuerySpec
    page: int
    lang: Lang

    def packed(self) -> str | None:
        """As a button carries it; None where it is too long for that."""
        squeezed = zlib.compress(self.spec.model_dump_json(exclude_defaults=True).encode(), 9)
        value = f"{self.lang}.{self.page}.{base64.urlsafe_b64encode(squeezed).decode()}"
        return value if len(value) <= limits.VALUE else None

    @staticmethod
    def unpacked(value: str) -> "Shown | None":
        """What `packed` made; None for anything else."""
        lang, _, rest = value.partition(".")
        page, _, squeezed = rest.partition(".")
        try:
            raw = zlib.decompressobj().decompress(base64.urlsafe_b64decode(squeezed), 100_000)
            spec = QuerySpec.model_validate_json(raw)
            return Shown(spec, max(0, int(page)), "zh" if lang == "zh" else "en")
        except (ValueError, ValidationError, zlib.error):
            return None


def table_blocks(result: QueryResult, lang: Lang, *, page: int = 0) -> list[Block]:
    """One page of a result with its buttons."""
    first = page_of(len(result.rows), page) * PAGE
    blocks = rows_blocks(result.columns, result.rows, result.entity, lang, first=first)
    return [*blocks, *_buttons(result, lang, first // PAGE)]


def rows_blocks(
    columns: Sequence[Column], rows: Sequence[Row], entity: str, lang: Lang, *, first: int = 0
) -> list[Block]:
    """Ten rows from `first` on."""
    shown = rows[first : first + PAGE]
    cells = [[_cell(value, column, lang) for value, column in zip(row.values, columns, strict=True)] for row in shown]
    heads = [one_line(column_label(column.label, entity, lang), CELL) for column in columns]
    text, left_out = _aligned(heads, cells, [column.kind in NUMERIC for column in columns])
    told = {"first": first + 1, "last": first + len(shown), "count": len(rows)}
    notes = [say("rows_of", lang, **told)] if len(rows) > PAGE else []
    notes += [say("columns_cut", lang, count=left_out)] if left_out else []
    return [preformatted(text), *context(notes)]


def page_of(count: int, page: int) -> int:
    """The page that there is which comes nearest."""
    return min(page, max(0, (count - 1) // PAGE))


def _buttons(result: QueryResult, lang: Lang, page: int) -> list[Block]:
    wanted = (("earlier", "page_earlier", page - 1), ("later", "page_later", page + 1))
    last = page_of(len(result.rows), len(result.rows))
    found = [
        button(say(label, lang), action, value)
        for label, action, to in wanted
        if 0 <= to <= last and (value := Shown(result.spec, to, lang).packed())
    ]
    if len(result.rows) > 1 and (value := Shown(result.spec, page, lang).packed()):
        found.append(button(say("csv", lang), "csv", value))
    return actions(found)


def _cell(value: Value, column: Column, lang: Lang) -> str:
    return "–" if value is None else one_line(value_in_words(value, column, lang), CELL)


def _aligned(heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool]) -> tuple[str, int]:
    """Lines of equal columns, and how many columns found no room."""
    widths = [max(map(cell_len, column)) for column in zip(heads, *rows, strict=True)]
    fits = 0
    while fits < len(widths) and (not fits or sum(widths[: fits + 1]) + 2 * fits <= WIDTH):
        fits += 1
    lines = [heads, *rows]
    padded = [[_padded(line[at], widths[at], right[at]) for at in range(fits)] for line in lines]
    return "\n".join("  ".join(line).rstrip() for line in padded), len(widths) - fits


def _padded(cell: str, width: int, is_right: bool) -> str:
    blanks = " " * (width - cell_len(cell))
    return blanks + cell if is_right else cell + blanks
