"""What an import did, for whoever shows it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass
class Counts:
    """What became of the rows of one file: `rows` is the sum of the others."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: int = 0


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
    """

    change_set_id: str | None
    files: dict[str, Counts]
    made: dict[str, int]
    error_files: tuple[Path, ...]
    problems: tuple[tuple[str, int, str], ...]
    is_dry_run: bool
    elapsed_s: float

    @property
    def changed(self) -> int:
        """Records created or updated."""
        return sum(c.created + c.updated for c in self.files.values()) + sum(self.made.values())
