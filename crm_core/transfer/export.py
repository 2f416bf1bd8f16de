"""Records and tables out: a question's answer as CSV or JSON lines, in parts, so that any length fits."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from crm_core.access import Actor
from crm_core.db import ReadStore
from crm_core.errors import Invalid
from crm_core.query.pages import Page
from crm_core.query.result import Column, QueryResult, Row, Value
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec

Format: TypeAlias = Literal["csv", "jsonl"]
MOST_SORTED = 10_000
_PART = 2_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export(store: ReadStore, spec: QuerySpec, *, actor: Actor, today: date, format: Format) -> Iterator[str]:
    """The answer, as far as the actor may see, in pieces of text; a list is in the order of ids unless it is sorted.

    Args:
        store: that is asked.
        spec: the question.
        actor: who asks.
        today: the day of the question.
        format: CSV with a line of names, texts that a spreadsheet would work out escaped; or one JSON object a row.

    Raises:
        Invalid: the question does not fit, or a sorted list would be too long. Before the first piece.
    """
    parts = _parts(store, spec, actor=actor, today=today)
    first = next(parts)
    write = _csv if format == "csv" else _jsonl
    return _written(first, parts, write)


def _parts(store: ReadStore, spec: QuerySpec, *, actor: Actor, today: date) -> Iterator[QueryResult]:
    is_plain = not spec.measures and not spec.group_by and not spec.distinct and spec.limit is None and not spec.offset
    if not is_plain or spec.top_per is not None:
        yield run_query(store, spec, actor=actor, today=today)
        return
    if spec.order_by:
        found = run_query(store, spec.model_copy(update={"limit": MOST_SORTED}), actor=actor, today=today)
        if found.total is None or found.total > len(found.rows):
            raise Invalid(f"A sorted export holds at most {MOST_SORTED:,} rows; leave order_by out.", field="order_by")
        yield found
        return
    after = 0
    while True:
        found = run_query(store, spec, actor=actor, today=today, page=Page(() if after else None, after, _PART))
        yield found
        if len(found.rows) < _PART:
            return
        after = found.rows[-1].record_id or 0


Write: TypeAlias = Callable[[QueryResult, bool], str]


def _written(first: QueryResult, rest: Iterator[QueryResult], write: Write) -> Iterator[str]:
    yield write(first, True)
    for part in rest:
        yield write(part, False)


def _csv(part: QueryResult, is_first: bool) -> str:
    return to_csv(part.columns, part.rows, has_names=is_first)


def to_csv(columns: Sequence[Column], rows: Iterable[Row], *, has_names: bool = True) -> str:
    """Rows as CSV, texts that a spreadsheet would work out escaped; `has_names`: a line of column names before them."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    if has_names:
        writer.writerow(column.name for column in columns)
    writer.writerows([_cell(value) for value in row.values] for row in rows)
    return text.getvalue()


def _jsonl(part: QueryResult, _: bool) -> str:
    names = [column.name for column in part.columns]
    lines = (dict(zip(names, map(_plain, row.values), strict=True)) for row in part.rows)
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _cell(value: Value) -> str | int | float | None:
    plain = _plain(value)
    if isinstance(plain, bool):
        return "true" if plain else "false"
    return f"'{plain}" if isinstance(plain, str) and plain.startswith(_FORMULA) else plain


def _plain(value: Value) -> str | int | float | bool | None:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
