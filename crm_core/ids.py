"""Record ids: made by the client, so that a proposal can name a record before it exists."""

import secrets
import threading
import time

_EPOCH_MS = 1_577_836_800_000  # 2020-01-01T00:00:00Z
_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """A fresh record id: 41 bits of milliseconds since 2020, then 12 random bits.

    Ids fit in 53 bits (exact in JSON), sort by time of creation and grow within one process. Two
    processes that draw the same id are told apart by the primary key: the second one fails whole.
    """
    global _last
    with _lock:
        drawn = ((time.time_ns() // 1_000_000 - _EPOCH_MS) << 12) | secrets.randbits(12)
        _last = max(_last + 1, drawn)
        return _last
