"""Which columns of an import name the rows of which file: told by their cells, whatever their headers say."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from crm_core.models import Kind
from crm_core.titles import tight
from crm_core.transfer.keys import is_key
from crm_core.transfer.kinds import custom_kind
from crm_core.transfer.profile import FileProfile, Profile
from crm_core.transfer.text import full_words, header_words
from crm_core.transfer.vocabulary import singular

_SHARE = 0.9  # of a column's values must stand among those that they name
_LEAST = 2
_MOSTLY = 0.6  # of the ids of a short list
_NAMED = 0.95  # of a column of names differ
_FRAME = re.compile(r"^(tbl|tab|dbo|v|t) ")  # before the name of a table


class Around:
    """What the files of an import say of one another.

    Args:
        profiles: every file.
    """

    def __init__(self, profiles: Sequence[FileProfile]) -> None:
        self._keys = [_Key(profile, column) for profile in profiles for column in _keys(profile)]
        self._rows = {profile.source.name: profile.rows for profile in profiles}
        self._out = {profile.source.name: dict(self._naming(profile)) for profile in profiles}

    def out(self, file: str) -> Mapping[int, str]:
        """The columns of a file that name rows, and of which file."""
        return {index: key.file for index, key in self._out.get(file, {}).items()}

    def into(self, file: str) -> int:
        """How many other files have a column that names its rows."""
        return sum(any(key.file == file for key in named.values()) for name, named in self._out.items() if name != file)

    def most_rows(self, file: str) -> int:
        """The rows of the longest file that has a column that names its rows."""
        naming = [name for name, keys in self._out.items() if any(key.file == file for key in keys.values())]
        return max((self._rows[name] for name in naming if name != file), default=0)

    def key(self, file: str) -> int | None:
        """The column of a file by which most other columns name its rows."""
        named = Counter(key.index for keys in self._out.values() for key in keys.values() if key.file == file)
        return named.most_common(1)[0][0] if named else None

    def _naming(self, profile: FileProfile) -> Iterator[tuple[int, "_Key"]]:
        for column in profile.columns:
            if not column.filled or not column.is_whole or len(column.distinct) < _LEAST or _is_measure(column):
                continue
            names = frozenset(plain for value in column.distinct if (plain := tight(value)))
            fits = [(rank, key) for key in self._keys if (rank := key.rank(profile, column, names)) is not None]
            if fits:
                yield column.index, max(fits, key=lambda fit: fit[0])[1]


class _Key:
    """A column that tells the rows of a file apart."""

    def __init__(self, profile: FileProfile, column: Profile) -> None:
        self.file = profile.source.name
        self.index = column.index
        self._names = frozenset(tight(value) for value in column.distinct)
        self._is_number = all(value.strip().isdigit() for value in column.distinct)
        self._words = full_words(column.header)
        self._noun = file_noun(self.file)

    def rank(self, profile: FileProfile, column: Profile, names: frozenset[str]) -> tuple[bool, float, int] | None:
        """How well the key is what `column` names; None where it is not. Bare numbers must be called alike."""
        same = profile.source.name == self.file
        if (same and column.index == self.index) or len(names) > len(self._names) + _LEAST:
            return None
        words = full_words(column.header)
        called = words == self._words or (len(self._noun) > 1 and self._noun in words)
        called = called or (len(self._words.split()) > 1 and words.endswith(self._words))
        share = len(names & self._names) / len(names)
        if self._is_number and not called and not self._is_used_up(column, names):
            return None
        telling = share >= _SHARE and (same or column.uniqueness < 1.0 or called)
        return (called, share, -len(self._names)) if telling else None

    def _is_used_up(self, column: Profile, names: frozenset[str]) -> bool:
        """Whether a column of ids names nearly all of a short list again and again: LineManagerID, BidLeadID."""
        codes = full_words(column.header).endswith(("id", "number", "code", "key", "编号", "编码"))
        return codes and names <= self._names and len(names) >= _MOSTLY * len(self._names)


def file_noun(file: str) -> str:
    """What a file's rows are called: "client" of tblClients.csv."""
    words = _FRAME.sub("", header_words(Path(file).stem)).split()
    return " ".join([*words[:-1], singular(words[-1])]) if words else ""


def _keys(profile: FileProfile) -> Iterator[Profile]:
    for column in profile.columns:
        if column.filled and not _is_measure(column) and (is_key(profile, column) or _is_name(profile, column)):
            yield column


def _is_name(profile: FileProfile, column: Profile) -> bool:
    rows = profile.rows - profile.unreadable
    return column.filled >= _NAMED * rows and column.uniqueness >= _NAMED and not column.share(Kind.DECIMAL)


def _is_measure(column: Profile) -> bool:
    """Whether the column holds days, addresses or amounts, which name nothing."""
    if any(column.share(kind) > 0.5 for kind in (Kind.EMAIL, Kind.URL)):
        return True
    if custom_kind(column) in (Kind.MONEY, Kind.PERCENT, Kind.BOOLEAN):
        return True
    dated = column.share(Kind.DATE) > 0.5 and column.share(Kind.INTEGER) < 1.0
    return dated or (column.share(Kind.DECIMAL) > 0.5 and column.share(Kind.INTEGER) < 1.0)
