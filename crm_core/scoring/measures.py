"""How good scores are: plain numbers over outcomes (True is good) and scores or probabilities."""

from typing import Any

import numpy as np
import numpy.typing as npt

from crm_core.scoring.feature import Floats

Truth = npt.NDArray[np.bool_]
TOP = 0.1  # the share of records that `lift` looks at


def auc(truth: Truth, score: Floats) -> float:
    """The chance that a good record has the higher score than a bad one, a tie counted half; NaN without both."""
    good, bad = int(truth.sum()), int((~truth).sum())
    if not good or not bad:
        return float("nan")
    _, places, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    return float((ranks[truth].sum() - good * (good + 1) / 2) / (good * bad))


def pr_auc(truth: Truth, score: Floats) -> float:
    """Average precision: what one finds when calling from the top; equal scores count as one step."""
    if not truth.any():
        return float("nan")
    order = np.argsort(-score, kind="stable")
    hits, ends = np.cumsum(truth[order]), np.append(np.flatnonzero(np.diff(score[order])), len(score) - 1)
    recall = hits[ends] / hits[-1]
    return float(np.sum(np.diff(recall, prepend=0.0) * hits[ends] / (ends + 1)))


def brier(truth: Truth, probability: Floats) -> float:
    """The mean squared error."""
    return float(np.mean((probability - truth) ** 2))


def log_loss(truth: Truth, log_odds: Floats) -> float:
    """The mean surprise, in nats."""
    return float(np.mean(np.logaddexp(0, np.where(truth, -log_odds, log_odds))))


def ece(truth: Truth, probability: Floats, bins: int = 10) -> float:
    """The mean distance between the probability told and the rate seen, over ten bins of equal width."""
    place = np.minimum((probability * bins).astype(int), bins - 1)
    told = np.bincount(place, weights=probability, minlength=bins)
    seen = np.bincount(place, weights=truth.astype(float), minlength=bins)
    return float(np.abs(told - seen).sum() / len(truth))


def lift(truth: Truth, score: Floats) -> float:
    """How many times more often the best tenth is good than all are."""
    first = np.argsort(-score, kind="stable")[: max(1, round(TOP * len(score)))]
    return float(truth[first].mean() / truth.mean()) if truth.any() else float("nan")


def auc_error(truth: Truth, value: float = 0.5) -> float:
    """The standard error of an AUC. Source: Hanley and McNeil 1982."""
    good, bad = int(truth.sum()), int((~truth).sum())
    first, second = value / (2 - value), 2 * value**2 / (1 + value)
    spread = value * (1 - value) + (good - 1) * (first - value**2) + (bad - 1) * (second - value**2)
    return float(np.sqrt(max(spread, 0.0) / max(good * bad, 1)))


def sigmoid(log_odds: Any) -> Any:
    """The probability."""
    return 1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))


def logit(probability: float) -> float:
    """The log-odds."""
    return float(np.log(probability / (1 - probability)))
