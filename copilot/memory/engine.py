"""The third engine: conversations and what they cost. Its connections reach their own tables and nothing else.

On SQLite an authorizer refuses every other table, and ATTACH, DDL and pragmas with them. On PostgreSQL the tables lie
in a schema of their own, and the engine acts as a role that has rights there alone, where one may be made.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import QueuePool
from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement

from copilot.memory.tables import metadata
from crm_core.errors import Unavailable

log = logging.getLogger(__name__)

SCHEMA = ROLE = "farley_conversations"
BUSY_TIMEOUT_S = 5.0

_OWN = frozenset(metadata.tables)
_ON_TABLES = {sqlite3.SQLITE_READ, sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE}
_HARMLESS = {
    sqlite3.SQLITE_SELECT, sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_SAVEPOINT, sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}  # fmt: skip


class Conversations:
    """The database of conversations behind a URL; it is made where there is none.

    Args:
        url: `sqlite:///path/to/conversations.db`, or the URL of a PostgreSQL database.
    """

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        is_sqlite = self._url.get_backend_name() == "sqlite"
        self._engine = self._sqlite() if is_sqlite else self._postgres()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction on the conversations' own tables.

        Raises:
            Unavailable: they cannot be reached or written.
        """
        try:
            with self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError, sqlite3.Error) as error:
            reason = getattr(error, "orig", None) or error
            raise Unavailable(f"Conversations cannot be kept in {self._name()}: {reason}.") from error

    def insert(self, table: Table) -> "postgresql.Insert | sqlite.Insert":
        """An INSERT that knows ON CONFLICT, as both databases have it."""
        return sqlite.insert(table) if self._engine.dialect.name == "sqlite" else postgresql.insert(table)

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def _sqlite(self) -> Engine:
        path = Path(self._url.database or "")
        engine = create_engine(
            "sqlite://", creator=lambda: connect(path), poolclass=QueuePool, pool_size=5, hide_parameters=True
        )
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        return engine

    def _postgres(self) -> Engine:
        _prepare_postgres(self._url.render_as_string(hide_password=False))
        engine = create_engine(
            self._url, pool_pre_ping=True, hide_parameters=True, connect_args={"options": f"-csearch_path={SCHEMA}"}
        )
        event.listen(engine, "connect", _take_role)
        return engine

    def _name(self) -> str:
        return self._url.render_as_string(hide_password=True)


def connect(path: Path) -> sqlite3.Connection:
    """A connection to the SQLite file of conversations that can touch the tables of `tables.py` only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")  # a crash of the machine may cost the last turn's memory
        connection.execute("PRAGMA secure_delete=ON")  # what is forgotten is gone from the file too
        for statement in _ddl():
            connection.execute(statement)
    except BaseException:
        connection.close()
        raise
    connection.set_authorizer(_authorize)
    return connection


@cache
def _ddl() -> tuple[str, ...]:
    tables = metadata.sorted_tables
    indexes = [index for table in tables for index in table.indexes]
    wanted: list[DDLElement] = [
        *(CreateTable(table, if_not_exists=True) for table in tables),
        *(CreateIndex(index, if_not_exists=True) for index in indexes),
    ]
    return tuple(str(one.compile(dialect=sqlite.dialect())) for one in wanted)


def _authorize(action: int, name: str | None, detail: str | None, database: str | None, _trigger: str | None) -> int:
    if action in _HARMLESS:
        return sqlite3.SQLITE_OK
    if action in _ON_TABLES and name in _OWN and database in ("main", None):  # None: no column is read
        return sqlite3.SQLITE_OK
    is_asked_at_connect = action == sqlite3.SQLITE_PRAGMA and name == "read_uncommitted" and detail is None
    return sqlite3.SQLITE_OK if is_asked_at_connect else sqlite3.SQLITE_DENY


def _prepare_postgres(url: str) -> None:
    """Make schema, tables and role where they are missing; whoever may not make a role works without one."""
    engine = create_engine(url, hide_parameters=True, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql(f"SELECT count(*) FROM pg_tables WHERE schemaname = '{SCHEMA}'")
            if found.scalar() == len(metadata.tables):  # then this login need not be allowed to make them
                return
            connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            connection.exec_driver_sql(f"SET search_path TO {SCHEMA}")
            metadata.create_all(connection)
            try:
                _make_role(connection)
            except DBAPIError as error:
                log.warning("conversations have no role of their own: %s", error.orig)
    except DBAPIError as error:
        raise Unavailable(f"Conversations cannot be kept in this database: {error.orig}.") from error
    finally:
        engine.dispose()


def _make_role(connection: Connection) -> None:
    connection.exec_driver_sql(
        f"DO $$ BEGIN CREATE ROLE {ROLE} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$"
    )
    if not connection.exec_driver_sql(f"SELECT pg_has_role('{ROLE}', 'MEMBER')").scalar():
        connection.exec_driver_sql(f"GRANT {ROLE} TO CURRENT_USER")
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {ROLE}")
    connection.exec_driver_sql(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO {ROLE}")
    connection.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {SCHEMA} TO {ROLE}")


def _take_role(raw: object, _record: object) -> None:
    with raw.cursor() as cursor:  # type: ignore[attr-defined]  # a psycopg connection
        cursor.execute(
            f"SELECT pg_has_role(oid, 'MEMBER') AND has_schema_privilege(oid, '{SCHEMA}', 'USAGE')"
            f" FROM pg_roles WHERE rolname = '{ROLE}'"
        )
        if (cursor.fetchone() or (False,))[0]:
            cursor.execute(f"SET ROLE {ROLE}")
    raw.commit()  # type: ignore[attr-defined]
