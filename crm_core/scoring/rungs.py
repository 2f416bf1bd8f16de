"""The three ways to score, from the plainest: a points card, a scorecard by regression, boosted trees.

Each gives a row's log-odds as a base and one effect for each feature; the base is the average row's, so an effect says
what sets a row apart. Of a points card without history the unit is the point, not log-odds.
"""

from collections.abc import Sequence
from typing import Any, Literal, Protocol

import numpy as np
from pydantic import BaseModel, ConfigDict

from crm_core.errors import Invalid, Unavailable
from crm_core.scoring.encode import Encoded
from crm_core.scoring.evidence import folds_of, rate_of, unseen, weights
from crm_core.scoring.feature import Feature, Floats
from crm_core.scoring.measures import Truth, logit
from crm_core.scoring.regress import regress

POINT = 0.25  # log-odds a point, where points are learned
_MOST_POINTS = 8
_FOLDS = 5
_RIDGE = 1.0
_TREES, _MIN_LEAF, _SEED = 160, 40, 1
TREE_COUNTS = (40, 80, _TREES)


class Rung(Protocol):
    """What scores encoded rows."""

    def scores(self, encoded: Encoded) -> Floats:
        """(n,): the base and all effects."""

    def effects(self, encoded: Encoded) -> Floats:
        """(n, k): what each feature adds."""


class Card(BaseModel):
    """An effect for each bin of each feature: a table that a person can read, and edit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["points", "scorecard"]
    base: float
    table: tuple[tuple[float, ...], ...]

    def scores(self, encoded: Encoded) -> Floats:
        """See Rung."""
        total = np.full(len(encoded), self.base)
        for at, effects in enumerate(self.table):
            total += np.asarray(effects)[encoded.codes[:, at]]
        return total

    def effects(self, encoded: Encoded) -> Floats:
        """See Rung."""
        found = [np.asarray(effects)[encoded.codes[:, at]] for at, effects in enumerate(self.table)]
        return np.stack(found, axis=1) if found else np.zeros((len(encoded), 0))

    def edited(self, at: int, code: int, effect: float) -> "Card":
        """The card with one effect changed by hand."""
        if not 0 <= at < len(self.table) or not 0 <= code < len(self.table[at]):
            raise Invalid("The card has no such entry.")
        row = (*self.table[at][:code], effect, *self.table[at][code + 1 :])
        return self.model_copy(update={"table": (*self.table[:at], row, *self.table[at + 1 :])})


class Boosting(BaseModel):
    """Trees as LightGBM writes them down, averaged with the scorecard: sharper than it, and steadier than trees alone.

    The trees' effects are LightGBM's own (TreeSHAP), which add up exactly.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["boosting"] = "boosting"
    scorecard: Card
    trees: str

    _booster: Any = None

    def scores(self, encoded: Encoded, trees: int = 0) -> Floats:
        """See Rung; of the first `trees` only, if told."""
        found: Floats = self._load().predict(
            encoded.numbers, raw_score=True, num_iteration=trees or None, num_threads=_threads(encoded)
        )
        return (found + self.scorecard.scores(encoded)) / 2

    def effects(self, encoded: Encoded) -> Floats:
        """See Rung."""
        found: Floats = self._load().predict(encoded.numbers, pred_contrib=True, num_threads=_threads(encoded))[:, :-1]
        return (found + self.scorecard.effects(encoded)) / 2

    def _load(self) -> Any:
        if self._booster is None:
            object.__setattr__(self, "_booster", _lightgbm().Booster(model_str=self.trees))
        return self._booster


def _threads(encoded: Encoded) -> int:
    return 1 if len(encoded) < 1000 else 2


def starter_card(features: Sequence[Feature]) -> Card:
    """The card of the first day: a point for each field that is filled, none for what it says."""
    return Card(kind="points", base=0.0, table=tuple((0.0, *[1.0] * (one.bins - 1)) for one in features))


def fit_points(features: Sequence[Feature], encoded: Encoded, truth: Truth) -> Card:
    """Each bin's own weight of evidence, damped and rounded to points: it fits little, so it drifts little."""
    share = max(0.5, 1 / np.sqrt(max(len(features), 1)))
    table = []
    for at, one in enumerate(features):
        points = np.round(weights(encoded.codes[:, at], truth, one.bins) * share / POINT)
        table.append(np.clip(points, -_MOST_POINTS, _MOST_POINTS) * POINT)
    return _centred("points", logit(rate_of(truth)), table, encoded)


def fit_scorecard(features: Sequence[Feature], encoded: Encoded, truth: Truth) -> Card:
    """Regularised logistic regression on weights of evidence that each row's own outcome had no part in."""
    fold = folds_of(truth, _FOLDS)
    evidence = [unseen(encoded.codes[:, at], truth, one.bins, fold) for at, one in enumerate(features)]
    found = regress(
        np.stack([np.ones(len(truth)), *evidence], axis=1),
        truth,
        towards=np.zeros(len(features) + 1),
        ridge=np.array([1e-6, *[_RIDGE] * len(features)]),
    )
    table = [
        weights(encoded.codes[:, at], truth, one.bins) * slope
        for at, (one, slope) in enumerate(zip(features, found[1:], strict=True))
    ]
    return _centred("scorecard", float(found[0]), table, encoded)


def fit_boosting(features: Sequence[Feature], encoded: Encoded, truth: Truth, *, trees: int = _TREES) -> Boosting:
    """Small trees, slowly learned, on values as they are; beside them a scorecard."""
    lightgbm = _lightgbm()
    data = lightgbm.Dataset(
        encoded.numbers,
        label=truth.astype(float),
        categorical_feature=[at for at, one in enumerate(features) if one.kind == "category"],
    )
    settings = {
        "objective": "binary", "learning_rate": 0.05, "num_leaves": 12, "max_depth": 5, "min_data_in_leaf": _MIN_LEAF,
        "lambda_l2": 5.0, "cat_smooth": 20.0, "cat_l2": 10.0, "min_data_per_group": 40, "feature_fraction": 0.7,
        "bagging_fraction": 0.8, "bagging_freq": 1, "seed": _SEED, "deterministic": True, "force_row_wise": True,
        "num_threads": 1, "verbosity": -1,
    }  # fmt: skip
    grown = lightgbm.train(settings, data, num_boost_round=trees)
    return Boosting(scorecard=fit_scorecard(features, encoded, truth), trees=grown.model_to_string())


def _centred(kind: Literal["points", "scorecard"], base: float, table: Sequence[Floats], encoded: Encoded) -> Card:
    """The same card with the average row's effects in the base."""
    means = [float(effects[encoded.codes[:, at]].mean()) for at, effects in enumerate(table)]
    rows = [tuple(map(float, effects - mean)) for effects, mean in zip(table, means, strict=True)]
    return Card(kind=kind, base=base + sum(means), table=tuple(rows))


def _lightgbm() -> Any:
    try:
        import lightgbm
    except ImportError as error:
        raise Unavailable("Learning from history needs the extra `ml` (pip install 'farley[ml]').") from error
    return lightgbm
