"""Whether the records still look as they did when a model was made."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from crm_core.scoring.encode import Encoded
from crm_core.scoring.feature import Codes, Floats
from crm_core.scoring.model import Model

FEWEST = 100  # open records below which their make-up tells nothing
_FEWEST_ENDED, _SURE = 30, 3.0
MOVED = 0.25  # the usual limit of the population stability index
_EMPTY = 0.5  # records that an empty bin counts as
_TENTHS = 10


def make_up(model: Model, encoded: Encoded, values: Floats) -> dict[str, Any]:
    """How the open records spread over each feature's bins, and over tenths of the scores."""
    edges = np.unique(np.quantile(values, np.linspace(0, 1, _TENTHS + 1)[1:-1]))
    bins = {one.name: _counts(encoded.codes[:, at], one.bins) for at, one in enumerate(model.features)}
    return {"rows": len(encoded), "edges": edges.tolist(), "scores": _spread(values, edges), "features": bins}


def moved(before: Mapping[str, Any], model: Model, encoded: Encoded, values: Floats) -> dict[str, float]:
    """What spreads otherwise than `before`, with its population stability index; "score" is the score itself.

    Source: sum of (share now - share then) x ln(share now / share then); over 0.25 is a clear shift.
    """
    if min(before["rows"], len(encoded)) < FEWEST:
        return {}
    found = {"score": _psi(before["scores"], _spread(values, np.array(before["edges"])))}
    for at, one in enumerate(model.features):
        if one.name in before["features"]:
            found[one.name] = _psi(before["features"][one.name], _counts(encoded.codes[:, at], one.bins))
    return {name: round(psi, 2) for name, psi in found.items() if psi > MOVED}


def rate_moved(rate: float, outcomes: Sequence[bool]) -> float | None:
    """The share of good ends since a model was made, where it is surely another than the `rate` it learned."""
    if len(outcomes) < _FEWEST_ENDED:
        return None
    seen = sum(outcomes) / len(outcomes)
    error = float(np.sqrt(max(rate * (1 - rate), 1e-6) / len(outcomes)))
    return seen if abs(seen - rate) > _SURE * error else None


def _counts(codes: Codes, bins: int) -> list[int]:
    return [int(count) for count in np.bincount(codes, minlength=bins)]


def _spread(values: Floats, edges: Floats) -> list[int]:
    return [int(count) for count in np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)]


def _psi(before: Sequence[int], now: Sequence[int]) -> float:
    then, new = (np.maximum(np.array(counts, dtype=float), _EMPTY) for counts in (before, now))
    then, new = then / then.sum(), new / new.sum()
    return float(((new - then) * np.log(new / then)).sum())
