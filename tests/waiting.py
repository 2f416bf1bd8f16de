"""Waiting for other threads."""

import time
from collections.abc import Callable


def wait_until(is_so: Callable[[], bool], *, timeout_s: float = 10) -> None:
    """Wait for something that another thread does."""
    end = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)
