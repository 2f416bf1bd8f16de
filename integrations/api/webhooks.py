"""Webhooks: registering addresses that hear of changes, and looking at what did not arrive. For administrators."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from integrations.api.answers import answer
from integrations.api.bodies import answered
from integrations.api.caller import PREFIX, Admin
from integrations.api.contract import a_list, an_object
from integrations.api.once import Key, once
from integrations.api.problems import RESPONSES
from integrations.webhooks import hooks

HookId = Annotated[int, Path(ge=1, le=2**53 - 1, description="Of the webhook.")]
DeliveryId = Annotated[int, Path(ge=1, le=2**53 - 1, description="Of the delivery.")]
_TEXT, _MAYBE = {"type": "string"}, {"type": ["string", "null"]}
_HOOK = {"id": {"type": "integer"}, "url": _TEXT, "kinds": a_list(_TEXT), "created_at": _TEXT, "disabled": _MAYBE}
_SHOWN = an_object(**_HOOK)
_MADE = an_object(**_HOOK, secret=_TEXT)
_DELIVERY = an_object(
    id={"type": "integer"}, change_set_id=_TEXT, state=_TEXT, tries={"type": "integer"}, made_at=_TEXT, next_at=_TEXT,
    answer=_MAYBE,
)  # fmt: skip


class Registration(BaseModel):
    """Who wants to hear."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(min_length=8, max_length=2000, description="Where to post: https.")
    kinds: list[str] = Field([], max_length=30, description="Of records, such as deal; none: all.")


def add_webhooks(app: FastAPI) -> None:
    """The addresses of webhooks."""
    every = f"{PREFIX}/webhooks"
    one = every + "/{webhook_id:int}"
    again = one + "/deliveries/{delivery_id:int}/resend"
    for method, path, run, status, shape, said in (
        ("GET", every, list_webhooks, 200, an_object(items=a_list(_SHOWN)), "List webhooks"),
        ("POST", every, create_webhook, 201, _MADE, "Register a webhook"),
        ("DELETE", one, delete_webhook, 204, None, "Delete a webhook"),
        ("GET", one + "/deliveries", list_deliveries, 200, an_object(items=a_list(_DELIVERY)), "List deliveries"),
        ("POST", again, resend_delivery, 200, _DELIVERY, "Send a delivery again"),
    ):
        told: dict[int | str, Any] = {} if shape is None else {status: answered(shape, said + ".")}
        app.add_api_route(
            path, run, methods=[method], tags=["webhooks"], operation_id=run.__name__, summary=said,
            status_code=status, responses={**RESPONSES, **told},
        )  # fmt: skip


def list_webhooks(caller: Admin) -> Response:
    """All of them, without their secrets."""
    return answer({"items": [_shown(one) for one in hooks.list_hooks(caller.store, caller.actor)]})


def create_webhook(request: Request, caller: Admin, registration: Registration, key: Key = None) -> Response:
    """It hears of what is applied from now on. The secret, which signs each message, is shown this once."""

    def work(_: str) -> Response:
        is_private = caller.api.webhooks_may_be_private
        made, secret = hooks.create_hook(
            caller.store, registration.url, registration.kinds, actor=caller.actor, may_be_private=is_private
        )  # fmt: skip
        return answer({**_shown(made), "secret": secret}, 201)

    return once(request, caller, key, work)


def delete_webhook(caller: Admin, webhook_id: HookId) -> Response:
    """It hears nothing more, and what waits for it is dropped."""
    hooks.delete_hook(caller.store, webhook_id, actor=caller.actor)
    return Response(status_code=204)


def list_deliveries(
    caller: Admin,
    webhook_id: HookId,
    state: Annotated[Literal["waiting", "delivered", "dead"] | None, Query(description="Only these.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="How many.")] = 50,
) -> Response:
    """The newest first; the dead ones were given up after a day of tries."""
    found = hooks.list_deliveries(caller.store, webhook_id, actor=caller.actor, state=state, limit=limit)
    return answer({"items": [_delivered(one) for one in found]})


def resend_delivery(caller: Admin, webhook_id: HookId, delivery_id: DeliveryId) -> Response:
    """A dead delivery is tried anew, a webhook that was disabled is heard again."""
    return answer(_delivered(hooks.resend(caller.store, webhook_id, delivery_id, actor=caller.actor)))


def _shown(one: hooks.Hook) -> dict[str, Any]:
    return {**asdict(one), "kinds": list(one.kinds), "created_at": one.created_at.isoformat()}


def _delivered(one: hooks.Delivery) -> dict[str, Any]:
    return {**asdict(one), "made_at": one.made_at.isoformat(), "next_at": one.next_at.isoformat()}
