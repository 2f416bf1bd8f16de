"""Cells of words: yes and no, currencies, email addresses, closed lists of values, plain text."""

from collections.abc import Callable, Mapping

from crm_core.changes.change import Json
from crm_core.models import Kind
from crm_core.schema import Field
from crm_core.titles import same_title
from crm_core.transfer.numbers import currency_in
from crm_core.transfer.profile import read_boolean
from crm_core.transfer.text import closed_values, headers

_KEEPS_OWN = frozenset({"lead.status"})  # a company may have its own words for these
_KEPT_BESIDE = frozenset({"interaction.kind", "user.role"})  # and its own words beside these: a site visit, a surveyor
_KIND = "interaction.kind"
_WHOLE = frozenset({"admin", "auditor"})  # rights that no word within a job title gives: an "office admin" has none


def text_reader(known: Field, *, is_kept: bool = False) -> Callable[[str], Json]:
    """What reads the cells of a field of words.

    Args:
        known: the field.
        is_kept: whether the cells are kept elsewhere: one that is no word for a value of a closed list gives None.
    """
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
    if is_kept:
        return lambda cell: value_of(cell, name)
    return lambda cell: _choose(cell, words, name)


def keeps_words(field: Field) -> bool:
    """Whether the field has a closed list of values, for which a company's own words may be kept beside it."""
    name = f"{field.entity}.{field.name}"
    return name in _KEPT_BESIDE and bool(closed_values(name))


def value_of(cell: str, name: str) -> str | None:
    """The value of the closed list of the field `name` that a cell is a word for, as `chosen_of` tells it.

    Kinds of talks are told by codes (EML, VIS) and by a Chinese word within another too: 微信沟通 is a chat.
    """
    words = closed_values(name)
    found = chosen_of(cell, words)
    if found is not None or name != _KIND:
        return found
    plain = same_title(cell)
    code = next((kind for kind, codes in headers()["kind_codes"].items() if plain in codes), None)
    inside = {kind for word, kind in words.items() if not word.isascii() and len(word) > 1 and word in plain}
    return code or (inside.pop() if len(inside) == 1 else None)


def chosen_of(cell: str, words: Mapping[str, str]) -> str | None:
    """The value that a cell is a word for, as a whole or by the one such word in it: "site visit" is a visit."""
    plain = same_title(cell)
    inside = {words[word] for word in plain.split() if word in words}
    return words.get(plain) or (inside.pop() if len(inside) == 1 and not inside & _WHOLE else None)


def _choose(cell: str, words: Mapping[str, str], name: str) -> str:
    keeps_own = name in _KEEPS_OWN
    found = words.get(same_title(cell)) if keeps_own else value_of(cell, name)
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
