"""The preview of a link to a record."""

from collections.abc import Sequence
from dataclasses import dataclass

from copilot.context import Lang
from copilot.labels import entity_label
from integrations.slack.blocks.text import Block, one_line, parts, rich_block

_LINE = 200  # characters


@dataclass(frozen=True)
class Preview:
    """A record in a few words: its kind, its name, some fields as (label, value)."""

    entity: str
    title: str
    facts: Sequence[tuple[str, str]]


def link_blocks(shown: Preview, lang: Lang) -> list[Block]:
    """The preview as blocks."""
    kind = entity_label(shown.entity, lang, count=1)
    lines = [parts((f"{kind}: ", ""), (one_line(shown.title, _LINE) + "\n", "bold"))]
    lines += [
        parts((f"{one_line(label, 60)}: ", ""), (one_line(value, _LINE) + "\n", "bold")) for label, value in shown.facts
    ]
    return [rich_block(lines)]
