"""A message: blocks that fit together, and the text that stands in for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from copilot.context import Lang
from integrations.slack.blocks import limits
from integrations.slack.blocks.text import Block, context, fallback
from integrations.slack.words import say


@dataclass(frozen=True)
class Message:
    """What is posted.

    Attributes:
        text: for notifications, escaped.
        blocks: what is shown; empty: the text alone.
    """

    text: str
    blocks: tuple[Block, ...] = ()


def message(text: str, blocks: Sequence[Block], lang: Lang, *, last: Sequence[Block] = ()) -> Message:
    """Blocks within the limits of a message, saying so where some are left out.

    Args:
        text: of the whole, for notifications.
        blocks: in order; the last ones are left out first.
        lang: that the note is in.
        last: blocks that stay in any case: buttons.
    """
    room = limits.ALL_TEXT - sum(map(length, last))
    kept: list[Block] = []
    for block in blocks:
        room -= length(block)
        if room < 0 or len(kept) + len(last) >= limits.MESSAGE_BLOCKS - 1:
            kept += context([say("cut", lang)])
            break
        kept.append(block)
    return Message(fallback(text), (*kept, *last))


def length(block: Block) -> int:
    """How many characters of text a block shows."""
    return sum(len(text) for text in _texts(block))


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, part in node.items():
            if name == "text" and isinstance(part, str):
                yield part
            else:
                yield from _texts(part)
    elif isinstance(node, list | tuple):
        for part in node:
            yield from _texts(part)
