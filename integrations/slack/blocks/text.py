"""Text as Slack shows it: cut to its limits, without what moves the cursor or turns the line around."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from integrations.slack.blocks import limits

Block = dict[str, Any]

_UNSAFE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_CUT = "…"


def clean(text: str) -> str:
    """`text` as it may be shown."""
    return _UNSAFE.sub("", text.replace("\t", " "))


def cut(text: str, most: int) -> str:
    """`text` cleaned, and with an ellipsis where it is longer than `most` characters."""
    text = clean(text)
    return text if len(text) <= most else text[: most - 1] + _CUT


def one_line(text: str, most: int) -> str:
    """`text` on one line; a dash where there is none, since Slack takes no empty text."""
    return cut(" ".join(clean(text).split()), most) or "–"


def fallback(text: str) -> str:
    """The text that a notification shows, read by Slack as its mark-up: everything of that is escaped."""
    escaped = cut(text, limits.FALLBACK).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped or "–"


def plain(text: str, most: int) -> Block:
    """A plain text object."""
    return {"type": "plain_text", "text": one_line(text, most), "emoji": False}


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain(text, limits.HEADER)}


def context(texts: Iterable[str]) -> list[Block]:
    """Small grey lines; no block where there are none."""
    elements = [plain(text, limits.CONTEXT) for text in texts if text.strip()][: limits.CONTEXT_ELEMENTS]
    return [{"type": "context", "elements": elements}] if elements else []


def rich(text: str) -> list[Block]:
    """Text of an answer: `**bold**` and lines that begin with "- " are all the mark-up that it has."""
    blocks: list[Block] = []
    held: list[str] = []
    size = 0
    for line in cut(text, limits.TEXT).split("\n") if text.strip() else []:
        line = cut(line, limits.RICH_TEXT)
        if held and size + len(line) > limits.RICH_TEXT:
            blocks.append(rich_block(_lines(held)))
            held, size = [], 0
        held.append(line)
        size += len(line)
    return [*blocks, rich_block(_lines(held))] if held else blocks


def _lines(lines: Iterable[str]) -> list[Block]:
    elements: list[Block] = []
    bullets: list[Block] = []
    for line in lines:
        if line.startswith("- "):
            bullets.append(_section(line[2:]))
            continue
        elements += _list(bullets)
        bullets = []
        elements.append(_section(line + "\n" if line else "\n"))
    return elements + _list(bullets)


def preformatted(text: str) -> Block:
    """Text in columns."""
    element = {"type": "text", "text": cut(text, limits.RICH_TEXT) or "–"}
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [element]}]}


def parts(*told: tuple[str, str]) -> Block:
    """One line of rich text of (text, style): style is "", "bold", "italic" or "strike"."""
    elements = [
        {"type": "text", "text": clean(text)} | ({"style": {style: True}} if style else {})
        for text, style in told
        if clean(text)
    ]
    return {"type": "rich_text_section", "elements": elements or [{"type": "text", "text": "–"}]}


def rich_block(sections: Sequence[Block]) -> Block:
    """Several lines of rich text."""
    return {"type": "rich_text", "elements": list(sections)}


def _section(line: str) -> Block:
    pieces = _BOLD.split(line)
    return parts(*((piece, "bold" if at % 2 else "") for at, piece in enumerate(pieces)))


def _list(bullets: list[Block]) -> list[Block]:
    return [{"type": "rich_text_list", "style": "bullet", "elements": bullets}] if bullets else []
