"""Idempotency-Key: a request that is sent again is answered as the first time, and has its effect once.

A key is claimed before the work begins. Where the process dies in between, the next try takes the key over, and finds
what was done by the change set's id, which is made of token and key.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID, uuid4, uuid5

from fastapi import Header, Request, Response
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException

from crm_core.models import RequestKey
from integrations.api.caller import Caller

KEPT = timedelta(hours=24)
DEAD_AFTER = timedelta(minutes=2)
_SPACE = UUID("5f3c2a54-7d0e-4a35-9a3c-2f6a6f1c7c11")
_KEPT_HEADERS = ("etag", "location", "content-type")

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern="^[!-~]+$",
        description="Any text of your own: sent again with it, the request has its effect once (kept for 24 hours).",
    ),
]


@dataclass(frozen=True)
class _Claim:
    caller: Caller
    key: str
    request: str

    @property
    def change_set_id(self) -> str:
        """The same for each try."""
        return str(uuid5(_SPACE, f"{self.caller.token.id}/{self.key}/{self.request}"))


def once(request: Request, caller: Caller, key: str | None, work: Callable[[str], Response]) -> Response:
    """Do `work` once for this key, or give back what was answered.

    Args:
        request: as it came.
        caller: whose keys these are.
        key: None: nothing is kept.
        work: is given the id for its change set; what it raises is not kept, for then nothing was changed.

    Raises:
        HTTPException: 409 while the same request is worked on, 422 where the key stood for another one.
    """
    if key is None:
        return work(str(uuid4()))
    claim = _Claim(caller, key, _digest(request))
    try:
        kept = _begin(claim, datetime.now(UTC))
    except IntegrityError:  # claimed by another server in this very moment
        raise _busy() from None
    if kept is not None:
        return kept
    try:
        done = work(claim.change_set_id)
    except BaseException:
        with caller.store.derive() as connection:
            connection.execute(delete(RequestKey).where(*_this(claim)))
        raise
    _keep(claim, done)
    return done


def _digest(request: Request) -> str:
    address = f"{request.method} {request.url.path}?{request.url.query} {request.headers.get('if-match', '')}\n"
    return hashlib.sha256(address.encode() + request.state.body).hexdigest()


def _this(claim: _Claim) -> tuple[Any, ...]:
    return RequestKey.token_id == claim.caller.token.id, RequestKey.key == claim.key


def _begin(claim: _Claim, at: datetime) -> Response | None:
    with claim.caller.store.derive() as connection:
        connection.execute(delete(RequestKey).where(RequestKey.at < at - KEPT))
        found = connection.execute(select(RequestKey.__table__).where(*_this(claim)).with_for_update()).first()
        if found is None:
            _claim(connection, claim, at)
            return None
        if found.request != claim.request:
            raise HTTPException(422, "This Idempotency-Key stood for another request; use a new one.")
        if found.status is None and found.at > at - DEAD_AFTER:
            raise _busy()
        if found.status is None:
            connection.execute(update(RequestKey).where(*_this(claim)).values(at=at))
            return None
    headers = {**found.headers, "Idempotency-Replayed": "true"}
    return Response(found.body or None, found.status, headers=headers)


def _busy() -> HTTPException:
    return HTTPException(409, "The same request is being worked on.", {"Retry-After": "2"})


def _claim(connection: Connection, claim: _Claim, at: datetime) -> None:
    row = {"token_id": claim.caller.token.id, "key": claim.key, "request": claim.request, "at": at}
    connection.execute(insert(RequestKey), [{**row, "status": None, "headers": None, "body": None}])


def _keep(claim: _Claim, done: Response) -> None:
    headers = {name: done.headers[name] for name in _KEPT_HEADERS if name in done.headers}
    kept = {"status": done.status_code, "headers": headers, "body": bytes(done.body).decode()}
    with claim.caller.store.derive() as connection:
        connection.execute(update(RequestKey).where(*_this(claim)).values(**kept))
