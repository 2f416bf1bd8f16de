"""The pages put on the app that answers REST and MCP, each behind the check of who asks for it."""

import inspect
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from nicegui import Client, core, ui
from nicegui import app as pages_app
from socketio.exceptions import ConnectionRefusedError
from starlette.requests import cookie_parser
from starlette.routing import Match, Mount
from starlette.types import Scope

from crm_core.errors import Invalid, NotFound
from integrations.web import text
from integrations.web.desk import Desk
from integrations.web.gate import Gate, is_other_door
from integrations.web.page import Page
from integrations.web.people import AT, COOKIE, Person, find_person
from integrations.web.shell import empty, frame
from integrations.web.signing_in import add_signing_in

STATIC = Path(__file__).parent / "static"
_EVENTS = ("connect", "handshake", "event", "javascript_response")
_INNER = "inner"
_AWAY_S = 60  # that a page waits for a browser that lost its connection
_BUILD_S = 30  # in which a page has to stand


def mount(app: FastAPI, desk: Desk) -> None:
    """Put the pages on `app`; what other doors answer stays theirs."""
    add_pages(desk)
    _guard_sockets(desk)
    ui.run_with(
        app, title="Farley", favicon=STATIC / "farley.svg", dark=None, tailwind=False, show_welcome_message=False,
        reconnect_timeout=_AWAY_S,
    )  # fmt: skip
    app.router.routes[-1] = _Pages("/", core.app)
    app.add_middleware(Gate)


class _Pages(Mount):
    """Everything but the addresses of other doors."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As Starlette asks."""
        return (Match.NONE, {}) if is_other_door(scope["path"]) else super().matches(scope)


def add_pages(desk: Desk) -> None:
    """Make NiceGUI's addresses of all pages."""
    pages_app.add_static_files("/assets", STATIC)
    pages_app.config.quasar_config["loadingBar"] = {"skipHijack": True}  # it has no name for who sees nothing
    pages_app.colors(primary="var(--accent)", dark="var(--surface)", dark_page="var(--bg)")
    for sheet in sorted(STATIC.glob("*.css")):
        if f"/assets/{sheet.name}" not in Client.shared_head_html:
            ui.add_head_html(f'<link rel="stylesheet" href="/assets/{sheet.name}">', shared=True)
    add_signing_in(desk)
    for page in desk.pages:
        ui.page(page.path, response_timeout=_BUILD_S)(_shown(desk, page))
    _answer_unknown(desk)


def _answer_unknown(desk: Desk) -> None:
    """An address that nothing has is told like a record that is not there, with a way back."""
    known: Any = getattr(core.app.exception_handlers[404], _INNER, core.app.exception_handlers[404])

    async def answer(request: Request, error: Exception) -> Response:
        person = find_person(desk, request)
        is_page = request.scope.get("endpoint") in (None, core.app)
        if not is_page or "text/html" not in request.headers.get("accept", ""):
            told: Response = await known(request, error)
            return told
        if person is None:
            return _to_sign_in(request)
        with Client(ui.page(""), request=request) as client:
            AT[client] = person
            _show_not_found(person)
        return client.build_response(request, 404)

    setattr(answer, _INNER, known)
    core.app.add_exception_handler(404, answer)


def _shown(desk: Desk, page: Page) -> Callable[..., Any]:
    """What answers for a page: its builder, for somebody who may see it."""

    async def show(request: Request) -> Response | None:
        person = find_person(desk, request)
        if person is None:
            return _to_sign_in(request)
        AT[ui.context.client] = person
        if not page.may_see(person.actor):
            _show_not_found(person)
            return None
        places = {name: request.query_params.get(name, "") for name in page.query} | request.path_params
        try:
            made = page.build(desk, person, **places)
            if inspect.isawaitable(made):
                await made
        except (NotFound, Invalid):  # nothing has such an address
            ui.context.client.content.clear()
            _show_not_found(person)
        return None

    return show


def _to_sign_in(request: Request) -> Response:
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse("/sign-in" + (f"?to={quote(asked)}" if asked != "/" else ""), 303)


def _show_not_found(person: Person) -> None:
    """A record that is not there and one that is not theirs look the same."""
    ui.context.client.status_code = 404
    with frame(person, person.say("not_found")), empty(person, "not_found", icon="search_off"):
        text.words("p", person.say("not_found_why"), "muted")
        text.link(person.say("back_to_start"), "/", "button-link")


def _guard_sockets(desk: Desk) -> None:
    """Let a socket reach a page only with the session that the page was made for, and while that is good.

    NiceGUI itself asks for the page's id alone. Each click passes here, so that a right that has ended ends at once.
    """
    handlers = core.sio.handlers["/"]
    inner = {event: getattr(handlers[event], _INNER, handlers[event]) for event in _EVENTS}

    async def connect(sid: str, environ: dict[str, Any], *rest: Any) -> Any:
        asked = parse_qs(environ.get("QUERY_STRING", "")).get("client_id", [""])[0]
        if not _may_reach(desk, sid, asked):
            raise ConnectionRefusedError("This page is somebody else's.")
        return await inner["connect"](sid, environ, *rest)

    async def handshake(sid: str, data: dict[str, Any]) -> bool:
        return _may_reach(desk, sid, str(data.get("client_id"))) and bool(await inner["handshake"](sid, data))

    def event(sid: str, message: dict[str, Any]) -> None:
        if _may_reach(desk, sid, str(message.get("client_id"))):
            inner["event"](sid, message)

    def javascript_response(sid: str, message: dict[str, Any]) -> None:
        if _may_reach(desk, sid, str(message.get("client_id"))):
            inner["javascript_response"](sid, message)

    for guarded in (connect, handshake, event, javascript_response):
        setattr(guarded, _INNER, inner[guarded.__name__])  # so that nothing is guarded twice
        handlers[guarded.__name__] = guarded


def _may_reach(desk: Desk, sid: str, client_id: str) -> bool:
    """Whether this socket's browser is that of the page; a page whose person is signed out goes to the sign-in page."""
    client = Client.instances.get(client_id)
    person = AT.get(client) if client is not None else None
    if client is None or person is None:
        return True  # a page for everybody, or one that is gone: NiceGUI answers
    if not _is_same(person, sid):
        return False
    if desk.sessions.find(person.session) is None:
        with client:
            ui.navigate.to("/sign-in?said=signed_out_now")
        return False
    return True


def _is_same(person: Person, sid: str) -> bool:
    environ = core.sio.get_environ(sid) or {}
    shown = cookie_parser(environ.get("HTTP_COOKIE", "")).get(COOKIE, "")
    return secrets.compare_digest(shown.encode(), person.session.encode())
