"""Buttons and the rows that they stand in."""

from collections.abc import Sequence
from typing import Any, Literal

from integrations.slack.blocks import limits
from integrations.slack.blocks.text import Block, plain

Style = Literal["", "primary", "danger"]


def button(label: str, action: str, value: str, *, style: Style = "") -> Block:
    """A button; `value` comes back with the click and is at most 2,000 characters."""
    made: Block = {"type": "button", "action_id": action, "text": plain(label, limits.BUTTON), "value": value}
    return made | ({"style": style} if style else {})


def confirmed(made: Block, *, title: str, yes: str, no: str) -> Block:
    """The same button, which asks once more."""
    asks: dict[str, Any] = {
        "title": plain(title, 100), "text": plain(title, 300), "confirm": plain(yes, 30), "deny": plain(no, 30),
    }  # fmt: skip
    return made | {"confirm": asks}


def actions(buttons: Sequence[Block]) -> list[Block]:
    """A row of buttons; no block where there are none."""
    return [{"type": "actions", "elements": list(buttons[: limits.ACTIONS])}] if buttons else []
