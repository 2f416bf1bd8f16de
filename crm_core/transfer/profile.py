"""What a column holds, seen over all rows of its file."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from crm_core.models import Kind
from crm_core.transfer.dates import has_time, parse_date
from crm_core.transfer.numbers import parse_number, uses_decimal_comma
from crm_core.transfer.read import Source
from crm_core.transfer.text import is_missing

MOST_DISTINCT = 5000
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"(https?://|www\.)\S+|[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|org|net|io|cn|de|co|example)(/\S*)?", re.I)
_PHONE = re.compile(r"\+?[\d\s().\-/x]{7,}")
_TRUE = frozenset({"yes", "true", "y", "t", "1", "是", "对", "真"})
_FALSE = frozenset({"no", "false", "n", "f", "0", "否", "错", "假"})


@dataclass
class Profile:
    """One column.

    Attributes:
        header: as it stands in the file.
        index: its position.
        filled: cells that hold something.
        distinct: its values and how often each stands there, up to `MOST_DISTINCT` of them.
        missing: what stood for nothing ("n/a", "-"), blank cells apart.
        longest: characters of the longest value.
        is_whole: `distinct` holds every value.
    """

    header: str
    index: int
    filled: int = 0
    distinct: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    longest: int = 0
    is_whole: bool = True
    _kinds: dict[Kind, float] = field(default_factory=dict)

    @property
    def uniqueness(self) -> float:
        """Distinct values for each filled cell: 1.0 for a key."""
        seen = sum(self.distinct.values())
        return len(self.distinct) / seen if seen else 0.0

    def share(self, kind: Kind) -> float:
        """The share of values that read as `kind`."""
        if kind not in self._kinds:
            test = _tests(self).get(kind)
            good = sum(1 for value in self.distinct if test is None or test(value))
            self._kinds[kind] = good / len(self.distinct) if self.distinct else 1.0
        return self._kinds[kind]


@dataclass(frozen=True)
class FileProfile:
    """A file's columns, and how many rows it has: good ones, and ones that cannot be read."""

    source: Source
    columns: tuple[Profile, ...]
    rows: int
    unreadable: int

    def column(self, header: str) -> Profile | None:
        """The column under `header`."""
        return next((c for c in self.columns if c.header == header), None)


def profile_file(source: Source, progress: Callable[[int], None] | None = None) -> FileProfile:
    """Read the whole file once and say what its columns hold."""
    columns = tuple(Profile(header, index) for index, header in enumerate(source.headers))
    rows = unreadable = 0
    for row in source.rows():
        rows += 1
        if row.problem is not None:
            unreadable += 1
            continue
        for column, cell in zip(columns, row.cells, strict=False):
            if cell:
                _note(column, cell)
        if progress and rows % 5000 == 0:
            progress(rows)
    return FileProfile(source, columns, rows, unreadable)


def _note(column: Profile, cell: str) -> None:
    known = column.distinct
    if cell in known:
        known[cell] += 1
        column.filled += 1
    elif cell in column.missing or is_missing(cell):
        if cell.strip():
            column.missing[cell] += 1
    else:
        column.filled += 1
        column.longest = max(column.longest, len(cell))
        if len(known) < MOST_DISTINCT:
            known[cell] = 1
        else:
            column.is_whole = False


def _tests(column: Profile) -> dict[Kind, Callable[[str], bool]]:
    comma = uses_decimal_comma(column.distinct)

    def number(value: str) -> bool:
        return _parses(lambda: parse_number(value, decimal_comma=comma))

    def whole(value: str) -> bool:
        return _parses(lambda: int(parse_number(value, decimal_comma=comma))) and "." not in value

    def day(value: str) -> bool:
        return _parses(lambda: parse_date(value, "mdy")) or _parses(lambda: parse_date(value, "dmy"))

    return {
        Kind.MONEY: number,
        Kind.DECIMAL: number,
        Kind.PERCENT: number,
        Kind.INTEGER: whole,
        Kind.YEAR: lambda value: whole(value) and 1000 <= int(parse_number(value)) <= 2200,
        Kind.DATE: day,
        Kind.DATETIME: day,
        Kind.BOOLEAN: lambda value: value.strip().lower() in _TRUE | _FALSE,
        Kind.EMAIL: lambda value: bool(_EMAIL.fullmatch(value.strip())),
        Kind.URL: lambda value: bool(_URL.fullmatch(value.strip())),
        Kind.PHONE: lambda value: bool(_PHONE.fullmatch(value.strip())),
        Kind.CURRENCY: lambda value: bool(re.fullmatch(r"[A-Za-z]{3}", value.strip())),
    }


def times_share(column: Profile) -> float:
    """The share of values with a time of day other than midnight beside the date."""
    timed = [v for v in column.distinct if has_time(v) and not re.search(r"[ T]0?0:00(:00)?", v)]
    return len(timed) / len(column.distinct) if column.distinct else 0.0


def _parses(parse: Callable[[], object]) -> bool:
    try:
        parse()
    except (ValueError, ArithmeticError):
        return False
    return True


def read_boolean(text: str) -> bool:
    """yes/no, true/false, 1/0, 是/否; ValueError otherwise."""
    plain = text.strip().lower()
    if plain not in _TRUE | _FALSE:
        raise ValueError(f"{text!r} is neither yes nor no")
    return plain in _TRUE
