"""Timing, and what a measured question looks like."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ENOUGH_S = 1.5
MOST_RUNS = 60


@dataclass(frozen=True)
class Measured:
    """One question on one database; milliseconds, warm medians."""

    benchmark: str
    name: str
    database: str
    p50_ms: float
    by_hand_ms: float | None
    limit_ms: float | None

    @property
    def passes(self) -> bool:
        """Whether it stays below its limit."""
        return self.limit_ms is None or self.p50_ms <= self.limit_ms


def p50_ms(run: Callable[[], object]) -> float:
    """The median of warm runs, in ms: at least five, for at most a second and a half."""
    run()
    run()
    taken: list[float] = []
    while len(taken) < 5 or (sum(taken) < ENOUGH_S and len(taken) < MOST_RUNS):
        begun = time.perf_counter()
        run()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1000
