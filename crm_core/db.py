"""Engines and transactions: the only file that commits.

`Store` is what people's edits go through, `AgentStore` what the agent holds: it reads, and adds proposals.
SQLite runs in WAL mode with `synchronous=FULL`, foreign keys on, and one writer at a time (`BEGIN IMMEDIATE` behind an
in-process lock); reads use connections opened with `mode=ro`. PostgreSQL uses read-only transactions for reads.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from sqlalchemy import (
    Connection,
    Engine,
    Integer,
    String,
    cast,
    create_engine,
    event,
    make_url,
    select,
    update,
)
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import QueuePool

from crm_core.access import Actor
from crm_core.declared import Declared, make_schema, read_declared
from crm_core.errors import Unavailable
from crm_core.faults import reason_of
from crm_core.migrations import HEAD
from crm_core.models import StoreInfo
from crm_core.row_security import name_asker
from crm_core.schema import Schema
from crm_core.sqlite import connect_sqlite
from crm_core.walls import AGENT_ROLE, Authorizer, proposes_only, reads_only


class ReadStore:
    """One company's CRM data behind a database URL, to be read.

    Args:
        url: `sqlite:///path/to/farley.db` or `postgresql+psycopg://…`. See `crm_core.setup` to create one.
        authorizer: what SQLite asks before it runs a statement; None: `mode=ro` alone.
        role: that PostgreSQL acts in; None: the one of the URL.

    Raises:
        Unavailable: there is no store, it is no Farley store, or a newer Farley made it.
    """

    def __init__(self, url: str, *, authorizer: Authorizer | None = None, role: str | None = None) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._schema: tuple[int, Schema] | None = None
        self._declared: Declared | None = None  # what that registry was made of
        self._role = role
        self._held = threading.local()  # what `steady` keeps open, in each thread
        self._reader = self._engine(read_only=True, authorizer=authorizer, role=role)
        self._check_version()

    @property
    def path(self) -> Path | None:
        """The database file, for SQLite."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    @contextmanager
    def read(self, asker: Actor | None = None) -> Iterator[Connection]:
        """A connection that cannot write; what it sees does not move while it is open.

        Args:
            asker: on whose behalf. On PostgreSQL the agent sees the rows that they may see, and without one no record.
        """
        held = self._held_for(asker)
        if held is not None:
            yield held.connection
            return
        with self._guarded(), self._reader.connect() as connection, connection.begin():
            self._act_for(connection, asker)
            yield connection

    @contextmanager
    def steady(self, asker: Actor | None = None) -> Iterator[None]:
        """What this thread reads inside, on behalf of `asker`, it reads in one transaction: one moment of the store.

        What is written meanwhile is not seen, not even where this thread wrote it.
        """
        if self._held_for(asker) is not None:
            yield
            return
        with self.read(asker) as connection:
            before, self._held.now = getattr(self._held, "now", None), _Held(connection, asker)
            try:
                yield
            finally:
                self._held.now = before

    def _held_for(self, asker: Actor | None) -> "_Held | None":
        held: _Held | None = getattr(self._held, "now", None)
        return held if held is not None and (held.asker == asker or self._role is None) else None

    @property
    def revision(self) -> int:
        """Grows with each write by anyone; what is cached from the store is good for one revision."""
        with self.read() as connection:
            return self.revision_at(connection)

    def revision_at(self, connection: Connection) -> int:
        """The revision as `connection`'s transaction sees it."""
        held: _Held | None = getattr(self._held, "now", None)
        if held is None or held.connection is not connection:
            return int(connection.execute(_REVISION).scalar_one())
        if held.revision is None:
            held.revision = int(connection.execute(_REVISION).scalar_one())
        return held.revision

    @property
    def schema(self) -> Schema:
        """The registry with this store's custom fields and own words."""
        with self.read() as connection:
            return self.schema_at(connection)

    def schema_at(self, connection: Connection) -> Schema:
        """The registry as `connection`'s transaction sees it."""
        return self.revised_schema_at(connection)[1]

    def revised_schema_at(self, connection: Connection) -> tuple[int, Schema]:
        """The revision and the registry as `connection`'s transaction sees them."""
        revision, known = self.revision_at(connection), self._schema
        if connection.engine is not self._reader:  # unsaved fields must not be kept under a revision
            return revision, make_schema(read_declared(connection))
        if known is None or known[0] != revision:
            declared = read_declared(connection)  # most writes leave it as it was, and so what was worked out from it
            schema = known[1] if known and declared == self._declared else make_schema(declared)
            known, self._declared = (revision, schema), declared
            self._schema = known
        return known

    @property
    def base_currency(self) -> str:
        """What totals are told in, ISO 4217."""
        with self.read() as connection:
            return str(
                connection.execute(select(StoreInfo.value).where(StoreInfo.name == "base_currency")).scalar_one()
            )

    def close(self) -> None:
        """Give the connections back."""
        self._reader.dispose()

    def _act_for(self, connection: Connection, asker: Actor | None) -> None:
        if asker is not None and self._role is not None and not self.is_sqlite:
            name_asker(connection, asker)

    def _engine(self, *, read_only: bool, authorizer: Authorizer | None = None, role: str | None = None) -> Engine:
        if not self.is_sqlite:
            # What a reader sees does not move while it reads, as on SQLite.
            reading = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
            options = reading if read_only else {}
            acts_as = {"options": f"-c role={role}"} if role else {}
            return create_engine(
                self.url, pool_pre_ping=True, hide_parameters=True, execution_options=options, connect_args=acts_as
            )
        engine = create_engine(
            "sqlite://",
            creator=lambda: connect_sqlite(self._file(), read_only=read_only, authorizer=authorizer),
            json_serializer=partial(json.dumps, ensure_ascii=False),  # a path of SQLite finds no key written in escapes
            hide_parameters=True,
            poolclass=QueuePool,
            pool_size=5,
        )
        event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE"))
        return engine

    def _file(self) -> Path:
        path = self.path
        if path is None or not path.exists():
            raise Unavailable(f"There is no store at {path}. Make one with `farley init` or `farley init --demo`.")
        return path

    def _check_version(self) -> None:
        with self.read() as connection:
            try:
                found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            except DatabaseError as error:
                raise Unavailable(f"{self._name()} is no Farley store; make one with `farley init`.") from error
        if found is None or str(found) > HEAD:
            raise Unavailable(
                f"{self._name()} was made by a newer Farley (its version is {found}, this one knows {HEAD}). Update it."
            )
        if str(found) < HEAD:
            raise Unavailable(f"{self._name()} is at version {found}; bring it to {HEAD} with `farley init`.")

    def _name(self) -> str:
        return str(self.path) if self.path else self.url.render_as_string(hide_password=True)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            reason = reason_of(error)
            if reason is None:
                raise
            raise Unavailable(f"The store {self._name()} {reason}") from error
        except DatabaseError as error:
            if isinstance(error.orig, sqlite3.DatabaseError) and "not a database" in str(error.orig):
                raise Unavailable(f"{self._name()} is no database file, or is damaged.") from error
            raise


@dataclass
class _Held:
    """A transaction that a thread reads in, on whose behalf, and the revision that it sees once that was looked up."""

    connection: Connection
    asker: Actor | None
    revision: int | None = None


class Store(ReadStore):
    """The same with the right to write: for the committer and the doors of authenticated people, never the agent.

    Args:
        url: as for `ReadStore`.
        agent_url: that the agent reaches the same data by, with a login of its own; None: `url`, in a role of its own.
    """

    def __init__(self, url: str, *, agent_url: str | None = None) -> None:
        super().__init__(url)
        self._agent_url = agent_url or url
        self._lock = threading.Lock()
        self._writer = self._engine(read_only=False)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: success commits, any exception rolls everything back.

        Raises:
            Unavailable: the store is read-only, full, or another process held it for too long.
        """
        with self._lock, self._guarded(), self._writer.begin() as connection:
            connection.execute(_NEXT_REVISION)
            yield connection

    @contextmanager
    def derive(self) -> Iterator[Connection]:
        """One transaction on what is worked out from the records (the passages of a search): the revision stays."""
        with self._lock, self._guarded(), self._writer.begin() as connection:
            yield connection

    @cached_property
    def for_agent(self) -> "AgentStore":
        """The same data as the agent may hold it; it is closed with this store."""
        return AgentStore(self._agent_url)

    def close(self) -> None:
        """Give the connections back."""
        super().close()
        self._writer.dispose()
        if "for_agent" in self.__dict__:
            self.for_agent.close()


class AgentStore(ReadStore):
    """What the agent holds: it may read, and add proposals that a person decides on. It has no other credential.

    On PostgreSQL the proposals are added in the role `farley_agent`; see `docs/security.md`.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url, authorizer=reads_only, role=AGENT_ROLE)
        self._proposer = self._engine(read_only=False, authorizer=proposes_only, role=AGENT_ROLE)

    @contextmanager
    def proposals(self, asker: Actor | None = None) -> Iterator[Connection]:
        """One transaction that may add rows to the tables of proposals, and to no other.

        Args:
            asker: whose proposals. On PostgreSQL nothing is added to another person's, and without one nothing at all.
        """
        with self._guarded(), self._proposer.begin() as connection:
            self._act_for(connection, asker)
            yield connection

    def close(self) -> None:
        """Give the connections back."""
        super().close()
        self._proposer.dispose()


_REVISION = select(StoreInfo.value).where(StoreInfo.name == "revision")
_NEXT_REVISION = (
    update(StoreInfo).where(StoreInfo.name == "revision").values(value=cast(cast(StoreInfo.value, Integer) + 1, String))
)
