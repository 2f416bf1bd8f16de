"""Data dictionaries: a table that says what the columns of the other files mean."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crm_core.transfer.read import Source
from crm_core.transfer.text import header_words

_TABLE = frozenset(
    ["table", "table name", "sheet", "file", "object", "entity", "dataset", "表", "表名", "文件", "对象", "数据表"]
)
_FIELD = frozenset(
    ["field", "field name", "column", "column name", "variable", "attribute", "api name", "name",
     "字段", "字段名", "字段名称", "列", "列名", "名称"]
)  # fmt: skip
_TEXT = frozenset(
    ["description", "meaning", "definition", "label", "comment", "explanation", "details",
     "说明", "描述", "含义", "备注", "解释", "标签"]
)  # fmt: skip
_UNIT = frozenset(["unit", "units", "uom", "单位"])


@dataclass(frozen=True)
class Entry:
    """What a data dictionary says of one column."""

    table: str
    field: str
    text: str


@dataclass(frozen=True)
class Dictionary:
    """The entries of a data dictionary."""

    entries: tuple[Entry, ...] = ()

    def find(self, file_stem: str, header: str) -> str:
        """What is said of the column `header` of the file, or nothing."""
        table, field = header_words(file_stem), header_words(header)
        fitting = [e for e in self.entries if e.field == field and e.table in (table, "")]
        return fitting[0].text if fitting else ""


def read_dictionary(source: Source, other_headers: Iterable[str]) -> Dictionary | None:
    """The data dictionary in `source`; None when it holds records instead.

    Args:
        source: a file that may be one.
        other_headers: of the files beside it; a dictionary speaks of them.
    """
    places = _places(source.headers)
    if places is None:
        return None
    table, field, texts = places
    entries = []
    for row in source.rows():
        if row.problem is None:
            text = " ".join(row.cells[i].strip() for i in texts if row.cells[i].strip())
            of = header_words(row.cells[table]) if table is not None else ""
            entries.append(Entry(of, header_words(row.cells[field]), text))
        if len(entries) > 5000:
            return None
    known = {header_words(header) for header in other_headers}
    speaks = sum(entry.field in known for entry in entries)
    return Dictionary(tuple(entries)) if entries and speaks >= 0.3 * len(entries) else None


def _places(headers: Sequence[str]) -> tuple[int | None, int, list[int]] | None:
    words = [header_words(header) for header in headers]
    table = next((i for i, w in enumerate(words) if w in _TABLE), None)
    field = next((i for i, w in enumerate(words) if w in _FIELD and i != table), None)
    texts = [i for i, w in enumerate(words) if w in _TEXT]
    units = [i for i, w in enumerate(words) if w in _UNIT]
    if field is None or not texts or len(headers) > 8:
        return None
    if table is None and words[field] in ("name", "名称"):
        return None  # a list of things with descriptions
    return table, field, texts + units
