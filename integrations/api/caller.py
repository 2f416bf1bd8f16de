"""Who calls, and whether their token is good for it. The actor comes from the token, on each request anew."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from copilot.agent import Copilot
from crm_core.access import Actor
from crm_core.db import Store
from crm_core.models import UserRole
from crm_core.schema import Schema
from crm_core.tokens import Admitted, Doorman, Right, Token
from integrations.rates import Rates

DOOR = "api"
PREFIX = "/api"
STRANGERS_PER_MINUTE = 60  # requests with no good token, from one address


@dataclass(frozen=True)
class Api:
    """What the endpoints stand on.

    Attributes:
        copilot: answers.
        store: of the company.
        doorman: tells who stands behind a token.
        rates: of good tokens.
        strangers: of addresses that show none.
        today: the day that it is.
        webhooks_may_be_private: they may lead to machines of this network.
    """

    copilot: Copilot
    store: Store
    doorman: Doorman
    rates: Rates
    strangers: Rates
    today: Callable[[], date]
    webhooks_may_be_private: bool = False


@dataclass(frozen=True)
class Caller:
    """The person and the token behind a request, the registry as it was then, and what the endpoints stand on."""

    actor: Actor
    token: Token
    schema: Schema
    api: Api

    @property
    def store(self) -> Store:
        """Of the company."""
        return self.api.store


_bearer = HTTPBearer(auto_error=False, description="A personal access token: `farley token create`.")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def with_right(right: Right) -> Callable[..., Caller]:
    """A dependency that gives the caller, if their token has this right.

    Raises:
        HTTPException: 401 without a good token, 403 without the right, 429 for too many requests.
    """

    def admitted(request: Request, shown: Credentials) -> Caller:
        api: Api = request.app.state.api
        host = request.client.host if request.client else "?"
        found = admit(api, shown.credentials if shown else None, host=host)
        request.state.token = found.token.id
        if right not in found.token.rights:
            raise HTTPException(403, f"This token lacks the right {right!r}.")
        if right is Right.ADMIN and found.actor.role is not UserRole.ADMIN:
            raise HTTPException(403, "This takes an administrator.")
        return Caller(found.actor, found.token, found.schema, api)

    admitted.right = right  # type: ignore[attr-defined]  # read by the test that every route asks for one
    return admitted


def admit(api: Api, secret: str | None, *, host: str) -> Admitted:
    """The person behind a token, who made not too many requests.

    Args:
        api: what the endpoints stand on.
        secret: the token, if one was shown.
        host: the caller's address.

    Raises:
        HTTPException: 401 without a good token, 429 for too many requests.
    """
    found = api.doorman.admit(secret) if secret else None
    if found is None:
        _within(api.strangers, host)
        raise HTTPException(401, "Show a good access token: `Authorization: Bearer farley_…`.", _CHALLENGE)
    _within(api.rates, str(found.token.id))
    return found


_CHALLENGE = {"WWW-Authenticate": "Bearer"}


def _within(rates: Rates, name: str) -> None:
    wait_s = rates.wait_s(name)
    if wait_s:
        raise HTTPException(429, "Too many requests; wait a little.", {"Retry-After": str(max(1, round(wait_s + 0.5)))})


Reader = Annotated[Caller, Depends(with_right(Right.READ))]
Writer = Annotated[Caller, Depends(with_right(Right.WRITE))]
Asker = Annotated[Caller, Depends(with_right(Right.ASK))]
Approver = Annotated[Caller, Depends(with_right(Right.APPROVE))]
Admin = Annotated[Caller, Depends(with_right(Right.ADMIN))]
