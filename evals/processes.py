"""Processes: work that is done side by side, each process with something of its own that it makes once."""

import atexit
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")
Open = Callable[[], AbstractContextManager[Callable[[T], R]]]

_at_hand: list[Callable[[Any], Any]] = []  # of a worker process: what it does with each piece


def side_by_side(work: Sequence[T], opened: Open[T, R], *, workers: int) -> Iterator[R]:
    """What each piece of the work gives, in order.

    Args:
        work: pieces that can be pickled, as their results.
        opened: gives what does a piece, and lets go of what that holds; pickled for other processes.
        workers: how many processes; 1: this one.
    """
    if workers <= 1:
        with opened() as do:
            yield from map(do, work)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(opened,)) as pool:
        yield from pool.map(_do, work, chunksize=max(1, min(16, len(work) // (workers * 4))))


def _begin(opened: Open[Any, Any]) -> None:
    held = ExitStack()
    atexit.register(held.close)
    _at_hand.append(held.enter_context(opened()))


def _do(piece: Any) -> Any:
    return _at_hand[0](piece)
