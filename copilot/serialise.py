"""A Reply as the JSON of the contract: what scripts, `POST /api/ask` and evals read."""

from collections.abc import Sequence
from typing import Any

from copilot.page import COLUMNS, Page
from copilot.recorded import is_empty
from copilot.reply import Answer, Citation, Reply, Status
from copilot.table import to_json
from crm_core.query.result import Column, QueryResult, Row

SHOWS_ROWS = frozenset({Status.ANSWERED, Status.PROPOSED})


def reply_to_json(reply: Reply, *, id: str | int | None) -> dict[str, Any]:
    """`reply` as one plain object.

    Args:
        reply: to give.
        id: of the request, given back.

    Returns:
        `columns`, `rows` and `query` are of the last query of the turn; a turn that does not answer, or a total over
        nothing, has no rows. A report has its table, a summary or a brief a row for each line.
        Amounts are numbers in major units; `currency` is theirs, and `column_types` says it for each column.
    """
    answer = reply.answers[-1] if reply.answers else None
    page = reply.pages[-1] if reply.pages else None
    shown = answer if reply.status in SHOWS_ROWS else None
    return {
        "id": id,
        "status": str(reply.status),
        "text": reply.text,
        **(_page(page) if page else _table(shown)),
        "query": answer.result.spec.model_dump(mode="json", exclude_defaults=True) if answer else None,
        "query_text": page.asked if page else answer.query_text if answer else "",
        "citations": [_citation(citation) for citation in reply.citations],
        "proposals": [proposal.as_json() for proposal in reply.proposals],
        "options": list(reply.options),
        "receipt": list(reply.receipt),
        "suggestions": list(reply.suggestions),
        "chart": reply.chart,
        "error_id": reply.error_id,
        "elapsed_ms": reply.elapsed_ms,
    }


def _page(page: Page) -> dict[str, Any]:
    return _lines(page) if page.table is None else _rows(page.table.columns, page.table.rows)


def _lines(page: Page) -> dict[str, Any]:
    types = [{"label": name, "kind": kind, "currency": None, "unit": None, "is_ratio": False} for name, kind in COLUMNS]
    return {
        "columns": [name for name, _ in COLUMNS],
        "rows": page.rows(),
        "currency": None,
        "column_types": types,
    }


def _table(answer: Answer | None) -> dict[str, Any]:
    if answer is None:
        return _rows((), ())
    return table_to_json(answer.result)


def table_to_json(result: QueryResult) -> dict[str, Any]:
    """The columns and rows of a result, as the contract has them."""
    return _rows(result.columns, () if is_empty(result) else result.rows)


def _rows(columns: Sequence[Column], rows: Sequence[Row]) -> dict[str, Any]:
    currencies = list(dict.fromkeys(column.currency for column in columns if column.currency))
    return {
        "columns": [column.name for column in columns],
        "rows": [[to_json(value) for value in row.values] for row in rows],
        "currency": currencies[0] if len(currencies) == 1 else None,
        "column_types": [_column(column) for column in columns],
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "label": column.label,
        "kind": str(column.kind),
        "currency": column.currency,
        "unit": column.unit,
        "is_ratio": column.is_ratio,
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {"entity": citation.entity, "id": citation.id, "label": citation.label, "quote": citation.quote}
