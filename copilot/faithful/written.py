"""How figures are written: amounts with their currency and scale, percentages, numbers in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from prompts import load_yaml


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a text.

    Attributes:
        text: as it is written.
        value: in whole units; of a percentage the number before the sign.
        step: the place that its last digit has: 0.1 million for "1.2M".
        currencies: that its sign or word may mean; empty where it has none.
        is_percent: it has a percent sign or word.
        is_plain: digits and nothing else, so that it may be a year.
    """

    text: str
    value: Decimal
    step: Decimal
    currencies: frozenset[str] = frozenset()
    is_percent: bool = False
    is_plain: bool = False


def figures_in(text: str) -> Iterator[Figure]:
    """The figures written in digits, in order."""
    for found in _pattern().finditer(text):
        scale = _scales().get((found["scale"] or "").lower(), Decimal(1))
        places = len(found["number"].partition(".")[2])
        currencies = _meant(found["before"]) | _meant(found["after"])
        yield Figure(
            text=found[0].strip(),
            value=Decimal(re.sub(r"[^\d.]", "", found["number"])) * scale,
            step=Decimal(1).scaleb(-places) * scale,
            currencies=currencies,
            is_percent=bool(found["percent"]),
            is_plain=not (currencies or found["percent"] or found["scale"]),
        )


@cache
def _scales() -> dict[str, Decimal]:
    return {word: Decimal(size) for word, size in load_yaml("faithful")["scales"].items()}


def _meant(mark: str | None) -> frozenset[str]:
    mark = (mark or "").strip()
    if mark.upper() in ("RMB", "CNY"):
        return frozenset({"CNY"})
    known = load_yaml("faithful")["currencies"].get(mark.upper() if "$" in mark else mark.lower())
    return frozenset(known or ({mark.upper()} if mark else ()))


@cache
def _pattern() -> re.Pattern[str]:
    words = load_yaml("faithful")
    signs = _either([*words["currencies"], *words["codes"]])
    scale = _either(words["scales"])
    return re.compile(
        rf"(?<![A-Za-z0-9_.])(?<!\d,)[-−+]?\s?(?P<before>{signs})?\s?"
        r"(?P<number>\d{1,3}(?:[,\u00a0\u202f’']\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
        rf"(?:\s?(?P<percent>{_either(words['percent'])})|\s?(?P<scale>{scale})?(?:\s?(?P<after>{signs}))?)",
        re.IGNORECASE,
    )


def _either(words: list[str]) -> str:
    """Any of `words`, the longest first; one of letters ends where the word ends."""
    ordered = sorted(map(str, words), key=len, reverse=True)
    return (
        "(?:"
        + "|".join(re.escape(w) + (r"(?![A-Za-z])" if w[-1].isascii() and w[-1].isalpha() else "") for w in ordered)
        + ")"
    )
