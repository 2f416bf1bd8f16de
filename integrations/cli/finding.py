"""A line of the report of `farley doctor`."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """One line of the report.

    Attributes:
        level: fail where Farley cannot work, warn where it works less well.
        name: what was looked at.
        text: what was found.
        advice: what to do; empty where nothing is wrong.
    """

    level: Level
    name: str
    text: str
    advice: str = ""
