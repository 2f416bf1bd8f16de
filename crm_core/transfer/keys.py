"""Columns that tell the rows of a file apart."""

import re
from collections.abc import Sequence

from crm_core.models import Kind
from crm_core.transfer.profile import FileProfile, Profile

_LONGEST_CODE = 40
_CODE = re.compile(r"[A-Za-z0-9]+([-_/#:][A-Za-z0-9]+)*")
_FULL, _OWN, _LONGEST_NAME = 0.95, 0.8, 120  # of the rows; of the values; characters
_MIXED = re.compile(r"(?=.*[A-Za-z])(?=.*\d)")


def is_key(profile: FileProfile, column: Profile) -> bool:
    """Whether every row has a value here and no two the same."""
    rows = profile.rows - profile.unreadable
    if column.filled != rows or column.uniqueness < 1.0:
        return False
    return column.is_whole or len(_cells(profile, column)) == rows


def is_code(profile: FileProfile, column: Profile) -> bool:
    """Whether the column is a key of short codes (letters with digits) or a counter."""
    if column.longest > _LONGEST_CODE or not column.distinct:
        return False
    values = [value.strip() for value in column.distinct]
    if not all(_CODE.fullmatch(value) for value in values):
        return False
    mixed = sum(1 for value in values if _MIXED.match(value))
    return (mixed >= 0.8 * len(values) or _counts(values)) and is_key(profile, column)


def names_rows(profile: FileProfile, column: Profile) -> bool:
    """Whether nearly every row has words here, of its own: two records may be called alike."""
    rows = profile.rows - profile.unreadable
    full = column.filled >= _FULL * rows and column.uniqueness >= _OWN and column.longest <= _LONGEST_NAME
    worded = sum(1 for value in column.distinct if not any(c.isdigit() for c in value))
    return full and is_word(column) and worded >= _OWN * len(column.distinct)


def is_word(column: Profile) -> bool:
    """Whether no cell is a number, a day or an address."""
    return not any(column.share(kind) for kind in (Kind.DECIMAL, Kind.DATE, Kind.EMAIL, Kind.URL))


def _counts(values: Sequence[str]) -> bool:
    """1, 2, 3 ... with few gaps, in any order."""
    if not all(re.fullmatch(r"[1-9]\d{0,17}", value) for value in values):
        return False
    numbers = {int(value) for value in values}
    return max(numbers) - min(numbers) < 2 * len(numbers)


def _cells(profile: FileProfile, column: Profile) -> set[str]:
    return {row.cells[column.index] for row in profile.source.rows() if row.problem is None}
