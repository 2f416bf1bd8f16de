"""Creating a store and bringing an old one up to date. The only module that imports Alembic."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, insert, make_url, select
from sqlalchemy.exc import OperationalError

from crm_core.access import DEFAULT_SCOPES
from crm_core.db import Store
from crm_core.errors import Unavailable
from crm_core.models import RoleScope, StoreInfo
from crm_core.row_security import guard_rows
from crm_core.walls import AGENT_ROLE, PROPOSALS


def create_store(url: str, *, base_currency: str = "USD", agent_url: str | None = None) -> Store:
    """Create the store at `url`, or bring an older one to this version. Safe to run again.

    Raises:
        Unavailable: the place cannot be written to or reached.
    """
    with _raw_connection(url) as connection:
        bring_to(connection, "head")
        if connection.dialect.name == "postgresql":
            _grant_to_agent(connection)
            guard_rows(connection)
        if connection.execute(select(StoreInfo.name).limit(1)).first() is None:
            _seed(connection, base_currency)
    return Store(url, agent_url=agent_url)


@contextmanager
def _raw_connection(url: str) -> Iterator[Connection]:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        try:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(f"Cannot make a store at {parsed.database}: {error.strerror}.") from error
    engine = create_engine(parsed)
    if parsed.get_backend_name() == "sqlite":  # pysqlite would commit each DDL statement by itself
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", lambda begun: begun.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as connection:
            yield connection
    except OperationalError as error:
        raise Unavailable(f"Cannot make a store at {parsed.render_as_string()}: {error.orig}.") from error
    finally:
        engine.dispose()


def _prepare_sqlite(dbapi_connection: Any, _record: object) -> None:
    dbapi_connection.isolation_level = None
    dbapi_connection.execute("PRAGMA journal_mode=WAL")


def bring_to(connection: Connection, revision: str) -> None:
    """Run the migrations up to `revision` in the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _grant_to_agent(connection: Connection) -> None:
    """The role of the agent: it may read all tables and add to those of proposals."""
    connection.exec_driver_sql(_MAKE_ROLE)
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {AGENT_ROLE}")
    connection.exec_driver_sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {AGENT_ROLE}")
    connection.exec_driver_sql(f"GRANT INSERT ON {', '.join(sorted(PROPOSALS))} TO {AGENT_ROLE}")


_MAKE_ROLE = f"""DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{AGENT_ROLE}') THEN
        CREATE ROLE {AGENT_ROLE} NOLOGIN;
    END IF;
    IF NOT pg_has_role(current_user, '{AGENT_ROLE}', 'MEMBER') THEN
        GRANT {AGENT_ROLE} TO CURRENT_USER;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- made at the same moment for another database
END $$"""


def _seed(connection: Connection, base_currency: str) -> None:
    connection.execute(
        insert(StoreInfo),
        [{"name": "revision", "value": "1"}, {"name": "base_currency", "value": base_currency}],
    )
    connection.execute(
        insert(RoleScope),
        [{"role": role, "reads": reads, "writes": writes} for role, (reads, writes) in DEFAULT_SCOPES.items()],
    )
