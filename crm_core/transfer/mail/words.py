"""The vocabulary file of mail, and patterns made of it."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def words() -> dict[str, Any]:
    """`words.yaml`, read once."""
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text("utf-8"))
    return loaded


def any_of(phrases: Iterable[str]) -> str:
    """A pattern for one of `phrases`, the longest first, with any spaces between their words."""
    longest = sorted(phrases, key=len, reverse=True)
    return "(?:" + "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in longest) + ")"


def is_anybodys(domain: str) -> bool:
    """Whether anybody may have an address of `domain`."""
    return domain in words()["anybodys"]


def is_automatic(address: str) -> bool:
    """Whether an address is of the kind that no person reads."""
    local = address.partition("@")[0].partition("+")[0]
    return local in words()["automatic"]
