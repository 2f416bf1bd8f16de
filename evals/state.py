"""The state of a store, read around Farley: which rows there are, whether anyone wrote, and what differs.

SQLite itself is asked through a connection of its own, so a write that went past the store's code is seen too.
"""

import hashlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm_core.models import RECORDS
from crm_core.walls import PROPOSALS

TABLES = {model.__tablename__: model.__entity__.name for model in RECORDS}  # table → entity
BOOKS = frozenset(
    {"change_decisions", "audit_entries", "outbox", "store_info"}
)  # what each decision of a person writes
_KEPT_APART = ("sqlite_", "passage")  # what SQLite and the search derive from the records
_OWN = frozenset({"version", "updated_at", "created_at"})  # stamps that come with every write
Rows = dict[int, tuple[Any, ...]]


@dataclass(frozen=True)
class Difference:
    """A record that is not as it was.

    Attributes:
        op: create, update or delete (a record marked as deleted is one).
        entity: of it.
        record_id: its id.
        values: column → (before, after), of what differs; of a new record what is filled.
    """

    op: str
    entity: str
    record_id: int
    values: dict[str, tuple[Any, Any]]


@dataclass(frozen=True)
class State:
    """All tables but those of proposals, and a hash of each."""

    hashes: dict[str, str]

    @property
    def business(self) -> str:
        """A hash of the customer records alone."""
        return _digest(self.hashes[name] for name in sorted(TABLES))


class Watch:
    """Looks at one SQLite file while others write to it.

    Args:
        path: of the store.
    """

    def __init__(self, path: Path) -> None:
        self._file = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._tables = {
            name: [column[1] for column in self._file.execute(f'PRAGMA table_info("{name}")')]
            for (name,) in self._file.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            if not name.startswith(_KEPT_APART)
        }
        self._seen = self.version
        self._state = self._read()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    @property
    def version(self) -> int:
        """Another number after anybody else has committed anything."""
        return int(self._file.execute("PRAGMA data_version").fetchone()[0])

    def state(self) -> State:
        """As it stands now; read anew only where somebody committed."""
        version = self.version
        if version != self._seen:
            self._seen, self._state = version, self._read()
        return self._state

    def rows(self, tables: Iterable[str]) -> dict[str, Rows]:
        """The rows of tables of records by id."""
        return {name: {row[0]: row for row in self._select(name)} for name in tables}

    def query(self, sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        """Run a query of a case."""
        return self._file.execute(sql, {key: value for key, value in values.items() if f":{key}" in sql}).fetchall()

    def write(self, statements: Iterable[tuple[str, tuple[Any, ...]]]) -> None:
        """Write something that the product itself would not; the next look sees it."""
        for sql, values in statements:
            self._file.execute(sql, values)
        self._seen = -1

    def put_back(self, template: Path, state: State) -> None:
        """Make the file what `template` is, under the feet of whoever has it open; its state is known."""
        source = sqlite3.connect(f"file:{template}?mode=ro", uri=True)
        try:
            source.backup(self._file)
        finally:
            source.close()
        self._seen, self._state = self.version, state

    def differences(self, before: dict[str, Rows], after: dict[str, Rows]) -> tuple[Difference, ...]:
        """Between two readings of tables."""
        found = []
        for table, rows in after.items():
            heads, was = self._columns(table), before[table]
            for key in sorted(rows.keys() | was.keys()):
                if rows.get(key) != was.get(key):
                    found.append(_difference(TABLES[table], key, heads, was.get(key), rows.get(key)))
        return tuple(one for one in found if one is not None)

    def _read(self) -> State:
        return State({name: _digest(map(repr, self._select(name))) for name in self._tables if name not in PROPOSALS})

    def _select(self, table: str) -> list[tuple[Any, ...]]:
        heads = ", ".join(f'"{name}"' for name in self._columns(table))
        return self._file.execute(f'SELECT {heads} FROM "{table}" ORDER BY 1').fetchall()

    def _columns(self, table: str) -> list[str]:
        """The key first."""
        return sorted(self._tables[table], key=lambda name: name != "id")


def _digest(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass"))
        digest.update(b"\n")
    return digest.hexdigest()


def _difference(
    entity: str, key: int, heads: list[str], was: tuple[Any, ...] | None, now: tuple[Any, ...] | None
) -> Difference | None:
    """None where it is the same record but for stamps, or came and went in between."""
    old, new = dict(zip(heads, was or (), strict=False)), dict(zip(heads, now or (), strict=False))
    values = {
        name: (old.get(name), new.get(name))
        for name in heads
        if name not in _OWN and name != "id" and old.get(name) != new.get(name)
    }
    if not values or (was is None and new.get("deleted_at")):
        return None
    if was is None:
        op = "create"
    elif now is None or (new.get("deleted_at") and not old.get("deleted_at")):
        op = "delete"
    else:
        op = "restore" if old.get("deleted_at") and not new.get("deleted_at") else "update"
    return Difference(op, entity, key, values)
