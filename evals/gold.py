"""Right answers worked out from the store itself, by a query that was written without Farley's own."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from crm_core.db import Store
from crm_core.errors import Invalid
from evals.case import Case
from evals.check import Ordered, Scalar, SetOf, Table


def settle(case: Case, store: Store) -> Case:
    """`case` with the answer that its `sql` gives in `store`; unchanged where it has none.

    A scalar takes the one value, a table (label, number) rows, a set or ranking the first column.

    Raises:
        Invalid: the query does not run, or gives no such answer; names the case, its file and its line.
    """
    if case.sql is None or case.check is None:
        return case
    try:
        with store.read() as connection:
            rows = [tuple(row) for row in connection.execute(text(case.sql), _named(case))]
        return case.model_copy(update={"check": case.check.model_copy(update=_answer(case, rows))})
    except (DBAPIError, TypeError, ValueError, IndexError) as error:
        told = str(getattr(error, "orig", error)) or "it gives no row"
        raise Invalid(f"{case.place or case.id}: the `sql` of {case.id!r} gives no {case.kind}: {told}") from error


def _named(case: Case) -> dict[str, str]:
    return {"today": case.today.isoformat()} if ":today" in str(case.sql) else {}


def _answer(case: Case, rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    match case.check:
        case Scalar():
            return {"value": float(rows[0][0])}
        case Table():
            return {"rows": {str(label): float(number) for label, number in rows}}
        case SetOf() | Ordered() if rows:
            return {"values": [row[0] for row in rows]}
    raise ValueError("it gives no row; `check: {kind: empty}` says that there are none")
