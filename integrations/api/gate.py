"""What every request passes before anything reads it: its id and log line, how much it may hold, and its turn."""

import json
import logging
import re
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from anyio import Semaphore
from anyio.lowlevel import RunVar
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from integrations.api.problems import problem

log = logging.getLogger(__name__)

DEEPEST = 32
JSON_BYTES = 1 << 20
UPLOAD_BYTES = 50 << 20
UPLOADS = "/api/import"
TURNS = 4  # requests about records that are worked on at once; more would only wait for one another, in any order
_LONG = ("/mcp", "/api/ask", "/api/query", "/api/import", "/api/export")  # these may take as long as they take
_TEXTS = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)  # also one without an end, or it would be tried from each quote
_BRACKETS = re.compile(rb"[\[\]{}]")
_ODD = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")  # what no database or no encoding can hold
_OWN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


_turns: RunVar[Semaphore] = RunVar("turns of requests")  # one for each event loop


@dataclass
class _Seen:
    """What the log line says of a request, and the turn that it has."""

    id: str
    status: int = 500
    turn: Semaphore | None = None

    def end_turn(self) -> None:
        """Let the next one begin."""
        turn, self.turn = self.turn, None
        if turn is not None:
            turn.release()


class Gate:
    """Bounds what a request may hold, gives it an id, and logs it without its contents.

    Requests about records are worked on a few at a time, in the order in which they came: on twenty threads, a write
    waits for every reader between two of its statements while the others wait for it.

    Args:
        app: what answers it.
        paths: beginnings of the addresses that it stands before; others pass as they are.
    """

    def __init__(self, app: ASGIApp, *, paths: tuple[str, ...] = ("/api", "/mcp")) -> None:
        self._app = app
        self._paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not scope["path"].startswith(self._paths):
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        seen, started = _Seen(given if _OWN_ID.fullmatch(given) else uuid4().hex[:16]), time.perf_counter()
        scope.setdefault("state", {})["request_id"] = seen.id

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.end_turn()  # a caller who reads slowly keeps nobody waiting
                seen.status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = seen.id
            await send(message)

        try:
            await self._pass(scope, receive, told, seen)
        finally:
            seen.end_turn()
            ms = (time.perf_counter() - started) * 1000
            who = scope["state"].get("token", "-")
            line = "request id=%s method=%s path=%s status=%s token=%s ms=%.0f"
            log.info(line, seen.id, scope["method"], _shown(scope), seen.status, who, ms)

    async def _pass(self, scope: Scope, receive: Receive, send: Send, seen: _Seen) -> None:
        body = await _read(scope, receive)
        refusal = body if isinstance(body, Response) else _refusal(scope, body)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        assert isinstance(body, bytes)
        scope["state"]["body"] = body
        if not scope["path"].startswith(_LONG):
            turns = _turns_here()
            await turns.acquire()
            seen.turn = turns
        await self._app(scope, _again(body, receive), send)


def _turns_here() -> Semaphore:
    found = _turns.get(None)
    if found is None:
        _turns.set(found := Semaphore(TURNS))
    return found


def _shown(scope: Scope) -> str:
    """The route, such as /api/deals/{id}, where one was found: an address may hold words of a customer."""
    route = scope.get("route")
    return str(getattr(route, "path", "(none)"))


async def _read(scope: Scope, receive: Receive) -> bytes | Response:
    """The whole body, or a refusal as soon as it is too large."""
    most = UPLOAD_BYTES if scope["path"].startswith(UPLOADS) else JSON_BYTES
    said = Headers(scope=scope).get("content-length", "0")
    parts: list[bytes] = []
    held = int(said) if said.isascii() and said.isdigit() else 0
    if held > most:
        return _too_large(most)
    held = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return problem(400, "The request ended before its body was whole.")
        parts.append(message.get("body", b""))
        held += len(parts[-1])
        if held > most:
            return _too_large(most)
        if not message.get("more_body", False):
            return b"".join(parts)


def _too_large(most: int) -> Response:
    return problem(413, f"A request may hold at most {most >> 20} MiB.", headers={"Connection": "close"})


def _refusal(scope: Scope, body: bytes) -> Response | None:
    if b"%00" in scope.get("query_string", b"") or "\x00" in scope["path"]:
        return problem(400, "The address holds a character that cannot be stored.")
    kind = Headers(scope=scope).get("content-type", "")
    if not body or "json" not in kind.lower():
        return None
    if _is_deep(body):
        return problem(400, f"The JSON is nested more than {DEEPEST} deep.")
    if _ODD.search(body) and not _is_storable(body):
        return problem(400, "A text holds characters that cannot be stored.")
    return None


def _is_deep(body: bytes) -> bool:
    depth = 0
    for bracket in _BRACKETS.finditer(_TEXTS.sub(b"", body)):
        depth += 1 if bracket[0] in b"[{" else -1
        if depth > DEEPEST:
            return True
    return False


def _is_storable(body: bytes) -> bool:
    """Whether its texts can be written in UTF-8 and hold no NUL; what is no JSON is refused later."""
    try:
        text = json.dumps(json.loads(body), ensure_ascii=False)
        text.encode()
    except UnicodeEncodeError:
        return False
    except ValueError:
        return True
    return "\\u0000" not in text


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more, then what the server says."""
    waiting: list[Any] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again
