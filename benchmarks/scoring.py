"""The scorer: learning from 50,000 made-up rows, one record with its reasons, and 100,000 records.

Half of what decides is one column, half is two columns together, so boosting is the rung and the slowest one is timed.
`--rows 5000` for a quick look.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

COLUMNS, MANY = 12, 100_000
LIMIT_FIT_S, LIMIT_ONE_MS, LIMIT_MANY_S = 30.0, 1.0, 5.0


def main() -> int:
    """Print the figures; 1 where one is over its limit."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--rows", type=int, default=50_000)
    count = wanted.parse_args().rows
    try:
        import lightgbm  # noqa: F401
    except ImportError:
        print("scoring: the extra `ml` is not installed; nothing to measure")
        return 0
    from crm_core.scoring.fit import fit

    rows, outcomes = _rows(count)
    model, taken = _timed(lambda: fit(rows, outcomes))
    ready = model.encode([rows[at % count] for at in range(MANY)])
    verdicts = [_told(f"learning from {count:,} rows ({model.card.rung})", taken, LIMIT_FIT_S, "s"), _one(model, rows)]
    _, taken = _timed(lambda: model.score(ready).probability)
    return 0 if all([*verdicts, _told(f"{MANY:,} records from prepared features", taken, LIMIT_MANY_S, "s")]) else 1


def _rows(count: int) -> tuple[list[dict[str, object]], list[bool | None]]:
    import numpy as np

    dice = np.random.default_rng(1)
    numbers, words = dice.normal(size=(count, COLUMNS // 2)), dice.integers(0, 30, size=(count, COLUMNS // 2))
    odds = numbers[:, 0] * numbers[:, 1] + numbers[:, 2] - 1
    rows = [
        {f"number {at}": float(value) for at, value in enumerate(one)}
        | {f"word {at}": f"w{word}" for at, word in enumerate(said)}
        for one, said in zip(numbers, words, strict=True)
    ]
    return rows, [bool(won) for won in dice.random(count) < 1 / (1 + np.exp(-odds))]


def _one(model: Any, rows: list[dict[str, object]]) -> bool:
    ready = [model.encode([row]) for row in rows[:300]]
    p50 = statistics.median(_timed(lambda one=one: model.score(one)[0])[1] for one in ready) * 1000  # type: ignore[misc]
    return _told("one record with its reasons, p50", p50, LIMIT_ONE_MS, "ms")


def _timed(run: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.perf_counter()
    return run(), time.perf_counter() - begun


def _told(name: str, value: float, limit: float, unit: str) -> bool:
    print(f"{name:55} {value:9.2f} {unit:3} limit {limit:9.2f}   {'ok' if value <= limit else 'SLOW'}", flush=True)
    return value <= limit


if __name__ == "__main__":
    sys.exit(main())
