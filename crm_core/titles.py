"""Titles in a form that can be compared: whether two names are the same, or nearly."""

import re
import unicodedata
from functools import cache
from pathlib import Path

import yaml
from rapidfuzz import fuzz

NEAR_RATIO = 90.0
_HAN_RATIO = 95.0  # one sign more or less is another name in Chinese


def same_title(text: str) -> str:
    """A title without case and stray spaces: what counts as exactly the same name."""
    return " ".join(text.casefold().split())


def tight(text: str) -> str:
    """A title in its plainest form, for telling whether two are the same: no case, spaces, signs, legal form."""
    joined = "".join(telling_words(text))
    for suffix in _legal_suffixes()[1]:
        if joined.endswith(suffix) and len(joined) > len(suffix) + 1:
            return joined.removesuffix(suffix)
    return joined


def telling_words(text: str) -> list[str]:
    """The words of a title without case, signs and legal form."""
    words = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).casefold()).split()
    while len(words) > 1 and words[-1] in _legal_suffixes()[0]:
        words.pop()
    return words


def least_ratio(plain: str) -> float:
    """How alike, out of 100, two titles in their plainest form must be to pass for one."""
    return NEAR_RATIO if plain.isascii() else _HAN_RATIO


def are_near(plain: str, other: str) -> bool:
    """Whether two titles in their plainest form may be one misspelt: "Plant 1" and "Plant 2" are not."""
    is_near = fuzz.ratio(plain, other) >= least_ratio(plain)
    return is_near and re.findall(r"\d+", plain) == re.findall(r"\d+", other)


@cache
def _legal_suffixes() -> tuple[frozenset[str], tuple[str, ...]]:
    """Words at the end of a name that say a company's legal form: all of them, and the Chinese ones, longest first."""
    loaded: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    listed = loaded["legal_suffixes"]
    return frozenset(listed), tuple(word for word in listed if not word.isascii())
