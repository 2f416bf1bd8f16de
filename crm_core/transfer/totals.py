"""A file's own totals: rows at its end that add up the others and are no record."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from crm_core.transfer.numbers import parse_number
from crm_core.transfer.read import Row, Source
from crm_core.transfer.text import is_missing

_LAST = 3  # rows
_CALLED = re.compile(
    r"(grand |sub|overall )?totals?( .{0,30})?|sum|summe|gesamt(summe)?|合\s*计|总\s*计|小\s*计|总额|汇总",
    re.IGNORECASE,
)


def without_totals(source: Source) -> tuple[Source, list[Row]]:
    """The file without its own totals, and these rows.

    A row is one where it stands at the end, its first words are "Total" or 合计, and nothing else in it is filled but
    numbers, in at most half of the columns.
    """
    last = deque(source.rows(), maxlen=_LAST)
    found = [row for row in last if row.problem is None and _is_total(row, len(source.headers))]
    return (replace(source, without=frozenset(row.number for row in found)) if found else source), found


def called(row: Row) -> str:
    """What the row is called in the file."""
    return next(cell.strip() for cell in row.cells if cell.strip())


def _is_total(row: Row, width: int) -> bool:
    filled = [cell.strip() for cell in row.cells if not is_missing(cell)]
    if len(filled) < 2 or 2 * len(filled) > max(width, 4) or not _CALLED.fullmatch(filled[0].rstrip(":： ")):
        return False
    return all(_is_number(cell) for cell in filled[1:])


def _is_number(cell: str) -> bool:
    return any(_reads(cell, comma) for comma in (False, True))


def _reads(cell: str, decimal_comma: bool) -> bool:
    try:
        parse_number(cell, decimal_comma=decimal_comma)
    except ValueError:
        return False
    return True


def notes_on(source: Source, rows: list[Row]) -> Iterator[str]:
    """What a person should know, one sentence a row."""
    for row in rows:
        yield f"{source.name}, row {row.number}: {called(row)} is left out: it is the file's own totals."
