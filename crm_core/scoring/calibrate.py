"""From a rung's log-odds to log-odds that hold: when it says 30 %, three of ten are won."""

from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from crm_core.scoring.evidence import folds_of
from crm_core.scoring.feature import Floats
from crm_core.scoring.measures import Truth, log_loss
from crm_core.scoring.regress import regress

_STEPS, _FOLDS = 15, 4
_LEAST_SLOPE = 0.05  # a better score is never told as the same: what raises the one raises the other


class Calibration(BaseModel):
    """A rising line through points (raw, held), straight between and, by `slope`, beyond them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str  # none, platt or isotonic
    raw: tuple[float, ...] = (0.0,)
    held: tuple[float, ...] = (0.0,)
    slope: float = 1.0

    def __call__(self, raw: Floats) -> Floats:
        """Calibrated log-odds."""
        beyond = self.slope * (raw - np.clip(raw, self.raw[0], self.raw[-1]))
        found: Floats = np.interp(raw, self.raw, self.held) + beyond
        return found


def calibrate(raw: Floats, truth: Truth) -> Calibration:
    """The plainest map that holds best on rows that it did not see; `raw` are scores of rows unseen by the rung."""
    fold = folds_of(truth, _FOLDS)
    makers = (lambda _raw, _truth: Calibration(kind="none"), _platt, _isotonic)
    losses = [
        np.mean(
            [
                log_loss(truth[fold == at], make(raw[fold != at], truth[fold != at])(raw[fold == at]))
                for at in range(_FOLDS)
            ]
        )
        for make in makers
    ]
    return makers[int(np.argmin(losses))](raw, truth)


def _platt(raw: Floats, truth: Truth) -> Calibration:
    """A straight line, drawn a little towards the line that changes nothing."""
    inputs, same = np.stack([np.ones_like(raw), raw], axis=1), np.array([0.0, 1.0])
    found = regress(inputs, truth, towards=same, ridge=np.ones(2))
    return Calibration(kind="platt", held=(float(found[0]),), slope=max(float(found[1]), _LEAST_SLOPE))


def _isotonic(raw: Floats, truth: Truth) -> Calibration:
    """The rate seen in steps of equally many rows, made rising by pooling neighbours that fall."""
    order = np.array_split(np.argsort(raw, kind="stable"), _STEPS)
    pools = [[float(raw[part].mean()), float(truth[part].sum()) + 0.5, len(part) + 1.0] for part in order if len(part)]
    merged = _rising(pools)
    xs = [pool[0] for pool in merged]
    held = [float(np.log(pool[1] / (pool[2] - pool[1]))) for pool in merged]
    xs, held = _strictly(xs, held)
    return Calibration(kind="isotonic", raw=tuple(xs), held=tuple(held))


def _rising(pools: Sequence[list[float]]) -> list[list[float]]:
    found: list[list[float]] = []
    for pool in pools:
        found.append(pool)
        while len(found) > 1 and found[-2][1] * found[-1][2] >= found[-1][1] * found[-2][2]:
            (x1, good1, rows1), (x2, good2, rows2) = found[-2:]
            found[-2:] = [[(x1 * rows1 + x2 * rows2) / (rows1 + rows2), good1 + good2, rows1 + rows2]]
    return found


def _strictly(xs: Sequence[float], held: Sequence[float]) -> tuple[list[float], list[float]]:
    """Without points so close that the line would stand upright."""
    kept = [0]
    kept += [at for at in range(1, len(xs)) if xs[at] - xs[at - 1] > 1e-6]
    return [xs[at] for at in kept], [held[at] for at in kept]
