"""What every request for a page passes: where it comes from, what its browser may load, and how large it is.

NiceGUI needs inline scripts and `eval` for its own; so what counts for text of others is `text`, and that nothing may
be loaded from, or sent to, anywhere else.
"""

import re
import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CSRF = "farley_form"
WITH_FORMS = ("/sign-in", "/set-password")
UPLOAD_BYTES = 51 << 20  # of all files and what stands around them
_UPLOAD = re.compile(r"/_nicegui/client/[^/]+/upload/\d+")
NOT_OURS = ("/api", "/mcp")  # other doors
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Gate:
    """Stands before the pages; other doors on the same app have their own.

    Args:
        app: what answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or let one socket in."""
        if scope["type"] not in ("http", "websocket") or is_other_door(scope["path"]):
            await self._app(scope, receive, send)
            return
        if not comes_from_here(Headers(scope=scope), is_safe=scope.get("method") in ("GET", "HEAD")):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            else:
                await PlainTextResponse("This request came from another site.", 403)(scope, receive, send)
            return

        if _is_too_large(scope):
            await PlainTextResponse("This is more than can be uploaded.", 413)(scope, receive, send)
            return
        new = _give_csrf(scope)

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if new:
                    headers.append("Set-Cookie", f"{CSRF}={new}; Path=/; HttpOnly; SameSite=Strict")
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, told)


def _give_csrf(scope: Scope) -> str:
    """What the forms of this browser show from now on; "" where it has that already, or asks for no form."""
    if scope["type"] != "http" or scope["path"] not in WITH_FORMS or cookie_parser(_cookies(scope)).get(CSRF):
        return ""
    new = secrets.token_urlsafe(24)
    scope.setdefault("state", {})["csrf"] = new
    return new


def _is_too_large(scope: Scope) -> bool:
    """Whether an upload of a page is more than the import takes, or does not say how much it is."""
    if scope["type"] != "http" or not _UPLOAD.fullmatch(scope["path"]):
        return False
    length = Headers(scope=scope).get("content-length", "")
    return not (length.isascii() and length.isdigit()) or int(length) > UPLOAD_BYTES


def _cookies(scope: Scope) -> str:
    return Headers(scope=scope).get("cookie", "")


def is_other_door(path: str) -> bool:
    """Whether another door answers this address."""
    return any(path == door or path.startswith(f"{door}/") for door in NOT_OURS)


def comes_from_here(headers: Headers, *, is_safe: bool) -> bool:
    """Whether a request is one of our own pages'.

    Args:
        headers: of the request.
        is_safe: it only reads, as following a link from elsewhere does.
    """
    origin = headers.get("origin")
    if origin is None or is_safe:
        return True
    return bool(origin != "null" and urlsplit(origin).netloc == headers.get("host"))
