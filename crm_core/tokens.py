"""Personal access tokens: what a program shows to act as a person, and how far it may go.

A token carries 256 random bits, so that its plain SHA-256 tells nothing; only that is kept.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from crm_core.access import Actor
from crm_core.db import ReadStore, Store
from crm_core.errors import Forbidden, Invalid, NotFound
from crm_core.ids import new_id
from crm_core.models import AccessToken, UserRole
from crm_core.schema import Schema
from crm_core.users import find_actor

PREFIX = "farley_"
LONGEST_DAYS = 366
_LONGEST_NAME = 100


class Right(StrEnum):
    """What a token may be used for, within what its person may do. None includes another."""

    READ = "read"  # records, questions, changes
    WRITE = "write"  # edits, imports, undo
    ASK = "ask"  # the copilot, proposals included
    APPROVE = "approve"  # decide on proposals
    ADMIN = "admin"  # webhooks; takes an administrator


@dataclass(frozen=True)
class Token:
    """A token without its secret.

    Attributes:
        id: of the token.
        user_id: as whom it acts.
        name: what it is for.
        rights: what it may be used for.
        created_at, expires_at: when it was made, and from when on it is worth nothing.
        revoked_at: when it was taken back.
    """

    id: int
    user_id: int
    name: str
    rights: frozenset[Right]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    def is_good(self, at: datetime) -> bool:
        """Whether it opens anything at that moment."""
        return self.revoked_at is None and at < self.expires_at


def create_token(
    store: Store, actor: Actor, *, name: str, rights: Iterable[Right], days: int, at: datetime | None = None
) -> tuple[Token, str]:
    """A new token for `actor`, and its secret, which nobody can look up later.

    Raises:
        Invalid: no name, no right, or a life that is too long.
        Forbidden: the admin right, for somebody who is no administrator.
    """
    at, wanted = at or datetime.now(UTC), sorted(set(rights))
    if not name.strip() or len(name) > _LONGEST_NAME or "\x00" in name:
        raise Invalid(f"Name what the token is for, in at most {_LONGEST_NAME} characters.", field="name")
    if not wanted:
        raise Invalid(f"Say what the token may do: {', '.join(Right)}.", field="rights")
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(f"A token lives 1 to {LONGEST_DAYS} days, not {days}.", field="days")
    if Right.ADMIN in wanted and actor.role is not UserRole.ADMIN:
        raise Forbidden("Only an administrator's token can have the admin right.")
    secret = PREFIX + secrets.token_urlsafe(32)
    row = {
        "id": new_id(), "user_id": actor.id, "name": name.strip(), "digest": _digest(secret),
        "scopes": [str(right) for right in wanted], "created_at": at, "expires_at": at + timedelta(days=days),
        "revoked_at": None,
    }  # fmt: skip
    with store.derive() as connection:
        connection.execute(insert(AccessToken), [row])
        made = connection.execute(_TOKENS.where(AccessToken.id == row["id"])).one()
    return _token(made), secret


def list_tokens(store: ReadStore, actor: Actor) -> tuple[Token, ...]:
    """The actor's tokens, an administrator's everybody's, the newest first."""
    query = _TOKENS.order_by(AccessToken.id.desc())
    if actor.role is not UserRole.ADMIN:
        query = query.where(AccessToken.user_id == actor.id)
    with store.read() as connection:
        return tuple(_token(row) for row in connection.execute(query))


def revoke_token(store: Store, token_id: int, *, actor: Actor, at: datetime | None = None) -> Token:
    """Take a token back, at once and for good.

    Raises:
        NotFound: there is none that the actor may take back.
    """
    found = next((one for one in list_tokens(store, actor) if one.id == token_id), None)
    if found is None:
        raise NotFound(f"There is no token {token_id}.")
    with store.derive() as connection:
        this = (AccessToken.id == token_id, AccessToken.revoked_at.is_(None))
        connection.execute(update(AccessToken).where(*this).values(revoked_at=at or datetime.now(UTC)))
    return found


@dataclass(frozen=True)
class Admitted:
    """The person behind a token, the token, and the store's registry when it was shown."""

    actor: Actor
    token: Token
    schema: Schema


class Doorman:
    """Tells who stands behind a token. A store's people are read once and again after each change of the store.

    Args:
        store: whose tokens.
    """

    def __init__(self, store: ReadStore) -> None:
        self._store = store
        self._known: tuple[int, dict[int, Actor | None]] = (-1, {})

    def admit(self, secret: str, *, at: datetime | None = None) -> Admitted | None:
        """Whom the token lets in; None where it is unknown, expired or revoked, or the person is not active."""
        with self._store.read() as connection:
            revision, schema = self._store.revised_schema_at(connection)
            row = connection.execute(_WITH_DIGEST, {"digest": _digest(secret)}).first()
        token = None if row is None else _token(row)
        if token is None or not token.is_good(at or datetime.now(UTC)):
            return None
        actor = self._actor(token.user_id, revision)
        return None if actor is None else Admitted(actor, token, schema)

    def _actor(self, user_id: int, revision: int) -> Actor | None:
        if self._known[0] != revision:
            self._known = (revision, {})
        people = self._known[1]
        if user_id not in people:
            people[user_id] = find_actor(self._store, user_id)
        return people[user_id]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


_TOKENS = select(
    AccessToken.id, AccessToken.user_id, AccessToken.name, AccessToken.scopes, AccessToken.created_at,
    AccessToken.expires_at, AccessToken.revoked_at,
)  # fmt: skip
_WITH_DIGEST = _TOKENS.where(AccessToken.digest == bindparam("digest"))
_RIGHTS = {str(right): right for right in Right}


def _token(row: Any) -> Token:
    rights = frozenset(_RIGHTS[one] for one in row.scopes if one in _RIGHTS)
    return Token(row.id, row.user_id, row.name, rights, row.created_at, row.expires_at, row.revoked_at)
