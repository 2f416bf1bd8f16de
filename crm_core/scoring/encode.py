"""Rows as the rungs read them: a matrix of bins and one of values, a column a feature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crm_core.scoring.feature import Codes, Feature, Floats


@dataclass(frozen=True)
class Encoded:
    """`codes` (n, k) int16 bins; `numbers` (n, k) float64 values, of a category its bin, NaN where not given."""

    codes: Codes
    numbers: Floats

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.codes)

    def rows(self, which: npt.NDArray[Any] | slice) -> "Encoded":
        """Some of the rows."""
        return Encoded(self.codes[which], self.numbers[which])

    def columns(self, which: Sequence[int]) -> "Encoded":
        """Some of the features."""
        return Encoded(self.codes[:, list(which)], self.numbers[:, list(which)])


def encode(features: Sequence[Feature], rows: Sequence[Mapping[str, object]]) -> Encoded:
    """What the rows say in the features; a column that a row lacks is not given."""
    numbers = np.full((len(rows), len(features)), np.nan)
    codes = np.zeros((len(rows), len(features)), dtype=np.int16)
    for at, feature in enumerate(features):
        numbers[:, at] = feature.numbers(rows)
        codes[:, at] = feature.codes(numbers[:, at])
    return Encoded(codes, numbers)
