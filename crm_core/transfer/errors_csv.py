"""Rows that could not be taken, written so that they can be put right and imported again."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crm_core.transfer.convert import Problem
from crm_core.transfer.read import ERROR_COLUMNS, Source
from crm_core.transfer.text import guard


class ErrorFiles:
    """One error file for each source that has bad rows: row number, column, value, reason, original cells.

    They appear under their names only when `keep` is called. Cells that a spreadsheet would run as a formula are
    written with an apostrophe before them, which `Source.rows` takes away again.

    Args:
        folder: where to; None: rows are only counted.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._open: dict[str, tuple[Any, Any, Path]] = {}
        self.counts: dict[str, int] = {}

    def add(self, source: Source, number: int, cells: Sequence[str], problems: Sequence[Problem]) -> None:
        """Note that a row is not taken, and why."""
        self.counts[source.name] = self.counts.get(source.name, 0) + 1
        if self._folder is None:
            return
        writer = self._writer(source)
        told = [
            str(number),
            "; ".join(p.column for p in problems),
            "; ".join(p.value[:200] for p in problems),
            "; ".join(p.reason for p in problems),
        ]
        writer.writerow([guard(cell) for cell in [*told, *_original(source, cells)]])

    def keep(self) -> tuple[Path, ...]:
        """Close the files and give them their names."""
        kept = []
        for file, _, path in self._open.values():
            file.close()
            Path(file.name).replace(path)
            kept.append(path)
        self._open.clear()
        return tuple(kept)

    def drop(self) -> None:
        """Close the files and remove them: the import came to nothing."""
        for file, _, _ in self._open.values():
            file.close()
            Path(file.name).unlink(missing_ok=True)
        self._open.clear()

    def _writer(self, source: Source) -> Any:
        if source.name not in self._open:
            assert self._folder is not None
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / f"{Path(source.name).stem}.errors.csv"
            file = path.with_suffix(".part").open("w", encoding="utf-8", newline="")
            writer = csv.writer(file)
            original = [header for header in source.headers if header not in ERROR_COLUMNS]
            writer.writerow([*ERROR_COLUMNS, *original])
            self._open[source.name] = (file, writer, path)
        return self._open[source.name][1]


def _original(source: Source, cells: Sequence[str]) -> list[str]:
    skipped = {i for i, header in enumerate(source.headers) if header in ERROR_COLUMNS}
    return [cell for i, cell in enumerate(cells) if i not in skipped]
