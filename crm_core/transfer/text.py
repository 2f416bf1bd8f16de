"""Header words and titles in a form that can be compared, and the vocabulary file."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d.,\s]*$)")  # what a spreadsheet runs; a negative number is none
_BRACKETS = re.compile(r"[(\[（【].*?[)\]）】]")


@cache
def headers() -> dict[str, Any]:
    """`headers.yaml`, read once."""
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("headers.yaml").read_text("utf-8"))
    return loaded


def bare_header(header: str) -> str:
    """A header without the kind of record that some exports put before each: "Deal - Won time" → "Won time"."""
    plain = unicodedata.normalize("NFKC", header)
    kind, dash, rest = plain.partition(" - ")
    return rest if dash and rest and kind.strip().lower() in _record_words() else plain


def header_parts(header: str) -> list[str]:
    """The two halves of a header in two scripts, as words: "客户名称 Customer" → ["客户名称", "customer"]."""
    words = header_words(header).split()
    halves = [" ".join(w for w in words if w.isascii() is latin) for latin in (False, True)]
    return halves if all(halves) and not any(re.search(r"[a-z]", half) for half in halves[:1]) else []


@cache
def _record_words() -> frozenset[str]:
    return frozenset(word for words in headers()["entities"].values() for word in words)


def header_words(header: str) -> str:
    """A header as lower-case words without units: "Annual_Revenue (USD)" and "AnnualRevenue" → "annual revenue"."""
    plain = bare_header(header)
    bare = _BRACKETS.sub(" ", plain)
    bare = re.sub(r"__c$", "", (bare if bare.strip() else plain).strip())
    spaced = _CAMEL.sub(" ", bare).replace("_", " ").lower()
    return re.sub(r"[\W_]+", " ", spaced).strip()


def tight(text: str) -> str:
    """A title in its plainest form, for telling whether two are the same: no case, spaces, signs, legal form."""
    words = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).casefold()).split()
    while len(words) > 1 and words[-1] in legal_suffixes():
        words.pop()
    joined = "".join(words)
    for suffix in _han_suffixes():
        if joined.endswith(suffix) and len(joined) > len(suffix) + 1:
            return joined.removesuffix(suffix)
    return joined


def same_title(text: str) -> str:
    """A title without case and stray spaces: what counts as exactly the same name."""
    return " ".join(text.casefold().split())


@cache
def closed_values(dotted: str) -> Mapping[str, str]:
    """What stands in files for the values of a field that has a closed list of them, and nothing for other fields."""
    closed = headers()["values"].get(dotted, {})
    return {same_title(str(word)): value for value, listed in closed.items() for word in listed}


@cache
def legal_suffixes() -> frozenset[str]:
    """Words at the end of a company's name that say its legal form."""
    return frozenset(headers()["legal_suffixes"])


@cache
def _han_suffixes() -> tuple[str, ...]:
    return tuple(word for word in headers()["legal_suffixes"] if not word.isascii())


@cache
def _missing() -> frozenset[str]:
    return frozenset(headers()["missing"])


def is_missing(text: str) -> bool:
    """Whether a cell holds nothing: blank, "n/a", "-", "null", 无 ..."""
    plain = text.strip()
    return not plain or (len(plain) < 16 and plain.lower() in _missing())


def guard(cell: str) -> str:
    """The cell, made harmless for a spreadsheet: =1+1 as '=1+1."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """The cell as it was before `guard`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell
