"""A real SMTP server on this machine that keeps what it takes, and can be told to misbehave."""

import asyncio
import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class PostOffice:
    """What came in, and how the server answers.

    Attributes:
        taken: the mails as they came, each with whom it was for.
        answer: to the text of a mail; a mail is taken where it begins with 2.
        to_recipient: to whom a mail is for.
        waits_s: between taking the text and the answer.
        hangs_up: it takes the text and ends the connection without an answer.
    """

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], bytes]] = []
        self.answer = "250 OK taken"
        self.to_recipient = "250 OK"
        self.waits_s = 0.0
        self.hangs_up = False
        self.port = 0

    @property
    def messages(self) -> list[EmailMessage]:
        """What was taken, read."""
        return [cast(EmailMessage, email.message_from_bytes(raw, policy=default)) for _, raw in self.taken]

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        """Whether mail for this address is taken."""
        if self.to_recipient.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        """The text of a mail."""
        if self.answer.startswith("2"):
            self.taken.append((list(envelope.rcpt_tos), envelope.original_content))
        if self.hangs_up:
            server.transport.abort()
        await asyncio.sleep(self.waits_s)
        return self.answer


@contextmanager
def open_post_office(**options: Any) -> Iterator[PostOffice]:
    """The server, running."""
    office = PostOffice()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        office.port = int(free.getsockname()[1])
    controller = Controller(office, hostname="127.0.0.1", port=office.port, **options)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def let_in(user: bytes, password: bytes) -> Any:
    """Who may log in, for the options of a server."""

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (user, password))

    return check
