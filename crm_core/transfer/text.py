"""Header words in a form that can be compared, and the vocabulary file."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from crm_core.titles import same_title

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


def full_words(header: str) -> str:
    """`header_words` with what is cut short written out: "ACCT_NO" → "account number"."""
    short, words = headers()["short"], header_words(header).split()
    full = [short.get(word, word) for word in words]
    full[-1:] = [headers()["short_at_end"].get(word, full[-1]) for word in words[-1:]]
    return " ".join(full)


@cache
def closed_values(dotted: str) -> Mapping[str, str]:
    """What stands in files for the values of a field that has a closed list of them, and nothing for other fields."""
    closed = headers()["values"].get(dotted, {})
    return {same_title(str(word)): value for value, listed in closed.items() for word in listed}


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
