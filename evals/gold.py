"""Right answers worked out from the store itself, by a query that was written without Farley's own."""

from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from crm_core.db import Store
from crm_core.errors import Invalid
from evals.case import Case
from evals.check import Ordered, Scalar, SetOf, Table


def settle(case: Case, store: Store) -> Case:
    """`case` with the answer that its `sql` gives in `store`; unchanged where it has none.

    A scalar takes the one value, a table (label, number) rows, a set or ranking the first column.

    Raises:
        Invalid: the query does not run, or gives no such answer; or one over the store at the end could not run; names
            the case, its file and its line.
    """
    for one in case.expect.store if case.expect else ():
        _ask(case, f"EXPLAIN {one.sql}", store, what="a query over the `store`")
    if case.sql is None or case.check is None:
        return case
    rows = _ask(case, case.sql, store, what="the `sql`")
    try:
        return case.model_copy(update={"check": case.check.model_copy(update=_answer(case, rows))})
    except (TypeError, ValueError, IndexError):
        told = "it gives no row; `check: {kind: empty}` says that there are none" if not rows else f"it gives {rows[0]}"
        raise Invalid(f"{case.place or case.id}: the `sql` of {case.id!r} gives no {case.kind}: {told}") from None


def _ask(case: Case, sql: str, store: Store, *, what: str) -> list[tuple[Any, ...]]:
    values = {"today": case.today.isoformat()} if ":today" in sql else {}
    try:
        with store.read() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql, values)]
    except SQLAlchemyError as error:
        told = getattr(error, "orig", error)
        raise Invalid(f"{case.place or case.id}: {what} of {case.id!r} does not run: {told}") from error


def _answer(case: Case, rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    match case.check:
        case Scalar():
            return {"value": float(rows[0][0])}
        case Table() if rows:
            return {"rows": {str(label): float(number) for label, number in rows}}
        case SetOf() | Ordered() if rows:
            return {"values": [row[0] for row in rows]}
    raise ValueError
