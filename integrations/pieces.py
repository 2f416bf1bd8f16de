"""What is said a few lines at a time, once it was checked whole: in Slack's assistant threads and on the page."""

from collections.abc import Callable, Iterable
from itertools import chain
from typing import TypeVar

MOST_PIECES = 6  # of one answer
T = TypeVar("T")


def in_pieces(parts: Iterable[T], begins: Callable[[T], bool]) -> list[list[T]]:
    """Consecutive parts in at most `MOST_PIECES` groups of about as many passages; none where there are no parts.

    Args:
        parts: lines or blocks, in order.
        begins: whether a part begins a passage; another belongs to the one above it, as a list to its heading.
    """
    passages: list[list[T]] = []
    for part in parts:
        if not passages or begins(part):
            passages.append([])
        passages[-1].append(part)
    size = -(-len(passages) // MOST_PIECES) or 1
    return [list(chain(*passages[at : at + size])) for at in range(0, len(passages), size)]
