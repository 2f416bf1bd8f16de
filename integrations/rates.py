"""How many requests a minute somebody may make: a bucket that fills evenly, in this process's memory."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

_MOST_HELD = 10_000


@dataclass
class _Bucket:
    left: float
    at: float


class Rates:
    """Counts requests by name.

    Args:
        per_minute: how many each may make; 0: as many as they like.
        clock: seconds that only grow.
    """

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[str, _Bucket] = {}

    def wait_s(self, name: str) -> float:
        """Take one request; 0 where it may go on, else the seconds until it might."""
        if not self.per_minute:
            return 0
        now = self._clock()
        with self._lock:
            bucket = self._bucket(name, now)
            if bucket.left >= 1:
                bucket.left -= 1
                return 0
            return (1 - bucket.left) * 60 / self.per_minute

    def _bucket(self, name: str, now: float) -> _Bucket:
        bucket = self._buckets.get(name)
        if bucket is None:
            if len(self._buckets) >= _MOST_HELD:
                self._forget(now)
            bucket = self._buckets[name] = _Bucket(self.per_minute, now)
        bucket.left = min(self.per_minute, bucket.left + (now - bucket.at) * self.per_minute / 60)
        bucket.at = now
        return bucket

    def _forget(self, now: float) -> None:
        """Whoever was silent for a minute has a full bucket again; beyond that, the oldest go."""
        silent = [name for name, bucket in self._buckets.items() if now - bucket.at >= 60]
        oldest = sorted(self._buckets, key=lambda name: self._buckets[name].at)[: _MOST_HELD // 10]
        for name in silent or oldest:
            del self._buckets[name]
