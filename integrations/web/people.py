"""Who is at a page: looked up anew for each request and for each click."""

from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from starlette.requests import HTTPConnection

from copilot.context import Lang
from copilot.refusals import translate
from crm_core.access import Actor
from crm_core.errors import Forbidden
from crm_core.signing_in import SignedIn
from integrations.web.desk import Desk
from integrations.web.words import say

COOKIE = "farley_session"


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in, for the life of one page.

    Attributes:
        desk: what the page stands on.
        session: what their browser shows.
        lang: of the page.
        theme: light, dark, or "" for what the browser prefers.
    """

    desk: Desk
    session: str = field(repr=False)
    lang: Lang
    theme: str

    @property
    def actor(self) -> Actor:
        """The person with the rights that they have now.

        Raises:
            Forbidden: they are signed out, or no longer active.
        """
        found = self.desk.sessions.find(self.session)
        if found is None:
            raise Forbidden(self.say("signed_out"))
        return found.actor

    def say(self, key: str, **values: object) -> str:
        """Words of the page in their language."""
        return say(key, self.lang, **values)

    def told(self, what: object) -> str:
        """An error or a reason of the core in their language."""
        return translate(what, self.lang)


def find_person(desk: Desk, request: HTTPConnection) -> Person | None:
    """The person of a request; None where nobody is signed in."""
    session = request.cookies.get(COOKIE)
    found = desk.sessions.find(session) if session else None
    if session is None or found is None:
        return None
    return Person(desk, session, _lang(found, request), found.theme or "")


def asked_lang(request: HTTPConnection) -> Lang:
    """The language that the browser asks for."""
    return "zh" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"


def _lang(found: SignedIn, request: HTTPConnection) -> Lang:
    if found.lang is None:
        return asked_lang(request)
    return "zh" if found.lang == "zh" else "en"


AT: "WeakKeyDictionary[Any, Person]" = WeakKeyDictionary()  # whose page each of NiceGUI's clients is
