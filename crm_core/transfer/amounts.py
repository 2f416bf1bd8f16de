"""What a deal or an order comes to, where no header of the vocabulary says so: told by the words of its headers."""

import re
from collections.abc import Mapping
from typing import Any

from crm_core.models import Kind
from crm_core.transfer.finder import Finder
from crm_core.transfer.keys import is_code
from crm_core.transfer.kinds import custom_kind
from crm_core.transfer.profile import Profile
from crm_core.transfer.text import full_words, headers
from crm_core.transfer.units import without_unit

_NUMBERS = 0.95
_WITH = re.compile(r"\b(inc|incl|including|ex|excl|excluding|before|after|plus) (vat|gst|tax|taxes|mwst)\b")
_COUNTED = (Kind.MONEY, Kind.INTEGER, Kind.DECIMAL)


def offer_amount(finder: Finder, target: str = "amount", called: str = "amounts") -> None:
    """Take the column of money whose header says best that it is the whole: "Annual Value GBP" before "Setup Fee".

    Args:
        finder: of a file's columns.
        target: the field.
        called: which list of header words tells it.
    """
    if not finder.is_free(target):
        return
    ranked = {column.index: _rank(column, headers()[called]) for column in finder.rest() if _is_number(finder, column)}
    best = min((rank for rank in ranked.values() if rank is not None), default=None)
    if best is not None:
        fitting = [column for column in finder.rest() if ranked.get(column.index) == best]
        finder.take(target, fitting, "no other column says better what it comes to")


def _is_number(finder: Finder, column: Profile) -> bool:
    numbers = column.share(Kind.DECIMAL) >= _NUMBERS and custom_kind(column) in _COUNTED
    return numbers and not is_code(finder.profile, column)


def _rank(column: Profile, listed: Mapping[str, Any]) -> tuple[int, bool, int] | None:
    """How far down the list of words for a whole amount its header stands, one that names a currency first."""
    words = _WITH.sub(" ", without_unit(full_words(column.header)))
    if any(_holds(words, word) for word in listed["others"]):
        return None
    called = [(place, at, word) for place, so in enumerate(listed["wholes"]) for at, word in enumerate(so)]
    found = min(((place, at) for place, at, word in called if _holds(words, word)), default=None)
    return None if found is None else (found[0], custom_kind(column) is not Kind.MONEY, found[1])


def _holds(words: str, word: str) -> bool:
    return f" {word} " in f" {words} " if word.isascii() else word in words
