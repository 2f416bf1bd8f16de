"""Many rows into one table: the statement and its conversions are prepared once, not for every row."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Date, Table, insert
from sqlalchemy.types import TypeEngine

from crm_core.models.base import UtcDateTime

Process = Callable[[Any], Any]


class BulkInsert:
    """Inserts whole rows (a value for every column) into `table`, half again as fast as `execute(insert(...))`."""

    def __init__(self, connection: Connection, table: Table) -> None:
        compiled = insert(table).compile(dialect=connection.dialect, column_keys=[c.name for c in table.c])
        self._connection = connection
        self._sql = str(compiled)
        self._is_positional = connection.dialect.positional
        names = (getattr(compiled, "positiontup", None) or []) if self._is_positional else [c.name for c in table.c]
        self._columns = [(name, _process(connection, table.c[name].type)) for name in names]

    def write(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Insert `rows`, of which there must be at least one."""
        columns = self._columns
        if self._is_positional:
            tuples = [tuple([row[n] if p is None else p(row[n]) for n, p in columns]) for row in rows]
            self._connection.exec_driver_sql(self._sql, tuples)
        else:
            named = [{n: row[n] if p is None else p(row[n]) for n, p in columns} for row in rows]
            self._connection.exec_driver_sql(self._sql, named)


def _process(connection: Connection, kind: TypeEngine[Any]) -> Process | None:
    dialect = connection.dialect
    process: Process | None = kind.dialect_impl(dialect).bind_processor(dialect)
    if process is not None and isinstance(kind, UtcDateTime | Date):
        return lru_cache(maxsize=4096)(process)  # the same few days and moments in every row
    return process
