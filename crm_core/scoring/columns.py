"""From a table's columns to the features that are scored on; what is left out is named with the reason."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from crm_core.scoring.feature import Feature, Floats
from crm_core.scoring.values import as_day, as_number, as_word, is_missing

Row = Mapping[str, object]
MOST_LEVELS, MOST_BINS = 200, 12
_SMALLEST_LEVEL = 15  # rows; rarer ones share the last bin
_OF_ONE_KIND = 0.95  # share of the filled cells that must be read as the kind
_CROWDED = 0.1  # share of the rows that a number must have to be a bin of its own
_UNIQUE, _TOO_MANY, _LONG_TEXT = 0.95, 0.5, 60


@dataclass(frozen=True)
class Columns:
    """The features in the table's order, and the columns left out: name → why."""

    features: tuple[Feature, ...]
    left_out: dict[str, str]
    order: str | None  # the column of days by which the rows are sorted


def read_columns(rows: Sequence[Row], names: Sequence[str], *, order: str | None = None) -> Columns:
    """Recognise each column of `rows` by what it holds; `order` names the day on which a record came, if known."""
    days = [name for name in names if _is_all(rows, name, as_day)]
    order = order or next((name for name in days if _share_given(rows, name) > _UNIQUE), None)
    found: list[Feature] = []
    left_out: dict[str, str] = {}
    for name in names:
        made = _day(rows, name, order) if name in days else _feature(rows, name)
        if isinstance(made, Feature):
            found.append(made)
        else:
            left_out[name] = made
    return Columns(tuple(found), left_out, order)


def _feature(rows: Sequence[Row], name: str) -> Feature | str:
    cells = [row.get(name) for row in rows if not is_missing(row.get(name))]
    if not cells:
        return "it is empty"
    texts = Counter(as_word(cell) for cell in cells)
    if len(texts) == 1 and len(cells) == len(rows):
        return "it says the same everywhere"
    if _is_identifier(name, texts, len(cells)):
        return "it identifies the record"
    if _is_all(rows, name, as_number):
        return _number(name, np.array([as_number(cell) for cell in cells]))
    return _category(name, texts, len(cells))


def _category(name: str, texts: Counter[str], filled: int) -> Feature | str:
    if sum(len(text) * count for text, count in texts.items()) > _LONG_TEXT * filled:
        return "it is free text"
    levels = [level for level, count in texts.most_common(MOST_LEVELS) if count >= _SMALLEST_LEVEL]
    if not levels and len(texts) > _TOO_MANY * filled:
        return "nearly every record has another value"
    if not levels:
        return "no value is frequent enough"
    return Feature(name=name, kind="category", levels=tuple(levels))


def _number(name: str, values: Floats) -> Feature | str:
    values = values[np.isfinite(values)]
    edges = _edges(values)
    placed = np.searchsorted(edges, values, side="right")
    typical = [float(np.median(values[placed == at])) for at in range(len(edges) + 1)]
    return Feature(name=name, kind="number", edges=tuple(edges), typical=tuple(typical))


def _day(rows: Sequence[Row], name: str, order: str | None) -> Feature | str:
    if name == order:
        return "it says when the record came"
    base = np.array([as_day(row.get(order)) for row in rows]) if order else 0.0
    values = np.array([as_day(row.get(name)) for row in rows]) - base
    if not np.isfinite(values).any():
        return "it is empty"
    return Feature(name=name, kind="day", edges=tuple(_edges(values[np.isfinite(values)])), since=order)


def _edges(values: Floats) -> list[float]:
    """Between distinct values where they are few, else bins of about as many rows; a crowded value has its own."""
    distinct, held = np.unique(values, return_counts=True)
    if len(distinct) <= MOST_BINS:
        return [float(edge) for edge in distinct[1:]]
    crowded = np.flatnonzero(held >= _CROWDED * len(values))
    beside = distinct[[at for at in np.union1d(crowded, crowded + 1) if at < len(distinct)]]
    even = np.quantile(values, np.linspace(0, 1, MOST_BINS + 1)[:-1], method="lower")
    return [float(edge) for edge in np.union1d(beside, even) if edge > distinct[0]]


def _is_all(rows: Sequence[Row], name: str, read: object) -> bool:
    cells = [row.get(name) for row in rows if not is_missing(row.get(name))]
    return bool(cells) and sum(read(cell) == read(cell) for cell in cells) >= _OF_ONE_KIND * len(cells)  # type: ignore[operator]


def _share_given(rows: Sequence[Row], name: str) -> float:
    return sum(not is_missing(row.get(name)) for row in rows) / len(rows)


def _is_identifier(name: str, texts: Counter[str], filled: int) -> bool:
    """Nearly every cell another: text without spaces, or whole numbers that are called so or are equally long."""
    if len(texts) < _UNIQUE * filled or filled < 2:
        return False
    sample = list(texts)[:1000]
    if all(re.fullmatch(r"[+-]?\d+(\.0+)?", text) for text in sample):
        called = re.search(r"(^|[\W_])(id|ids|key|number|no|nr|uuid|guid|ref|code|编号)$", name.strip().lower())
        return bool(called) or (len(sample[0]) > 3 and len({len(text) for text in sample}) == 1)
    return not all(as_number(text) == as_number(text) for text in sample) and max(map(len, sample)) <= _LONG_TEXT
