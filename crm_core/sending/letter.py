"""A mail as it will leave."""

import re
from dataclasses import dataclass
from datetime import datetime

from crm_core.errors import Invalid

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_DOMAIN = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"({_LOCAL})@({_DOMAIN})")
_LONGEST_LOCAL, _LONGEST_DOMAIN = 64, 253


@dataclass(frozen=True)
class Mailbox:
    """A person's name and the one address that mail to them goes to."""

    name: str
    address: str

    @classmethod
    def of(cls, name: str, address: str) -> "Mailbox":
        """With an address that holds nothing but one address; a domain beyond ASCII in its ASCII form.

        Raises:
            Invalid: it is no address that mail can be sent to.
        """
        local, _, domain = address.strip().rpartition("@")
        try:
            whole = f"{local}@{domain.encode('idna').decode()}"
        except UnicodeError:
            whole = ""
        found = _ADDRESS.fullmatch(whole)
        if found is None or len(found[1]) > _LONGEST_LOCAL or len(found[2]) > _LONGEST_DOMAIN:
            raise Invalid(f"{address[:200]!r} of {name} is no address that mail can be sent to; correct it first.")
        return cls(name, whole)


@dataclass(frozen=True)
class Letter:
    """One mail to one person.

    Attributes:
        send_id: of the claim that it leaves under.
        message_id: made by us, with its brackets.
        sender: who it comes from.
        reply_to: where answers go, if not to `sender`.
        recipient: the contact or lead, at the address that the store holds.
        subject: one line.
        body: plain text.
        answers: message ids of the conversation, the oldest first; empty: it begins one.
        at: the moment of the claim.
    """

    send_id: int
    message_id: str
    sender: Mailbox
    reply_to: Mailbox | None
    recipient: Mailbox
    subject: str
    body: str
    answers: tuple[str, ...]
    at: datetime
