"""The HTTP side: an ASGI application that any server can run or mount. It keeps what passes the gate, and says so."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from crm_core.errors import Unavailable
from integrations.slack.gate import MOST_BYTES, Answered, Refused, examine
from integrations.slack.inbox import Inbox

log = logging.getLogger(__name__)

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class GateApp:
    """Answers Slack's requests: events, clicks and commands come to one address.

    Args:
        inbox: that events are kept in before they are acknowledged.
        secret: that Slack signs with.
        came: is told that something was kept.
        clock: seconds since 1970.
    """

    def __init__(
        self, inbox: Inbox, *, secret: bytes, came: Callable[[], None], clock: Callable[[], float] = time.time
    ) -> None:
        self._inbox = inbox
        self._secret = secret
        self._came = came
        self._clock = clock

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        if scope["type"] != "http":
            return
        if scope["method"] != "POST":
            await _answer(send, 405, "POST only")
            return
        body = await _body(receive)
        status, text = await asyncio.to_thread(self.take, body, scope["headers"])
        await _answer(send, status, text)

    def take(self, body: bytes, headers: Any) -> tuple[int, str]:
        """Status and text of the answer to a request; what passes is kept when this returns."""
        verdict = examine(body, headers, secret=self._secret, now=self._clock())
        if isinstance(verdict, Refused):
            log.warning("refused a request of %d bytes: %s", len(body), verdict.reason)
            return verdict.status, verdict.reason
        if isinstance(verdict, Answered):
            return 200, verdict.body
        try:
            is_new = self._inbox.put(verdict.payload)
        except Unavailable as error:
            log.error("an event is not acknowledged, Slack sends it again: %s", error)
            return 503, "try again"
        if is_new:
            self._came()
        return 200, ""


async def _body(receive: Receive) -> bytes:
    """The body, or the beginning of one that is too long."""
    body = bytearray()
    while len(body) <= MOST_BYTES:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            break
    return bytes(body)


async def _answer(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
