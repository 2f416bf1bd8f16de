"""The third engine reaches its own tables and nothing else."""

import sqlite3
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from copilot.memory.engine import ROLE, Conversations, connect
from copilot.memory.tables import metadata
from crm_core.db import Store
from crm_core.errors import Unavailable
from crm_core.models import Base
from tests.factories import make_deal

REFUSED = r"not authorized|prohibited|denied|may not be modified|must be owner"
CUSTOMER_TABLES = sorted(Base.metadata.tables)
ON_A_CUSTOMER_TABLE = (
    "SELECT * FROM {table}", "INSERT INTO {table} DEFAULT VALUES", "INSERT OR REPLACE INTO {table} DEFAULT VALUES",
    "UPDATE {table} SET rowid = rowid", "DELETE FROM {table}", "DROP TABLE {table}",
    "ALTER TABLE {table} RENAME TO mine",
    "INSERT INTO conversations (thread, kind, state, size, used_at) SELECT 't', 'k', x.rowid, 1, 1 FROM {table} x",
)  # fmt: skip
ANYWHERE = (
    "ATTACH DATABASE '{other}' AS other", "PRAGMA writable_schema = ON", "PRAGMA journal_mode = DELETE",
    "CREATE TABLE loot (a)", "CREATE TEMP TABLE loot (a)", "CREATE VIEW loot AS SELECT 1", "DROP TABLE conversations",
    "CREATE TRIGGER t AFTER DELETE ON conversations BEGIN SELECT 1; END", "VACUUM INTO '{other}'",
    "UPDATE sqlite_master SET sql = ''", "SELECT * FROM sqlite_master", "REINDEX", "ANALYZE",
)  # fmt: skip


@pytest.fixture
def inside(sqlite_store: Store) -> sqlite3.Connection:
    """The engine's own connection, opened on the customers' file: the worst case of a wrong path."""
    make_deal(sqlite_store, "North")
    connection = connect(Path(str(sqlite_store.path)))
    yield connection
    connection.close()


@pytest.mark.parametrize("statement", ON_A_CUSTOMER_TABLE)
def test_no_statement_reaches_a_customer_table(inside: sqlite3.Connection, statement):
    for table in CUSTOMER_TABLES:
        with pytest.raises(sqlite3.DatabaseError, match=REFUSED):
            inside.execute(statement.format(table=table)).fetchall()


@pytest.mark.parametrize("statement", ANYWHERE)
def test_no_statement_changes_what_there_is_or_opens_another_file(inside: sqlite3.Connection, statement, tmp_path):
    with pytest.raises(sqlite3.DatabaseError, match=REFUSED):
        inside.execute(statement.format(other=tmp_path / "other.db")).fetchall()

    assert not (tmp_path / "other.db").exists()


def test_its_own_tables_take_everything(inside: sqlite3.Connection):
    for table in metadata.tables:
        assert inside.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
        assert inside.execute(f"DELETE FROM {table}").rowcount == 0


@pytest.mark.postgres
def test_on_postgresql_its_role_has_no_right_to_a_customer_table(postgres_store: Store):
    make_deal(postgres_store, "North")
    kept = Conversations(postgres_store.url.render_as_string(hide_password=False))
    for table in ("deals", "users", "change_sets"):
        for statement in ("SELECT * FROM public.{}", "DELETE FROM public.{}", "DROP TABLE public.{}"):
            with pytest.raises(Unavailable, match=REFUSED), kept.transaction() as connection:
                connection.execute(text(statement.format(table)))
    kept.close()


@pytest.mark.postgres
def test_on_postgresql_a_login_that_may_make_nothing_is_enough(postgres_store: Store):
    Conversations(postgres_store.url.render_as_string(hide_password=False)).close()
    login = f"farley_app_{uuid4().hex[:8]}"
    owner = create_engine(postgres_store.url, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text(f"CREATE ROLE {login} LOGIN IN ROLE {ROLE}"))

    kept = Conversations(postgres_store.url.set(username=login).render_as_string(hide_password=False))

    with kept.transaction() as connection:
        assert connection.execute(text("SELECT count(*) FROM conversations")).scalar_one() >= 0
        connection.execute(text("RESET ROLE"))  # even then
        with pytest.raises(ProgrammingError, match="denied"):
            connection.execute(text("SELECT * FROM public.deals"))
        connection.rollback()
    kept.close()
    with owner.connect() as connection:
        connection.execute(text(f"DROP ROLE {login}"))
    owner.dispose()


def test_a_file_that_is_none_says_what_is_wrong(tmp_path: Path):
    (tmp_path / "talk.db").write_text("no database at all, and long enough to be read as one" * 20)

    with (
        pytest.raises(Unavailable, match="cannot be kept"),
        Conversations(f"sqlite:///{tmp_path}/talk.db").transaction(),
    ):
        pass
