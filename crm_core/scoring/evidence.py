"""Weight of evidence: what a bin alone says of the outcome, in log-odds against all rows."""

import numpy as np
import numpy.typing as npt

from crm_core.scoring.feature import Codes, Floats
from crm_core.scoring.measures import Truth, auc, logit

_PRIOR = 20.0  # rows of the overall rate that each bin is thought to hold besides its own: rare bins say little


def counts(codes: Codes, truth: Truth, bins: int) -> tuple[Floats, Floats]:
    """Good and bad rows a bin."""
    good = np.bincount(codes, weights=truth, minlength=bins).astype(float)
    return good, np.bincount(codes, minlength=bins) - good


def weights(codes: Codes, truth: Truth, bins: int) -> Floats:
    """The weight of each bin; 0 of one that no row is in."""
    good, bad = counts(codes, truth, bins)
    rate = rate_of(truth)
    found: Floats = np.log((good + _PRIOR * rate) / (bad + _PRIOR * (1 - rate))) - logit(rate)
    return found


def rate_of(truth: Truth) -> float:
    """The share of good rows, never quite 0 or 1."""
    return float((truth.sum() + 0.5) / (len(truth) + 1))


def folds_of(truth: Truth, count: int) -> npt.NDArray[np.int_]:
    """The fold of each row: good and bad rows are dealt out in turn, each for themselves."""
    fold = np.empty(len(truth), dtype=int)
    for rows in (np.flatnonzero(truth), np.flatnonzero(~truth)):
        fold[rows] = np.arange(len(rows)) % count
    return fold


def alone(codes: Codes, truth: Truth, bins: int, folds: int = 4) -> Floats:
    """The weight of each row's bin, learned from the other rows."""
    return unseen(codes, truth, bins, folds_of(truth, folds))


def unseen(codes: Codes, truth: Truth, bins: int, fold: npt.NDArray[np.int_]) -> Floats:
    """The same, with the fold of each row given."""
    found = np.zeros(len(codes))
    for one in np.unique(fold):
        found[fold == one] = weights(codes[fold != one], truth[fold != one], bins)[codes[fold == one]]
    return found


def auc_alone(codes: Codes, truth: Truth, bins: int) -> float:
    """How well the column sorts by itself, on rows that it did not learn from."""
    return auc(truth, alone(codes, truth, bins))
