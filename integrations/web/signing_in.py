"""Signing in and out: plain forms, so that a browser keeps the passwords, guarded against other sites' requests."""

import logging
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from nicegui import app, ui

from crm_core.errors import CrmError
from crm_core.signing_in import (
    LONGEST,
    SESSION_LIFE,
    SHORTEST,
    Purpose,
    find_link,
    is_password,
    set_password,
    use_link,
)
from crm_core.users import actor_for, find_by_email, names_of
from integrations.rates import Rates
from integrations.web import oidc, text
from integrations.web.desk import Desk
from integrations.web.gate import CSRF
from integrations.web.people import COOKIE, asked_lang, find_person
from integrations.web.shell import as_liked, button, work
from integrations.web.words import say

_TOLD = ("sign_in_wrong", "sign_in_often", "sign_in_stale", "link_gone", "signed_out_now", "password_set",
         "oidc_away", "oidc_refused", "oidc_stranger")  # fmt: skip
log = logging.getLogger(__name__)

_FAULTS = ("passwords_differ", "password_length", "sign_in_stale")
_LOOPBACK = ("127.0.0.1", "::1", "testclient")


def add_signing_in(desk: Desk) -> None:
    """The addresses of signing in and out."""
    entrance = _Entrance(desk)
    ui.page("/sign-in")(entrance.show)
    ui.page("/set-password")(entrance.choose)
    _route("/sign-in/check", "POST", entrance.check)
    _route("/sign-in/link", "GET", entrance.follow)
    _route("/sign-in/oidc", "GET", entrance.leave_for_provider)
    _route("/sign-in/oidc/back", "GET", entrance.come_back)
    _route("/set-password/keep", "POST", entrance.keep)
    _route("/sign-out", "POST", entrance.leave)


class _Entrance:
    """What happens at those addresses."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._tries = desk, _Tries()

    def show(self, request: Request, said: str = "", to: str = "/") -> Response | None:
        """The form of name and password."""
        if find_person(self._desk, request) is not None:
            return RedirectResponse(_ours(to), 303)
        _sign_in_form(request, said, _ours(to), has_provider=self._desk.provider is not None)
        return None

    def choose(self, request: Request, key: str = "", said: str = "") -> Response | None:
        """The form of a new password."""
        user = find_link(self._desk.store, key, Purpose.SET_PASSWORD)
        if user is None:
            return _back("link_gone")
        _password_form(request, key, said, names_of(self._desk.store).get(user, "?"))
        return None

    async def check(self, request: Request) -> Response:
        """Name and password were sent."""
        form = await _form(request)
        if form is None:
            return _back("sign_in_stale")
        name, to = form.get("email", ""), form.get("to", "/")
        if not self._tries.may(name, request):
            return _back("sign_in_often", to=to)
        user = await work(_find, self._desk, name, form.get("password", ""))
        return _back("sign_in_wrong", to=to) if user is None else _let_in(self._desk, user, request, to)

    async def keep(self, request: Request) -> Response:
        """A new password was sent."""
        form = await _form(request)
        return _back("sign_in_stale") if form is None else await _set(self._desk, form)

    def follow(self, request: Request, key: str = "") -> Response:
        """A link that lets somebody in, from this machine alone."""
        is_near = request.client is not None and request.client.host in _LOOPBACK
        user = use_link(self._desk.store, key, Purpose.SIGN_IN) if is_near else None
        return _back("link_gone") if user is None else _let_in(self._desk, user, request, "/")

    async def leave_for_provider(self, request: Request) -> Response:
        """Off to the identity provider."""
        provider = self._desk.provider
        if provider is None:
            return _back("link_gone")
        try:
            url, kept = await work(provider.begin, self._address(request))
        except CrmError as error:
            log.warning("oidc: %s", error)
            return _back("oidc_away")
        gone = RedirectResponse(url, 303)
        gone.set_cookie(
            oidc.COOKIE, kept, max_age=oidc.COOKIE_LIFE_S, httponly=True, samesite="lax",
            secure=request.url.scheme == "https", path="/sign-in",
        )  # fmt: skip
        return gone

    async def come_back(self, request: Request, code: str = "", state: str = "") -> Response:
        """Back from the identity provider."""
        provider, kept = self._desk.provider, request.cookies.get(oidc.COOKIE, "")
        if provider is None or not code:
            return _back("oidc_refused")
        try:
            email = await work(provider.finish, self._address(request), code=code, state=state, kept=kept)
        except CrmError as error:
            log.warning("oidc: %s", error)
            return _back("oidc_refused")
        person = await work(find_by_email, self._desk.store, email)
        inside = _back("oidc_stranger") if person is None else _let_in(self._desk, person.id, request, "/")
        inside.delete_cookie(oidc.COOKIE, path="/sign-in")
        return inside

    def _address(self, request: Request) -> str:
        """Where the provider sends people back to."""
        base = self._desk.settings.url or str(request.base_url)
        return f"{base.rstrip('/')}/sign-in/oidc/back"

    def leave(self, request: Request) -> Response:
        """Sign out."""
        session = request.cookies.get(COOKIE)
        if session:
            self._desk.sessions.end(session)
        gone = _back("signed_out_now")
        gone.delete_cookie(COOKIE)
        return gone


class _Tries:
    """How often somebody may try: by person from one place, by person, and by place."""

    def __init__(self) -> None:
        self._here, self._person, self._place = Rates(5), Rates(30), Rates(20)

    def may(self, name: str, request: Request) -> bool:
        """Whether this try goes on."""
        host, name = request.client.host if request.client else "?", name.strip().casefold()[:200]
        waits = (self._here.wait_s(f"{host} {name}"), self._place.wait_s(host), self._person.wait_s(name))
        return not any(waits)


def _find(desk: Desk, name: str, password: str) -> int | None:
    """Whose address and password these are. Nobody's take as long."""
    try:
        user: int | None = actor_for(desk.store, name[:200]).id
    except CrmError:
        user = None
    return user if is_password(desk.store, user, password) else None


def _let_in(desk: Desk, user: int, request: Request, to: str) -> Response:
    old = request.cookies.get(COOKIE)
    if old:
        desk.sessions.end(old)
    inside = RedirectResponse(_ours(to), 303)
    inside.set_cookie(
        COOKIE, desk.sessions.open(user), max_age=int(SESSION_LIFE.total_seconds()), httponly=True, samesite="lax",
        secure=request.url.scheme == "https", path="/",
    )  # fmt: skip
    return inside


async def _set(desk: Desk, form: dict[str, str]) -> Response:
    """Keep the new password; the link is used up only then."""
    key, password = form.get("key", ""), form.get("password", "")
    if password != form.get("again"):
        return _again(key, "passwords_differ")
    if not SHORTEST <= len(password) <= LONGEST:
        return _again(key, "password_length")
    user = use_link(desk.store, key, Purpose.SET_PASSWORD)
    if user is None:
        return _back("link_gone")
    await work(set_password, desk.store, user, password)
    return _back("password_set")


async def _form(request: Request) -> dict[str, str] | None:
    """What was filled in; None unless it is a form of ours, which this browser was given."""
    given = await request.form(max_files=0, max_fields=10, max_part_size=4096)
    form = {name: value for name, value in given.items() if isinstance(value, str)}
    cookie = request.cookies.get(CSRF, "")
    return form if cookie and secrets.compare_digest(cookie.encode(), form.get("csrf", "").encode()) else None


def _sign_in_form(request: Request, said: str, to: str, *, has_provider: bool) -> None:
    lang = asked_lang(request)
    with _form_page(request, say("sign_in", lang), "/sign-in/check", say("sign_in_note", lang)):
        if said in _TOLD:
            text.words("p", say(said, lang), "form-said").props("role=alert")
        _hidden("to", to)
        _field("email", say("email", lang), "username", is_first=True)
        _field("password", say("password", lang), "current-password", is_secret=True)
        button(say("sign_in", lang), kind="primary full-width").props("type=submit")
        if has_provider:
            text.link(say("oidc", lang), "/sign-in/oidc", "button-link centered")


def _password_form(request: Request, key: str, said: str, name: str) -> None:
    lang = asked_lang(request)
    note = say("set_password_note", lang, name=name)
    with _form_page(request, say("set_password", lang), "/set-password/keep", note):
        if said in _FAULTS:
            text.words("p", say(said, lang), "form-said").props("role=alert")
        _hidden("key", key)
        _field("password", say("password", lang), "new-password", is_secret=True, is_first=True)
        _field("again", say("password_again", lang), "new-password", is_secret=True)
        button(say("save", lang), kind="primary full-width").props("type=submit")


def _form_page(request: Request, title: str, action: str, note: str) -> ui.element:
    """A page with one form; gives the form."""
    as_liked(asked_lang(request), "")
    ui.page_title(f"{title} · Farley")
    with ui.element("main").classes("form-page"), ui.element("div").classes("form-card"):
        text.words("h1", "Farley", "brand")
        text.words("p", note, "muted")
        with ui.element("form").props(f"method=post action={action}") as form:
            _hidden("csrf", _csrf(request))
    return form


def _csrf(request: Request) -> str:
    """What the form shows again; it is set as a cookie where the browser has none."""
    known = request.cookies.get(CSRF)
    return known or str(getattr(request.state, "csrf", ""))


def _field(name: str, label: str, autocomplete: str, *, is_secret: bool = False, is_first: bool = False) -> None:
    field = ui.input(label, password=is_secret).props("outlined dense").classes("full-width")
    field.props["name"] = name
    field.props["autocomplete"] = autocomplete
    if is_first:
        field.props["autofocus"] = True


def _hidden(name: str, value: str) -> None:
    field = ui.element("input").props("type=hidden")
    field.props["name"], field.props["value"] = name, value


def _ours(path: str) -> str:
    """`path` if it is one of our pages; the first page otherwise."""
    told = urlsplit(path)
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and not told.scheme and not told.netloc
    return path if is_ours and path.isprintable() and "\\" not in path else "/"


def _back(said: str, *, to: str = "/") -> Response:
    to = _ours(to)
    return RedirectResponse(f"/sign-in?said={said}" + (f"&to={quote(to)}" if to != "/" else ""), 303)


def _again(key: str, said: str) -> Response:
    return RedirectResponse(f"/set-password?key={quote(key)}&said={said}", 303)


def _route(path: str, method: str, run: Callable[..., Any]) -> None:
    app.remove_route(path)
    app.add_api_route(path, run, methods=[method], include_in_schema=False, response_class=Response)
