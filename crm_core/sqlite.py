"""Connections to a SQLite file: durable, with foreign keys, and with the median that SQLite lacks."""

import os
import sqlite3
import statistics
from pathlib import Path

from crm_core.walls import Authorizer

BUSY_TIMEOUT_S = 5.0


def connect_sqlite(path: Path, *, read_only: bool, authorizer: Authorizer | None) -> sqlite3.Connection:
    """A connection to the file, with what SQLite lacks; `authorizer` is asked before each statement."""
    mode = "rw"
    if read_only:
        mode = "ro" if os.access(path.parent, os.W_OK) else "ro&immutable=1"
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None,
        check_same_thread=False,
    )  # fmt: skip
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA synchronous=FULL")
    connection.create_aggregate("median", 1, _Median)  # type: ignore[arg-type]  # step takes one value, as declared
    if authorizer is not None:
        connection.set_authorizer(authorizer)
    return connection


class _Median:
    """SQLite has no median; PostgreSQL's percentile_cont gives the same value."""

    def __init__(self) -> None:
        self.values: list[float] = []

    def step(self, value: float | None) -> None:
        if value is not None:
            self.values.append(value)

    def finalize(self) -> float | None:
        return float(statistics.median(self.values)) if self.values else None
