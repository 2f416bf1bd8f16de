"""A message's bytes to a `Mail`: who wrote what to whom and when. Text in, values out; no store, no network."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import Message

from crm_core.errors import Invalid
from crm_core.transfer.mail.bodies import attachments_of, text_in
from crm_core.transfer.mail.charsets import decode
from crm_core.transfer.mail.headers import (
    Address,
    addresses,
    message_id,
    moment_of,
    raw_values,
    references,
    text_of,
)
from crm_core.transfer.mail.split import split_mail
from crm_core.transfer.mail.words import is_automatic

_KNOWN = frozenset({"from", "to", "subject", "date", "message-id", "received", "mime-version", "content-type"})
_MOST_HEADER = 1_000_000
# What the standard library raises for parts within parts without end, and on parameters made to break it. Of such a
# mail the header is read, and all that follows as it stands.
_BEYOND_PARSING = (RecursionError, ValueError, LookupError, TypeError, AttributeError)


@dataclass(frozen=True)
class Mail:
    """A mail as it is understood. Every text in it was written by somebody outside.

    Attributes:
        external_id: its Message-ID, or a hash of what it says where it has none.
        references: ids of the mails that it answers, the oldest first.
        senders: the address it comes from; empty where it names none. Answers may be wanted at another one, then
            that follows.
        recipients: to whom it goes, copies last.
        subject: one line; empty without one.
        sent_at: in the sender's time zone; None where no date can be read.
        said: what it says, without quotations and signature.
        split_off: those.
        attachments: names and sizes.
        is_automatic: a newsletter, a notice, an answer of a machine.
    """

    external_id: str
    references: tuple[str, ...]
    senders: tuple[Address, ...]
    recipients: tuple[Address, ...]
    subject: str
    sent_at: datetime | None
    said: str
    split_off: str
    attachments: tuple[str, ...]
    is_automatic: bool


def parse_mail(raw: bytes, *, now: datetime) -> Mail:
    """Understand a message.

    Args:
        raw: as it was sent.
        now: what dates are held against; one from the future is none.

    Raises:
        Invalid: it is no mail at all: empty, or without any header of one.
    """
    if not raw.strip():
        raise Invalid("it is empty")
    try:
        return _read(message_from_bytes(raw, policy=policy.compat32), now)
    except _BEYOND_PARSING:
        return _read_flat(raw, now)


def read_ids(raw: bytes) -> tuple[str | None, tuple[str, ...]]:
    """The Message-ID and the references of a message, from its header alone."""
    message = message_from_bytes(_head(raw), policy=policy.compat32)
    return message_id(message), references(message)


def _read(message: Message, now: datetime) -> Mail:
    names = {name.lower() for name, _ in message.raw_items()}
    if not names & _KNOWN:
        raise Invalid("it holds no mail: none of the lines of a mail's header stands in it")
    text = text_in(message)
    split = split_mail(text)
    mail = Mail(
        "", references(message), tuple(addresses(message, "from", "sender", "reply-to")),
        tuple(addresses(message, "to", "cc", "delivered-to", "x-original-to")), text_of(message, "subject"),
        moment_of(message, now), split.said, split.rest, attachments_of(message), False,
    )  # fmt: skip
    return replace(
        mail, external_id=message_id(message) or _hash(mail, text), is_automatic=_is_automatic(message, mail)
    )


def _read_flat(raw: bytes, now: datetime) -> Mail:
    head = _head(raw)
    header = _read(message_from_bytes(b"\n".join(_plain_lines(head)), policy=policy.compat32), now)
    said = decode(raw[len(head) :], None).strip()
    is_hash = header.external_id.startswith("sha256:")
    return replace(header, said=said, external_id=_hash(header, said) if is_hash else header.external_id)


def _plain_lines(head: bytes) -> list[bytes]:
    return [line for line in head.splitlines() if not line.lower().startswith(b"content-")]


def _head(raw: bytes) -> bytes:
    ends = [at for gap in (b"\n\n", b"\r\n\r\n", b"\r\r") if (at := raw.find(gap, 0, _MOST_HEADER)) >= 0]
    return raw[: min(ends, default=_MOST_HEADER)]


def _hash(mail: Mail, text: str) -> str:
    """The same for every copy of a mail, by whichever way it came."""
    told = (
        mail.sent_at.isoformat() if mail.sent_at else "", mail.subject, text,
        *(one.address for one in (*mail.senders, *mail.recipients)), *mail.attachments,
    )  # fmt: skip
    return "sha256:" + hashlib.sha256("\0".join(told).encode("utf-8", "replace")).hexdigest()


def _is_automatic(message: Message, mail: Mail) -> bool:
    answers = [value.strip().lower() for value in raw_values(message, "auto-submitted")]
    bulk = [value.strip().lower() for value in raw_values(message, "precedence")]
    return (
        any(value != "no" for value in answers)
        or any(value in ("bulk", "list", "junk") for value in bulk)
        or bool(raw_values(message, "list-id") or raw_values(message, "list-unsubscribe"))
        or any(is_automatic(one.address) for one in mail.senders[:1])
    )
