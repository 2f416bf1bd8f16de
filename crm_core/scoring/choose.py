"""Which rung to trust, judged on rows held back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from crm_core.scoring.encode import Encoded
from crm_core.scoring.feature import Feature, Floats
from crm_core.scoring.measures import Truth, auc
from crm_core.scoring.order import Split, split
from crm_core.scoring.rungs import TREE_COUNTS, Boosting, Card, fit_boosting, fit_points, fit_scorecard

GAIN = 0.003  # AUC by which another rung must beat the scorecard, besides being better in every part
_AS_GOOD = 0.001  # AUC
_FEWEST = 50  # of each outcome among the rows judged
_JUDGED_ROWS = 20_000  # the rungs are compared on so many rows at most: the latest

Fit = Callable[[Sequence[Feature], Encoded, Truth], Card | Boosting]


@dataclass(frozen=True)
class Trial:
    """A rung on the rows held back: AUC in each part, the scores of all of them, and how to fit it on every row."""

    aucs: tuple[float, ...]
    raw: Floats
    fit: Fit

    @property
    def auc(self) -> float:
        """The mean over the parts."""
        return float(np.mean(self.aucs))

    def beats(self, other: "Trial") -> bool:
        """In every part, and on average by enough: what wins in some months only may lose in the next."""
        better = all(mine > theirs for mine, theirs in zip(self.aucs, other.aucs, strict=True))
        return better and self.auc - other.auc >= GAIN


def hold_back(truth: Truth, *, in_time: bool) -> Split:
    """What to learn from and to judge by, of the latest rows where they are many and say enough."""
    latest = truth[-_JUDGED_ROWS:]
    skipped = len(truth) - len(latest) if min(latest.sum(), (~latest).sum()) >= _FEWEST else 0
    made = split(truth[skipped:], in_time=in_time)
    return Split(tuple((learn + skipped, judge + skipped) for learn, judge in made.parts), made.in_time)


def trials(features: Sequence[Feature], encoded: Encoded, truth: Truth, held: Split) -> dict[str, Trial]:
    """Each rung tried."""
    fits: dict[str, Fit] = {"points": fit_points, "scorecard": fit_scorecard}
    found = {
        name: _trial(
            [(fit(features, encoded.rows(learn), truth[learn]), 0) for learn, _ in held.parts],
            encoded,
            truth,
            held,
            fit,
        )
        for name, fit in fits.items()
    }
    return found | {"boosting": _grown(features, encoded, truth, held)}


def best(tried: dict[str, Trial]) -> str:
    """The scorecard, unless another rung beats it."""
    others = [name for name, trial in tried.items() if trial.beats(tried["scorecard"])]
    return max(others, key=lambda name: tried[name].auc, default="scorecard")


def _grown(features: Sequence[Feature], encoded: Encoded, truth: Truth, held: Split) -> Trial:
    """Trees, the fewest that are about as good as any number of them."""
    grown = [fit_boosting(features, encoded.rows(learn), truth[learn]) for learn, _ in held.parts]

    def with_trees(trees: int) -> Trial:
        def fit(some: Sequence[Feature], part: Encoded, outcome: Truth) -> Boosting:
            return fit_boosting(some, part, outcome, trees=trees)

        return _trial([(one, trees) for one in grown], encoded, truth, held, fit)

    tried = [with_trees(trees) for trees in TREE_COUNTS]
    top = max(trial.auc for trial in tried)
    return next(trial for trial in tried if trial.auc >= top - _AS_GOOD)


def _trial(made: Sequence[tuple[Card | Boosting, int]], encoded: Encoded, truth: Truth, held: Split, fit: Fit) -> Trial:
    scored = [
        rung.scores(encoded.rows(judge), trees) if isinstance(rung, Boosting) else rung.scores(encoded.rows(judge))
        for (rung, trees), (_, judge) in zip(made, held.parts, strict=True)
    ]
    aucs = tuple(auc(truth[judge], raw) for (_, judge), raw in zip(held.parts, scored, strict=True))
    return Trial(aucs, np.concatenate(scored), fit)
