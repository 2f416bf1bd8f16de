"""A query's result as a fenced table for a model, and as plain JSON for the conversation's memory."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from copilot.fence import cell, fence
from copilot.reply import Answer
from copilot.taint import TAINT, holds_untrusted
from crm_core.models import Kind
from crm_core.query.result import Column, QueryResult, Row, Value
from crm_core.schema import Schema

ROWS_FOR_MODEL = 50
ROWS_REMEMBERED = 200

_PLAIN = frozenset({str, int, bool})  # types that JSON has


def to_markdown(answer: Answer | None) -> str:
    """What a model reads: how the query was understood, the table, and what was cut off or left out.

    None: an answer of which no model may read anything.
    """
    if answer is None:
        return "Answered: the person sees the table. It rests on fields that you are not shown; do not describe them."
    result = answer.result
    lines = table_lines(result.columns, result.rows[:ROWS_FOR_MODEL])
    return "\n".join(
        [f"Asked: {cell(answer.query_text)}", *_remarks(result), fence("\n".join(lines), source="CRM records")]
    )


def table_lines(columns: Sequence[Column], rows: Sequence[Row]) -> list[str]:
    """A Markdown table, a line each."""
    lines = [_line([_head(column) for column in columns]), _line(["---"] * len(columns))]
    return lines + [_line([_text(value) for value in row.values]) for row in rows]


def to_artifact(answer: Answer, shown: Answer | None, schema: Schema) -> dict[str, Any]:
    """What the conversation remembers of a result: which records its rows are of. Plain JSON, at most 200 rows.

    Args:
        answer: of the query.
        shown: as much of it as a model read.
        schema: tells whose words the columns are.
    """
    result = answer.result
    rows = result.rows[:ROWS_REMEMBERED]
    entity, ids = _records(result)
    at = _label_column(result)
    return {
        "entity": entity,
        "ids": ids[:ROWS_REMEMBERED],
        "told": _told(result),
        "labels": [str(row.values[at]) for row in rows if row.values[at] is not None] if at is not None else [],
        "columns": [column.name for column in result.columns],
        "row_count": len(result.rows),
        "fields": [f"{result.entity}.{column.name}" for column in shown.result.columns] if shown else [],
        TAINT: shown is not None and holds_untrusted(shown.result, schema),
    }


def _told(result: QueryResult) -> list[str | int] | None:
    """The one record that was asked for: [entity, id, label]; None where the answer is no single reference."""
    if len(result.rows) != 1 or result.rows[0].record_id is None:
        return None
    row = result.rows[0]
    asked = [
        (column.entity, row.ids[at], str(row.values[at]))
        for at, column in enumerate(result.columns)
        if column.entity and at in row.ids and column.name in result.spec.columns
    ]
    return list(asked[0]) if len(asked) == 1 else None


def to_json(value: Value) -> str | int | float | bool | None:
    """`value` as a JSON number, text (dates are ISO), true, false or null."""
    if value is None or type(value) in _PLAIN:
        return value  # type: ignore[return-value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _records(result: QueryResult) -> tuple[str | None, list[int]]:
    if any(row.record_id is not None for row in result.rows):
        return result.entity, [row.record_id for row in result.rows if row.record_id is not None]
    at = next((i for i, column in enumerate(result.columns) if column.entity), None)
    if at is None:
        return (None, []) if result.spec.group_by or result.spec.measures else (result.entity, [])
    return result.columns[at].entity, [row.ids[at] for row in result.rows if at in row.ids]


def _label_column(result: QueryResult) -> int | None:
    words = (Kind.TEXT, Kind.CHOICE, Kind.REFERENCE, Kind.DATE, Kind.EMAIL)
    return next((i for i, column in enumerate(result.columns) if column.kind in words), None)


def _remarks(result: QueryResult) -> list[str]:
    remarks = [f"Rows: {len(result.rows)}" + (f" of {result.total} that match" if result.total else "")]
    if len(result.rows) > ROWS_FOR_MODEL:
        remarks.append(f"Only the first {ROWS_FOR_MODEL} are shown to you; the person sees them all.")
    remarks += [
        f"Left out of {name}: {count} records without a value" for name, count in result.missing.items() if count
    ]
    return remarks


def _head(column: Column) -> str:
    unit = column.currency or column.unit or ("fraction" if column.is_ratio else "")
    return cell(column.label + (f" ({unit})" if unit else ""))


def _text(value: Value) -> str:
    return "" if value is None else cell(str(to_json(value)))


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
