"""What `fit` gives: a model that scores rows, says why, and is kept as JSON (nothing in it can run code)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crm_core.errors import Conflict, Invalid
from crm_core.scoring.calibrate import Calibration
from crm_core.scoring.encode import Encoded, encode
from crm_core.scoring.feature import Feature, Floats
from crm_core.scoring.measures import sigmoid
from crm_core.scoring.rungs import Boosting, Card

Status = Literal["fitted", "not enough history", "no signal", "points"]
Row = Mapping[str, object]
_SMALL = 1e-9


class ModelCard(BaseModel):
    """What a manager should know before trusting a score. Figures are of rows held back; None if none was learned."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    good: int
    first_day: str | None = None
    last_day: str | None = None
    rung: str
    why: str
    held_back: str | None = None  # how the rows to judge by were taken
    auc: float | None = None
    brier: float | None = None
    ece: float | None = None
    lift_top_tenth: float | None = None
    auc_by_rung: dict[str, float] = Field(default_factory=dict)
    calibration: str | None = None
    refused: dict[str, str] = Field(default_factory=dict)
    left_out: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True)
class Reason:
    """A feature, what the row says in it (bin `code`), and what that adds (log-odds; points of a points card)."""

    feature: str
    text: str
    effect: float
    code: int


@dataclass(frozen=True)
class Score:
    """A row's score: `value` = `base` + the effects of all reasons. No probability without history."""

    value: float
    base: float
    probability: float | None
    grade: str
    reasons: tuple[Reason, ...]  # the strongest first

    @property
    def up(self) -> tuple[Reason, ...]:
        """What speaks for it."""
        return tuple(reason for reason in self.reasons if reason.effect > _SMALL)

    @property
    def down(self) -> tuple[Reason, ...]:
        """What speaks against it."""
        return tuple(reason for reason in self.reasons if reason.effect < -_SMALL)


class Model(BaseModel):
    """Scores rows of the table that it was fitted on; see `fit`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Status
    features: tuple[Feature, ...]
    rung: Card | Boosting
    calibration: Calibration | None = None  # None: the value is points, not log-odds
    grades: tuple[float, float, float] = (0.0, 0.0, 0.0)  # the least value for A, B, C
    card: ModelCard

    def to_json(self) -> str:
        """The model as text."""
        return self.model_dump_json()

    @classmethod
    def from_json(cls, text: str) -> "Model":
        """The model that `to_json` wrote.

        Raises:
            Invalid: it is not one.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise Invalid(f"This is no scoring model: {error.errors()[0]['msg']}.") from error

    def encode(self, rows: Sequence[Row]) -> Encoded:
        """The rows' features, ready to be scored."""
        return encode(self.features, rows)

    def score(self, rows: Sequence[Row] | Encoded) -> "Scores":
        """Score rows, or features that were made ready.

        Raises:
            Conflict: the history holds no signal: any number would be made up.
        """
        if self.status == "no signal":
            raise Conflict(self.card.why)
        encoded = rows if isinstance(rows, Encoded) else self.encode(rows)
        return Scores(self, encoded, self.value(self.rung.scores(encoded)))

    def value(self, raw: Floats) -> Floats:
        """The shown value of a rung's score."""
        return self.calibration(raw) if self.calibration else raw

    def grade(self, value: float) -> str:
        """A to D."""
        return next((name for name, least in zip("ABC", self.grades, strict=True) if value >= least), "D")


class Scores(Sequence[Score]):
    """Scores of many rows. The values are there at once; reasons are worked out for the rows that are looked at."""

    def __init__(self, model: Model, encoded: Encoded, values: Floats) -> None:
        """`values` (n,): see Score."""
        self.values = values
        self._model, self._encoded = model, encoded

    @property
    def probability(self) -> Floats | None:
        """(n,); None where nothing was learned."""
        return sigmoid(self.values) if self._model.calibration else None

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.values)

    def __getitem__(self, at):  # type: ignore[no-untyped-def]
        """One row's score with its reasons, or several rows'."""
        if isinstance(at, slice):
            return list(self._told(range(*at.indices(len(self)))))
        return next(self._told([range(len(self))[at]]))

    def __iter__(self) -> Iterator[Score]:
        """All, with reasons."""
        return self._told(range(len(self)))

    def _told(self, which: Sequence[int]) -> Iterator[Score]:
        encoded = self._encoded.rows(np.asarray(which, dtype=int))
        effects = self._model.rung.effects(encoded)
        raw = self._model.rung.scores(encoded)
        base = raw - effects.sum(axis=1)
        shown_base = self._model.value(base)
        gap = raw - base
        # Calibration bends the line: effects are stretched by as much as it stretches their sum, so they still add up.
        flat = np.abs(gap) < _SMALL
        stretch = np.where(flat, 1.0, (self.values[which] - shown_base) / np.where(flat, 1.0, gap))
        for row, at in enumerate(which):
            yield self._score(self.values[at], float(shown_base[row]), effects[row] * stretch[row], encoded.codes[row])

    def _score(self, value: float, base: float, effects: Floats, codes: Sequence[int]) -> Score:
        reasons = [
            Reason(one.name, one.say(int(code)), float(effect), int(code))
            for one, code, effect in zip(self._model.features, codes, effects, strict=True)
        ]
        reasons.sort(key=lambda reason: -abs(reason.effect))
        probability = float(sigmoid(value)) if self._model.calibration else None
        return Score(float(value), base, probability, self._model.grade(float(value)), tuple(reasons))
