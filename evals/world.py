"""Worlds: a store with known content that cases are asked against, built once and copied for each run."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.setup import create_store
from crm_core.transfer.vocabulary import ExtraWords


class World:
    """A SQLite store in a folder of its own. `copy` gives a fresh one, so that no run sees what another left.

    Attributes:
        name: for reports.
        path: the store's file.
    """

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self.path = path

    @contextmanager
    def copy(self) -> Iterator[Store]:
        """A store with the same content, gone when the block ends."""
        with TemporaryDirectory(prefix="farley-eval-") as folder:
            path = Path(folder) / "farley.db"
            shutil.copyfile(self.path, path)
            store = Store(f"sqlite:///{path}")
            try:
                yield store
            finally:
                store.close()


@contextmanager
def imported_world(folder: Path, *, today: date, extra_words: ExtraWords | None = None) -> Iterator[World]:
    """A world made by importing every file of `folder`, as a user would: with no mapping given.

    Args:
        folder: of CSV files.
        today: for two-digit years.
        extra_words: of other languages, for the headers.

    Raises:
        CrmError: the files cannot be imported.
    """
    from crm_core.transfer import apply_import, plan_import

    with _new_store() as (store, path):
        plan = plan_import(store, [folder], today=today, extra_words=extra_words)
        apply_import(store, plan, actor=ADMIN)
        yield _settled(World(folder.name, path), store)


@contextmanager
def demo_world(today: date) -> Iterator[World]:
    """A world that holds the demo company."""
    from crm_core.demo import build_company
    from crm_core.transfer import load_rows

    with _new_store() as (store, path):
        load_rows(store, build_company(today), actor=ADMIN, door="eval", summary="the demo company")
        yield _settled(World("demo", path), store)


@contextmanager
def _new_store() -> Iterator[tuple[Store, Path]]:
    with TemporaryDirectory(prefix="farley-world-") as folder:
        path = Path(folder) / "farley.db"
        yield create_store(f"sqlite:///{path}"), path


def _settled(world: World, store: Store) -> World:
    """All connections closed: SQLite then folds its journal into the one file that `copy` copies."""
    store.close()
    return world
