"""A score in whole points, and the parts that add up to it exactly."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from crm_core.scoring.feature import Feature
from crm_core.scoring.measures import sigmoid
from crm_core.scoring.model import Model, Score

_MOST = 8  # parts that are told one by one


def shown(model: Model, value: float) -> int:
    """0 to 100 for a chance; else the points."""
    return round(100 * float(sigmoid(np.array(value)))) if model.calibration else round(value)


def parts_of(model: Model, score: Score) -> dict[str, Any]:
    """What adds up to the shown score: `base` (an average record), `parts` (the strongest first) and `other`.

    Each part holds its feature, its whole points and the bin that the record is in (see `bin_of`). A chance is not a
    sum: the effects are taken one after another, the strongest first, and each is worth what the chance moves by it.
    """
    exact = _steps(score.base, [one.effect for one in score.reasons], is_chance=model.calibration is not None)
    whole = _whole(exact, shown(model, score.value))
    features = {one.name: one for one in model.features}
    told = [
        {"feature": one.feature, "points": points, **bin_of(features[one.feature], one.code)}
        for one, points in zip(score.reasons, whole[1:], strict=True)
        if points
    ]
    told.sort(key=lambda part: -abs(part["points"]))
    return {"base": whole[0], "parts": told[:_MOST], "other": sum(part["points"] for part in told[_MOST:])}


def bin_of(feature: Feature, code: int) -> dict[str, Any]:
    """A bin as data: {} for not given, {"is": word}, {"is": None} for a rare word, or {"from": low, "to": high}."""
    if code == 0:
        return {}
    if feature.kind == "category":
        return {"is": feature.levels[code - 1] if code <= len(feature.levels) else None}
    low, high = (*[None, *feature.edges], None)[code - 1 : code + 1]
    return {"from": low, "to": high}


def _steps(base: float, effects: Sequence[float], *, is_chance: bool) -> list[float]:
    if not is_chance:
        return [base, *effects]
    heights = 100 * sigmoid(np.cumsum([base, *effects]))
    return [float(heights[0]), *map(float, np.diff(heights))]


def _whole(exact: Sequence[float], total: int) -> list[int]:
    """Rounded so that they add up to `total`: what is lacking goes where most was cut off."""
    floors = [math.floor(value) for value in exact]
    lacking = total - sum(floors)
    order = sorted(range(len(exact)), key=lambda at: floors[at] - exact[at])
    for at in order[: max(lacking, 0)]:
        floors[at] += 1
    for at in order[::-1][: max(-lacking, 0)]:
        floors[at] -= 1
    return floors
