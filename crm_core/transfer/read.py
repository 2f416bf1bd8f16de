"""CSV files as rows: delimiter and quoting found, limits kept, every row either cells or a reason."""

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NamedTuple

from crm_core.errors import Invalid
from crm_core.transfer.encoding import detect_encoding
from crm_core.transfer.text import unguard

MOST_BYTES = 500 * 2**20
MOST_CELL = 2**20  # characters
MOST_COLUMNS = 1000
_MOST_LINE = 16 * 2**20
_SUFFIXES = frozenset({".csv", ".tsv", ".tab", ".txt"})
_DELIMITERS = ",;\t|"
ERROR_COLUMNS = ("farley_row", "farley_column", "farley_value", "farley_reason")  # see errors_csv


class Row(NamedTuple):
    """A row as it stands: `number` as a spreadsheet counts (the header is 1); `problem` says why it has no cells."""

    number: int
    cells: list[str]
    problem: str | None


@dataclass(frozen=True)
class Dialect:
    """How the cells of a file are told apart."""

    delimiter: str
    quote: str
    escape: str | None
    skip_lines: int

    def options(self) -> dict[str, Any]:
        """As `csv.reader` takes them."""
        return {
            "delimiter": self.delimiter, "quotechar": self.quote, "escapechar": self.escape,
            "doublequote": self.escape is None, "strict": True,
        }  # fmt: skip


@dataclass(frozen=True)
class Portion:
    """Some rows of a file: those with one of the cells that `picks` tells, or (`is_in` False) all the others.

    The first are `called` something of their own; rows that cannot be read are among the others.

    Attributes:
        called: what the rows that are picked are called.
        picks: position → values; a row that has one of them in one of these places is picked.
        is_in: whether these are the rows that are picked.
        silent: positions of columns that tell nothing within these rows.
        is_mixed: whether there are rows of one type in both parts.
    """

    called: str
    picks: Mapping[int, frozenset[str]]
    is_in: bool
    silent: frozenset[int] = frozenset()
    is_mixed: bool = False

    def holds(self, row: Row) -> bool:
        """Whether the row is of this portion."""
        is_picked = row.problem is None and any(row.cells[at] in values for at, values in self.picks.items())
        return is_picked is self.is_in


@dataclass(frozen=True)
class Source:
    """A file, or a portion of its rows, that can be read any number of times.

    Attributes:
        without: numbers of rows that are none of its records.
    """

    path: Path
    encoding: str
    dialect: Dialect
    headers: tuple[str, ...]
    notes: tuple[str, ...] = ()
    portion: Portion | None = None
    without: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        """The file's name, which a mapping knows it by; of a portion "activities (tasks).csv"."""
        apart = self.portion is not None and self.portion.is_in
        return (
            f"{self.path.stem} ({self.portion.called}){self.path.suffix}" if apart and self.portion else self.path.name
        )

    def sha256(self) -> str:
        """Of the file's bytes."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def rows(self) -> Iterator[Row]:
        """Its rows after the header; blank lines are left out."""
        kept = (row for row in self._rows() if row.number not in self.without)
        return (row for row in kept if self.portion is None or self.portion.holds(row))

    def _rows(self) -> Iterator[Row]:
        width, guarded = len(self.headers), ERROR_COLUMNS[0] in self.headers
        with _open(self.path, self.encoding) as file:
            rows = _parse(_lines(file, self.path.name), self.dialect)
            numbered = ((number, cells, problem) for number, (cells, problem) in enumerate(rows, 1))
            header_seen = False
            for number, cells, problem in numbered:
                if not header_seen:
                    header_seen = any(cells)
                elif problem is not None or any(cells):
                    cells = [unguard(cell) for cell in cells] if guarded else cells
                    yield Row(number, cells, problem or _row_problem(cells, width))


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The files meant by `paths`: a folder stands for the CSV files in it.

    Raises:
        Invalid: a path does not exist, or a folder holds no CSV file.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if _is_table(p))
            if not inside:
                raise Invalid(f"The folder {path} holds no CSV or TSV file, and no mail.")
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            raise Invalid(f"There is no file or folder {path}.")
    unique = list(dict.fromkeys(path.resolve() for path in found))
    names = Counter(path.name for path in unique)
    twice = [name for name, n in names.items() if n > 1]
    if twice:
        raise Invalid(f"Two different files are called {twice[0]}; rename one.")
    if not unique:
        raise Invalid("Name at least one CSV file or folder to import.")
    return unique


def open_source(path: Path) -> Source:
    """Look at the file at `path`: encoding, delimiter, quoting, headers.

    Raises:
        Invalid: it is no table that could be read; the text says why.
    """
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise Invalid(f"{path.name} has {size / 2**20:,.0f} MB; at most {MOST_BYTES // 2**20} MB can be taken.")
        encoding = detect_encoding(path)
        with _open(path, encoding) as file:
            sample = file.read(1 << 16)
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from error
    dialect = _sniff(sample, path.suffix.lower())
    with _open(path, encoding) as file:
        rows = _parse(_lines(file, path.name), dialect)
        cells, problem = next(((c, p) for c, p in rows if p or any(c)), ([], None))
    if problem or not any(cells):
        raise Invalid(f"{path.name} has no header row" + (f": {problem}." if problem else ": it holds only blanks."))
    headers, notes = _headers(path.name, cells)
    return Source(path, encoding, dialect, headers, notes)


def _is_table(path: Path) -> bool:
    hidden = path.name.startswith((".", "~$")) or path.name.endswith(".errors.csv")
    return path.is_file() and path.suffix.lower() in _SUFFIXES and not hidden


def _open(path: Path, encoding: str) -> TextIOWrapper:
    return path.open(encoding=encoding, newline="")


def _lines(file: TextIOWrapper, name: str) -> Iterator[str]:
    while line := file.readline(_MOST_LINE):
        if len(line) >= _MOST_LINE:
            raise Invalid(f"{name} has a line of over {_MOST_LINE // 2**20} MB; it is no CSV file or is damaged.")
        yield line


def _parse(lines: Iterator[str], dialect: Dialect) -> Iterator[tuple[list[str], str | None]]:
    for _ in range(dialect.skip_lines):
        next(lines, None)
    csv.field_size_limit(_MOST_LINE)
    reader = csv.reader(lines, **dialect.options())
    while True:
        try:
            yield next(reader), None
        except StopIteration:
            return
        except csv.Error as error:
            yield [], _explain(str(error))


def _explain(error: str) -> str:
    if "unexpected end of data" in error:
        return "a quote is opened and never closed"
    if "expected after" in error:
        return "text stands after a closing quote"
    if "field larger" in error:
        return f"a cell is larger than {_MOST_LINE // 2**20} MB; is a quote not closed?"
    return error


def _row_problem(cells: Sequence[str], width: int) -> str | None:
    if len(cells) != width and (len(cells) < width or any(cells[width:])):
        return f"it has {len(cells)} cells, the header has {width}"
    if sum(map(len, cells)) > MOST_CELL:
        large = max(map(len, cells))
        if large > MOST_CELL:
            return f"a cell has {large:,} characters; at most {MOST_CELL:,} can be taken"
    return None


def _headers(name: str, cells: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    cleaned = [re.sub(r"\s+", " ", cell.replace("\ufeff", "").replace("\0", "")).strip() for cell in cells]
    while cleaned and not cleaned[-1]:
        cleaned.pop()
    if len(cleaned) > MOST_COLUMNS:
        raise Invalid(f"{name} has {len(cleaned):,} columns; at most {MOST_COLUMNS:,} can be taken.")
    seen: Counter[str] = Counter()
    headers, notes = [], []
    for position, cell in enumerate(cleaned, 1):
        header = cell[:200] or f"column {position}"
        seen[header.lower()] += 1
        if seen[header.lower()] > 1:
            header = f"{header} ({seen[header.lower()]})"
            notes.append(f"{name}: the header {cell!r} stands twice; the later column is called {header!r}.")
        headers.append(header)
    return tuple(headers), tuple(notes)


def _sniff(sample: str, suffix: str) -> Dialect:
    lines = sample.splitlines(keepends=True)
    first = lines[0].strip().strip('"').lower() if lines else ""
    if re.fullmatch(r"sep=.", first):
        return Dialect(first[4], '"', None, 1)
    if len(sample) >= 1 << 16:
        lines = lines[:-1]
    quote, escape = _quoting(sample)
    order = "\t" + _DELIMITERS if suffix in (".tsv", ".tab") else _DELIMITERS
    best = max(order, key=lambda delimiter: _fit(lines[:200], Dialect(delimiter, quote, escape, 0)))
    return Dialect(best, quote, escape, 0)


def _quoting(sample: str) -> tuple[str, str | None]:
    single = len(re.findall(r"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|\r\n]|$)", sample, re.M))
    quote = "'" if single >= 3 and '"' not in sample else '"'
    escaped = sample.count(f"\\{quote}")
    return quote, "\\" if escaped and escaped * 2 > sample.count(quote * 2) else None


def _fit(lines: Sequence[str], dialect: Dialect) -> float:
    """How well a delimiter explains the lines: the share of rows of the commonest width, if above one cell."""
    widths = Counter(len(cells) for cells, problem in _parse(iter(lines), dialect) if cells and not problem)
    if not widths:
        return 0.0
    header = next((len(c) for c, p in _parse(iter(lines), dialect) if c and not p), 0)
    if header < 2:
        return 0.0
    return widths[header] / sum(widths.values()) + min(header, 50) / 1000
