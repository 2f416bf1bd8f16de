"""Bytes of a mail to text, whatever the mail says of them. Never fails."""

import codecs

from crm_core.changes.change import storable
from crm_core.transfer.encoding import eight_bit_encodings

_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "utf-8"}  # what is meant by them
_NEVER = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})  # none of a mail
_WIDE = ("utf-16", "utf-32")
_SAMPLE = 100_000


def decode(data: bytes, named: str | None) -> str:
    """The text of `data`: valid UTF-8 is that, else what the mail says, else what it looks like."""
    best = next((encoding for encoding in _candidates(data, named) if _fits(data, encoding)), "cp1252")
    return storable(data.decode(best, "replace"))


def _candidates(data: bytes, named: str | None) -> list[str]:
    known = _lookup(named)
    if known and (data.isascii() or known.startswith(_WIDE)):
        return [known, "utf-8"]
    return ["utf-8", *([known] if known else []), *eight_bit_encodings(data[:_SAMPLE])]


def _lookup(named: str | None) -> str | None:
    try:
        name = codecs.lookup((named or "").strip()).name
    except (LookupError, ValueError):
        return None
    return None if name.replace("-", "_") in _NEVER else _WIDER.get(name, name)


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (LookupError, ValueError):  # a codec of bytes, such as base64; bytes that it does not know
        return False
    return True
