"""Cells of words: yes and no, currencies, email addresses, closed lists of values, plain text."""

from collections.abc import Callable, Mapping

from crm_core.changes.change import Json
from crm_core.models import Kind
from crm_core.schema import Field
from crm_core.titles import same_title
from crm_core.transfer.numbers import currency_in
from crm_core.transfer.profile import read_boolean
from crm_core.transfer.text import closed_values

_KEEPS_OWN = frozenset({"lead.status"})  # a company may have its own words for these


def text_reader(known: Field) -> Callable[[str], Json]:
    """What reads the cells of a field of words."""
    if known.kind is Kind.BOOLEAN:
        return read_boolean
    if known.kind is Kind.CURRENCY:
        return _currency
    if known.kind is Kind.EMAIL:
        return _email
    name = f"{known.entity}.{known.name}"
    words = closed_values(name)
    if not words:
        return str.strip
    return lambda cell: _choose(cell, words, keeps_own=name in _KEEPS_OWN)


def _choose(cell: str, words: Mapping[str, str], *, keeps_own: bool) -> str:
    plain = same_title(cell)
    found = words.get(plain)
    if found is None and not keeps_own:
        inside = {words[word] for word in plain.split() if word in words}  # "site visit" is a visit
        found = inside.pop() if len(inside) == 1 else None
    if found is None and not keeps_own:
        raise ValueError(f"is none of {', '.join(dict.fromkeys(words.values()))}")
    return found or cell.strip()


def _currency(cell: str) -> str:
    plain = cell.strip().upper()
    found = currency_in(plain) or (plain if len(plain) == 3 and plain.isascii() and plain.isalpha() else None)
    if found is None:
        raise ValueError("is no currency code such as USD")
    return found


def _email(cell: str) -> str:
    plain = cell.strip()
    if "@" not in plain[1:-1] or " " in plain:
        raise ValueError("is no email address")
    return plain
