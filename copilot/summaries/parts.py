"""A long history in parts that a language model can read one at a time.

Where a part ends is told by its content: a new text changes the part that it stands in and no other.
"""

import hashlib
import json
from collections.abc import Sequence

from copilot.language import count_tokens
from copilot.page import Line

MOST, LEAST = 3_000, 1_500  # tokens of a part
_ONE_IN = 4  # records may begin a part


def parts_of(lines: Sequence[Line]) -> list[tuple[Line, ...]]:
    """The lines in order, cut between records where that can be."""
    parts: list[tuple[Line, ...]] = []
    part: list[Line] = []
    held = 0
    for line in lines:
        needed = count_tokens(line.text)
        if part and (held + needed > MOST or (held >= LEAST and _is_edge(part[-1], line))):
            parts.append(tuple(part))
            part, held = [], 0
        part.append(line)
        held += needed
    return [*parts, tuple(part)] if part else parts


def digest(lines: Sequence[Line], *told: str) -> str:
    """SHA-256 of lines with their records, and of whatever else tells what is made of them."""
    rows = [[line.text, *([line.source.entity, line.source.id] if line.source else [])] for line in lines]
    return hashlib.sha256(json.dumps([rows, *told]).encode()).hexdigest()


def _is_edge(before: Line, line: Line) -> bool:
    one, other = before.source, line.source
    if one is None or other is None or (one.entity, one.id) == (other.entity, other.id):
        return False
    return hashlib.sha256(line.text.encode("utf-8", "surrogatepass")).digest()[0] % _ONE_IN == 0
