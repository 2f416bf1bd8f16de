"""The header of a mail: texts, addresses, ids, the moment. Reads what it can; never fails.

The old `compat32` policy gives raw values, which are decoded here: the newer policies take quadratic time for long
lists of addresses, and raise on some headers that real mail programs write.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import NamedTuple

from crm_core.changes.change import storable
from crm_core.transfer.mail.charsets import decode

_MOST = 100_000  # characters of one header that are looked at
_MOST_TEXT = 10_000
_MOST_IDS = 100
_LONGEST_ID = 400
_LONGEST_TEXT = 500
_ADDRESS = re.compile(r"[^\s@<>\"(),;:\\]{1,64}@[^\s@<>\"(),;:\\]{1,190}")
_ID = re.compile(r"<[^<>\s]{1,500}>")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=2)  # of a clock that runs fast


class Address(NamedTuple):
    """Somebody in a header: the name as it was written there, and the address in small letters."""

    name: str
    address: str

    @classmethod
    def of(cls, text: str) -> "Address":
        """Back from how it is shown."""
        name, _, address = text.removesuffix(">").rpartition(" <")
        return cls(name, address)

    @property
    def domain(self) -> str:
        """What stands behind the @."""
        return self.address.rpartition("@")[2]

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


def raw_values(message: Message, name: str) -> list[str]:
    """The values of all headers of this name as they stand, bytes beyond ASCII as lone surrogates."""
    return [value[:_MOST] for key, value in message.raw_items() if key.lower() == name]


def text_of(message: Message, name: str) -> str:
    """The first header of this name as one line of text; empty without one."""
    return next((header_text(value) for value in raw_values(message, name)), "")


def header_text(raw: str) -> str:
    """A raw header value as one line, its encoded words read."""
    return one_line(_decode(_whole(raw[:_MOST_TEXT])))[:_LONGEST_TEXT]


def one_line(text: str) -> str:
    """`text` without breaks, unseen characters and spaces that stand in a row."""
    return " ".join(_UNSEEN.sub(" ", storable(text)).split())


def addresses(message: Message, *names: str) -> list[Address]:
    """Who stands in the headers of these names, in order, each address once; what is no address is left out."""
    raw = [_whole(value) for name in names for value in raw_values(message, name)]
    try:
        pairs = [(name, address.strip("'").lower()) for name, address in getaddresses(raw)]
    except (ValueError, IndexError, TypeError, RecursionError):
        pairs = []
    if not any(address for _, address in pairs):  # newer Pythons give up on a header that is not quite right
        pairs = [("", found.strip("'").lower()) for value in raw for found in _ADDRESS.findall(value)]
    found = {address: name for name, address in reversed(pairs) if _is_address(address)}
    return [Address(_name(found[a], a), a) for a in reversed(found)]


def message_id(message: Message) -> str | None:
    """The Message-ID with its brackets; None without one that could serve."""
    return next(ids_in(raw_values(message, "message-id")), None)


def references(message: Message) -> tuple[str, ...]:
    """The ids of the mails that this one answers, the oldest first."""
    older = [*ids_in(raw_values(message, "references")), *ids_in(raw_values(message, "in-reply-to"))]
    unique = list(dict.fromkeys(older))
    return tuple(unique[:1] + unique[1:][-_MOST_IDS:])


def ids_in(values: Iterable[str]) -> Iterator[str]:
    """Message ids in raw header values."""
    for value in values:
        yield from (found for found in _ID.findall(_whole(value)) if len(found) <= _LONGEST_ID and found.isprintable())


def moment_of(message: Message, now: datetime) -> datetime | None:
    """When it was sent, in the sender's time zone; else when it was received; None where neither can be read."""
    received = [value.rpartition(";")[2] for value in raw_values(message, "received")]
    moments = (read_moment(value) for value in [*raw_values(message, "date"), *received])
    return next((moment for moment in moments if moment and _EARLIEST <= moment <= now + _AHEAD), None)


def read_moment(text: str) -> datetime | None:
    """A date of a mail as an aware moment; None where it is none."""
    try:
        moment = parsedate_to_datetime(_whole(text)[:100].strip())
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        aware.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return aware


def _is_address(text: str) -> bool:
    return bool(_ADDRESS.fullmatch(text)) and text.isprintable()


def _whole(raw: str) -> str:
    """A raw value with its bytes beyond ASCII read."""
    return raw if raw.isascii() else decode(raw.encode("utf-8", "surrogateescape"), None)


def _decode(text: str) -> str:
    if "=?" not in text:
        return text
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError):
        return text
    return "".join(part if isinstance(part, str) else _part(part, charset) for part, charset in parts)


def _part(part: bytes, charset: str | None) -> str:
    return part.decode("raw-unicode-escape", "replace") if charset is None else decode(part, charset)


def _name(raw: str, address: str) -> str:
    name = one_line(_decode(raw[:_MOST_TEXT])).strip("'\" ")[:120]
    return "" if name.lower() == address else name
