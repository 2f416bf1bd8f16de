"""Right answers worked out from the store itself, by a query that was written without Farley's own."""

from typing import Any

from sqlalchemy import text

from crm_core.db import Store
from evals.case import Case, Ordered, Scalar, SetOf, Table


def settle(case: Case, store: Store) -> Case:
    """`case` with the answer that its `sql` gives in `store`; unchanged where it has none.

    A scalar takes the one value, a table (label, number) rows, a set or ranking the first column.
    """
    if case.sql is None:
        return case
    with store.read() as connection:
        rows = [tuple(row) for row in connection.execute(text(case.sql), {"today": case.today.isoformat()})]
    return case.model_copy(update={"check": case.check.model_copy(update=_answer(case, rows))})


def _answer(case: Case, rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    match case.check:
        case Scalar():
            return {"value": float(rows[0][0])}
        case Table():
            return {"rows": {str(label): float(number) for label, number in rows}}
        case SetOf() | Ordered():
            return {"values": [row[0] for row in rows]}
    raise AssertionError(f"{case.id}: a {case.check.kind} has no answer to work out")
