"""What an adapter gives: files of records, cases, and which tasks it left out and why."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crm_core.errors import Invalid

Row = dict[str, Any]
Json = dict[str, Any]


@dataclass(frozen=True)
class Adapted:
    """A benchmark in our own terms.

    Attributes:
        name: of the benchmark.
        files: name → rows of a CSV file of the world.
        cases: as they stand in a file of cases, without their world.
        left_out: reason → how many tasks.
    """

    name: str
    files: dict[str, list[Row]]
    cases: list[Json]
    left_out: Counter[str] = field(default_factory=Counter)

    def write(self, out: Path) -> None:
        """The world and the cases as files below `out`."""
        world = out / "world"
        world.mkdir(parents=True, exist_ok=True)
        for name, rows in self.files.items():
            _write(world / f"{name}.csv", rows)
        lines = (json.dumps({**case, "world": "world"}, ensure_ascii=False) for case in self.cases)
        (out / "cases.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def lines(self) -> Iterator[str]:
        """For a person."""
        yield f"{self.name}: {len(self.cases)} cases over {sum(map(len, self.files.values())):,} records"
        yield from (f"left out: {count} tasks ({reason})" for reason, count in sorted(self.left_out.items()))


def read_json(path: Path) -> Any:
    """A JSON file, or the lines of a JSON-lines file.

    Raises:
        Invalid: it is missing or cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".jsonl":
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        return json.loads(text)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise Invalid(f"{path} cannot be read: {error}") from error


def read_csv(path: Path, columns: Iterable[str]) -> list[Row]:
    """The rows of a CSV file that has these columns.

    Raises:
        Invalid: it is missing or lacks one of them.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows: list[Row] = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Invalid(f"{path} cannot be read: {error}") from error
    lacks = [name for name in columns if not rows or name not in rows[0]]
    if lacks:
        raise Invalid(f"{path} has no column {lacks[0]!r}.")
    return rows


def find(folder: Path, *names: str) -> Path:
    """The first file of one of these names anywhere below a folder.

    Raises:
        Invalid: there is none.
    """
    for name in names:
        if found := sorted(folder.rglob(name)):
            return found[0]
    raise Invalid(f"{folder} holds no {' or '.join(names)}.")


def _write(path: Path, rows: list[Row]) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
