"""Who is at the web page: passwords, sessions, and links that are good once.

A session is good while its person is active. It ends with a new password, so whoever knew the old one is out.
"""

import hashlib
import secrets
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, insert, select, update

from crm_core.access import Actor
from crm_core.db import Store
from crm_core.errors import Forbidden, Invalid
from crm_core.models import UserRole, WebLink, WebSession, WebUser
from crm_core.users import find_actor

SESSION_LIFE = timedelta(days=7)
SHORTEST, LONGEST = 10, 200  # characters of a password
LANGUAGES, THEMES = ("en", "zh"), ("light", "dark", "")  # "": as the browser prefers
_hashing = threading.Semaphore(2)  # one takes 64 MiB


class Purpose(StrEnum):
    """What a link is good for."""

    SIGN_IN = "sign_in"
    SET_PASSWORD = "set_password"


LINK_LIVES = {Purpose.SIGN_IN: timedelta(minutes=15), Purpose.SET_PASSWORD: timedelta(days=3)}


@dataclass(frozen=True)
class SignedIn:
    """Somebody who is signed in.

    Attributes:
        actor: who.
        lang: of the page that they chose; None: none.
        theme: that they chose; None: none.
    """

    actor: Actor
    lang: str | None
    theme: str | None


def set_password(store: Store, user_id: int, password: str) -> None:
    """Give somebody a password, in the place of an earlier one, and end their sessions.

    Raises:
        Invalid: it is too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(f"A password has {SHORTEST} to {LONGEST} characters.", field="password")
    from argon2 import PasswordHasher

    with _hashing:
        hashed = PasswordHasher().hash(password.encode("utf-8", "replace"))
    with store.derive() as connection:
        _keep(connection, user_id, password=hashed)
        connection.execute(delete(WebSession).where(WebSession.user_id == user_id))


def remove_password(store: Store, user_id: int) -> None:
    """Take somebody's password away, and end their sessions."""
    with store.derive() as connection:
        _keep(connection, user_id, password=None)
        connection.execute(delete(WebSession).where(WebSession.user_id == user_id))


def has_password(store: Store, user_ids: list[int]) -> set[int]:
    """Those of the users who have one."""
    wanted = select(WebUser.user_id).where(WebUser.user_id.in_(user_ids), WebUser.password.is_not(None))
    with store.read() as connection:
        return set(connection.execute(wanted).scalars())


def is_password(store: Store, user_id: int | None, password: str) -> bool:
    """Whether it is theirs. For nobody, and for somebody without one, it takes as long and is False."""
    from argon2 import PasswordHasher
    from argon2.exceptions import Argon2Error, InvalidHashError

    wanted = select(WebUser.password).where(WebUser.user_id == user_id)
    with store.read() as connection:
        kept = connection.execute(wanted).scalar() if user_id is not None else None
    try:
        with _hashing:
            return PasswordHasher().verify(kept or _NOBODYS, password[:LONGEST].encode("utf-8", "replace"))
    except (Argon2Error, InvalidHashError):
        return False


# of a password that nobody knows
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$CAmleOGHM/Q4uftI8eRV5A$z1dCMYXVIQYFica69gXEMPgyKLJzpgR0CYhG4kjr6Y8"


def set_preferences(store: Store, user_id: int, **chosen: str) -> None:
    """Remember how somebody likes the page: `lang`, `theme`."""
    known = {"lang": LANGUAGES, "theme": THEMES}
    if any(value not in known.get(name, ()) for name, value in chosen.items()):
        raise Invalid("The page speaks English and Chinese, and is light or dark.")
    with store.derive() as connection:
        _keep(connection, user_id, **chosen)


def make_link(store: Store, user_id: int, purpose: Purpose, *, by: Actor, at: datetime | None = None) -> str:
    """The key of a link that is good once, for a while.

    Raises:
        Forbidden: `by` is neither that person nor an administrator.
    """
    if by.id != user_id and by.role is not UserRole.ADMIN:
        raise Forbidden("Only an administrator lets somebody else in.")
    key, now = secrets.token_urlsafe(32), at or datetime.now(UTC)
    row = {"digest": _digest(key), "user_id": user_id, "purpose": purpose, "expires_at": now + LINK_LIVES[purpose]}
    with store.derive() as connection:
        connection.execute(delete(WebLink).where(WebLink.expires_at <= now))
        connection.execute(insert(WebLink), [row])
    return key


def find_link(store: Store, key: str, purpose: Purpose, *, at: datetime | None = None) -> int | None:
    """Whose link it is, without using it; None where it is good for nothing."""
    with store.read() as connection:
        found = connection.execute(select(WebLink.user_id).where(*_good(key, purpose, at))).scalar()
    return None if found is None or find_actor(store, found) is None else int(found)


def use_link(store: Store, key: str, purpose: Purpose, *, at: datetime | None = None) -> int | None:
    """Whose link it was; it is good for nothing from now on, also for whoever uses it at the same moment."""
    user_id = find_link(store, key, purpose, at=at)
    if user_id is None:
        return None
    with store.derive() as connection:
        gone = connection.execute(delete(WebLink).where(*_good(key, purpose, at)))
    return user_id if gone.rowcount == 1 else None


class Sessions:
    """Who is signed in. A store's people are read once and again after each change of the store.

    Args:
        store: whose people.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: tuple[int, dict[int, Actor | None]] = (-1, {})

    def open(self, user_id: int, *, at: datetime | None = None) -> str:
        """Sign somebody in; gives what their browser shows from now on."""
        key, now = secrets.token_urlsafe(32), at or datetime.now(UTC)
        row = {"digest": _digest(key), "user_id": user_id, "made_at": now, "expires_at": now + SESSION_LIFE}
        with self._store.derive() as connection:
            connection.execute(delete(WebSession).where(WebSession.expires_at <= now))
            connection.execute(insert(WebSession), [row])
        return key

    def find(self, key: str, *, at: datetime | None = None) -> SignedIn | None:
        """Who shows this; None where nobody is signed in with it, or the person is not active."""
        now = at or datetime.now(UTC)
        revision = self._store.revision
        with self._store.read() as connection:
            row = connection.execute(_SESSION.where(WebSession.digest == _digest(key))).first()
        if row is None or row.expires_at <= now:
            return None
        actor = self._actor(row.user_id, revision)
        return None if actor is None else SignedIn(actor, row.lang, row.theme)

    def end(self, key: str) -> None:
        """Sign out."""
        with self._store.derive() as connection:
            connection.execute(delete(WebSession).where(WebSession.digest == _digest(key)))

    def _actor(self, user_id: int, revision: int) -> Actor | None:
        if self._known[0] != revision:
            self._known = (revision, {})
        people = self._known[1]
        if user_id not in people:
            people[user_id] = find_actor(self._store, user_id)
        return people[user_id]


_SESSION = select(WebSession.user_id, WebSession.expires_at, WebUser.lang, WebUser.theme).join(
    WebUser, WebUser.user_id == WebSession.user_id, isouter=True
)


def _keep(connection: Any, user_id: int, **values: str | None) -> None:
    changed = connection.execute(update(WebUser).where(WebUser.user_id == user_id).values(**values))
    if not changed.rowcount:
        row = {"user_id": user_id, "password": None, "lang": None, "theme": None, **values}
        connection.execute(insert(WebUser), [row])


def _good(key: str, purpose: Purpose, at: datetime | None) -> tuple[Any, ...]:
    now = at or datetime.now(UTC)
    return WebLink.digest == _digest(key), WebLink.purpose == purpose, WebLink.expires_at > now


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
