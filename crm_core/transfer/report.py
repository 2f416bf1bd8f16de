"""What an import did, for whoever shows it."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


@dataclass
class Counts:
    """What became of the rows of one file: `rows` is the sum of the others."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: int = 0


class LeftEmpty(NamedTuple):
    """A cell that names no record for certain: its row is taken, the field stays empty."""

    file: str
    column: str
    reason: str


class LeftOut(NamedTuple):
    """Rows that are no records to take: of a file that holds nothing Farley keeps, or a file's own totals."""

    file: str
    rows: int
    reason: str


@dataclass(frozen=True)
class Ledger:
    """What became of all rows of all files: `rows` is the sum of the others."""

    rows: int
    taken: int
    refused: int
    left_out: int

    def __str__(self) -> str:
        return f"All {self.rows:,} rows: {self.taken:,} taken, {self.refused:,} not taken, {self.left_out:,} left out."


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do.

    Attributes:
        change_set_id: to undo it by; None when nothing changed, or in a dry run.
        files: file name → what became of its rows.
        made: records made beside the rows, by entity: stages, a pipeline, people and companies known by name only,
            custom fields.
        error_files: where the rows that were not taken stand.
        problems: the first few of them: (file, row, reason).
        is_dry_run: nothing was written.
        elapsed_s: seconds.
        left_empty: fields of rows that were taken which stay empty, and of how many rows; the most first.
        left_out: rows that are no records to take.
        ledger: all rows of all files.
    """

    change_set_id: str | None
    files: dict[str, Counts]
    made: dict[str, int]
    error_files: tuple[Path, ...]
    problems: tuple[tuple[str, int, str], ...]
    is_dry_run: bool
    elapsed_s: float
    left_empty: tuple[tuple[LeftEmpty, int], ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    ledger: Ledger = Ledger(0, 0, 0, 0)

    @property
    def changed(self) -> int:
        """Records created or updated."""
        return sum(c.created + c.updated for c in self.files.values()) + sum(self.made.values())
