"""A column that is scored on: its kind, its bins, and how each bin is said.

Bin 0 is "not given". A number or a day falls in 1 + the count of edges at or below it; a category in 1 + its level, and
what is no level in the last bin, "another".
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from crm_core.scoring.values import as_day, as_number, as_word

Codes = npt.NDArray[np.int16]
Floats = npt.NDArray[np.float64]
Kind = Literal["number", "category", "day"]


class Feature(BaseModel):
    """A column. `since` names the column from which a day is counted; without it the day itself is told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: Kind
    edges: tuple[float, ...] = ()
    levels: tuple[str, ...] = ()
    typical: tuple[float, ...] = ()  # of a number: the median of each bin after bin 0
    since: str | None = None

    @property
    def bins(self) -> int:
        """How many there are."""
        return 2 + (len(self.levels) if self.kind == "category" else len(self.edges))

    def numbers(self, rows: Sequence[Mapping[str, object]]) -> Floats:
        """The values as boosting reads them: of a category its bin; NaN where not given."""
        cells = [row.get(self.name) for row in rows]
        if self.kind == "number":
            return np.array([as_number(cell) for cell in cells], dtype=np.float64)
        if self.kind == "day":
            from_ = np.array([as_day(row.get(self.since)) for row in rows]) if self.since else 0.0
            return np.array([as_day(cell) for cell in cells], dtype=np.float64) - from_
        texts = [cell if isinstance(cell, str) else as_word(cell) for cell in cells]
        place = {"": np.nan} | {level: at + 1.0 for at, level in enumerate(self.levels)}
        found = {text: place.get(as_word(text), self.bins - 1.0) for text in set(texts)}
        return np.array([found[text] for text in texts], dtype=np.float64)

    def codes(self, numbers: Floats) -> Codes:
        """The bin of each value."""
        missing = np.isnan(numbers)
        if self.kind == "category":
            return np.where(missing, 0, numbers).astype(np.int16)
        return np.where(missing, 0, 1 + np.searchsorted(self.edges, numbers, side="right")).astype(np.int16)

    def say(self, code: int) -> str:
        """The bin in plain words."""
        if code == 0:
            return f"{self.name} is not given"
        if self.kind == "category":
            return f"{self.name} is {self.levels[code - 1] if code <= len(self.levels) else 'another than the usual'}"
        low, high = (*[None, *self.edges], None)[code - 1 : code + 1]
        name = f"{self.name}, days after {self.since}," if self.since else self.name
        if low is None or high is None:
            return f"{name} is " + (f"under {self._say(high)}" if low is None else f"{self._say(low)} or more")
        return f"{name} is {self._say(low)} to under {self._say(high)}"

    def value(self, code: int) -> object:
        """A value that falls into the bin, as it may be typed into the column; None where there is no plain one."""
        if self.kind == "category":
            return self.levels[code - 1] if 0 < code <= len(self.levels) else None
        return self.typical[code - 1] if 0 < code <= len(self.typical) and self.kind == "number" else None

    def _say(self, value: float | None) -> str:
        if value is None:
            return "anything"
        if self.kind == "day" and not self.since:
            return date.fromordinal(max(1, int(value))).isoformat()
        return f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
