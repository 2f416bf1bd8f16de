"""Which rows are held back to choose by: the later ones where the order of the rows is an order in time."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crm_core.scoring.encode import Encoded
from crm_core.scoring.evidence import folds_of
from crm_core.scoring.feature import Codes, Feature
from crm_core.scoring.measures import Truth

Rows = npt.NDArray[np.int_]
_BLOCKS = 8
_CLOCK = 0.35  # of a block's information, what a column may know of it
_BEGIN, _PARTS, _SHUFFLED = 0.5, 3, 5
_FEWEST = 15  # of each outcome in a part
_SURE = 8.0  # standard deviations of a chi-square over what chance gives


@dataclass(frozen=True)
class Split:
    """Rows to learn from and rows to judge by; `in_time` when the latter came later."""

    parts: tuple[tuple[Rows, Rows], ...]
    in_time: bool


def clocks(features: Sequence[Feature], encoded: Encoded) -> list[str]:
    """Columns that say little but when the row came: a later row has a value that was never seen."""
    return [one.name for at, one in enumerate(features) if _information(encoded.codes[:, at], one.bins) > _CLOCK]


def has_order(features: Sequence[Feature], encoded: Encoded, truth: Truth) -> bool:
    """Whether the first rows differ from the last more than shuffled rows would."""
    return any(
        _unevenness(codes, bins) > _SURE
        for codes, bins in [
            (truth.astype(np.int16), 2),
            *((encoded.codes[:, at], one.bins) for at, one in enumerate(features)),
        ]
    )


def split(truth: Truth, *, in_time: bool) -> Split:
    """The parts; shuffled ones where the rows have no order, or where late rows lack an outcome."""
    size = len(truth)
    cuts = [int(size * (_BEGIN + (1 - _BEGIN) * at / _PARTS)) for at in range(_PARTS + 1)]
    parts = tuple((np.arange(begin), np.arange(begin, end)) for begin, end in itertools.pairwise(cuts))
    if in_time and all(_holds_both(truth[rows]) for part in parts for rows in part):
        return Split(parts, in_time=True)
    fold = folds_of(truth, _SHUFFLED)
    return Split(tuple((np.flatnonzero(fold != at), np.flatnonzero(fold == at)) for at in range(_SHUFFLED)), False)


def _holds_both(truth: Truth) -> bool:
    return min(int(truth.sum()), int((~truth).sum())) >= _FEWEST


def _table(codes: Codes, bins: int) -> npt.NDArray[Any]:
    block = np.arange(len(codes)) * _BLOCKS // len(codes)
    return np.bincount(codes * _BLOCKS + block, minlength=bins * _BLOCKS).reshape(bins, _BLOCKS).astype(float)


def _information(codes: Codes, bins: int) -> float:
    """What the bin tells of the block, from 0 to 1 (all)."""
    table = _table(codes.astype(np.int64), bins) / len(codes)
    expected = table.sum(1, keepdims=True) * table.sum(0, keepdims=True)
    held = table > 0
    return float((table[held] * np.log(table[held] / expected[held])).sum() / np.log(_BLOCKS))


def _unevenness(codes: Codes, bins: int) -> float:
    table = _table(codes.astype(np.int64), bins)
    table = table[table.sum(1) >= 5 * _BLOCKS]
    if len(table) < 2:
        return 0.0
    expected = table.sum(1, keepdims=True) * table.sum(0, keepdims=True) / table.sum()
    freedom = (len(table) - 1) * (_BLOCKS - 1)
    return float((((table - expected) ** 2 / expected).sum() - freedom) / np.sqrt(2 * freedom))
