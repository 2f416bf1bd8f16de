"""Webhooks: registering addresses that hear of changes, and looking at what did not arrive. For administrators."""

import secrets
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row, delete, func, insert, select, update

from crm_core.errors import Conflict, NotFound
from crm_core.ids import new_id
from crm_core.models import OutboxRow, Webhook, WebhookDelivery
from integrations.api.answers import answer
from integrations.api.bodies import answered
from integrations.api.caller import PREFIX, Admin
from integrations.api.contract import a_list, an_object
from integrations.api.once import Key, once
from integrations.api.problems import RESPONSES
from integrations.api.webhooks_post import check_url
from integrations.api.webhooks_send import DEAD, WAITING

MOST = 50
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
    with caller.store.read() as connection:
        rows = connection.execute(select(Webhook.__table__).order_by(Webhook.id)).all()
    return answer({"items": [_shown(row) for row in rows]})


def create_webhook(request: Request, caller: Admin, registration: Registration, key: Key = None) -> Response:
    """It hears of what is applied from now on. The secret, which signs each message, is shown this once."""

    def work(_: str) -> Response:
        check_url(registration.url, may_be_private=caller.api.webhooks_may_be_private)
        for kind in registration.kinds:
            caller.store.schema.entity(kind)
        secret = "whsec_" + secrets.token_urlsafe(32)
        with caller.store.derive() as connection:
            if (connection.execute(select(func.count()).select_from(Webhook)).scalar() or 0) >= MOST:
                raise Conflict(f"There are {MOST} webhooks already; delete one first.")
            row = {
                "id": new_id(), "url": registration.url, "secret": secret, "kinds": sorted(set(registration.kinds)),
                "created_by_id": caller.actor.id, "created_at": datetime.now(UTC), "disabled": None,
                "seq": connection.execute(select(func.coalesce(func.max(OutboxRow.seq), 0))).scalar_one(),
            }  # fmt: skip
            connection.execute(insert(Webhook), [row])
            made = connection.execute(select(Webhook.__table__).where(Webhook.id == row["id"])).one()
        return answer({**_shown(made), "secret": secret}, 201)

    return once(request, caller, key, work)


def delete_webhook(caller: Admin, webhook_id: HookId) -> Response:
    """It hears nothing more, and what waits for it is dropped."""
    with caller.store.derive() as connection:
        gone = connection.execute(delete(Webhook).where(Webhook.id == webhook_id))
        connection.execute(delete(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id))
    if not gone.rowcount:
        raise NotFound("There is no such webhook.")
    return Response(status_code=204)


def list_deliveries(
    caller: Admin,
    webhook_id: HookId,
    state: Annotated[Literal["waiting", "delivered", "dead"] | None, Query(description="Only these.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="How many.")] = 50,
) -> Response:
    """The newest first; the dead ones were given up after a day of tries."""
    query = select(WebhookDelivery.__table__).where(WebhookDelivery.webhook_id == webhook_id)
    if state is not None:
        query = query.where(WebhookDelivery.state == state)
    with caller.store.read() as connection:
        if connection.execute(select(Webhook.id).where(Webhook.id == webhook_id)).first() is None:
            raise NotFound("There is no such webhook.")
        rows = connection.execute(query.order_by(WebhookDelivery.id.desc()).limit(limit)).all()
    return answer({"items": [_delivered(row) for row in rows]})


def resend_delivery(caller: Admin, webhook_id: HookId, delivery_id: DeliveryId) -> Response:
    """A dead delivery is tried anew, a webhook that was disabled is heard again."""
    this = (WebhookDelivery.id == delivery_id, WebhookDelivery.webhook_id == webhook_id)
    with caller.store.derive() as connection:
        found = connection.execute(select(WebhookDelivery.__table__).where(*this).with_for_update()).first()
        if found is None:
            raise NotFound("There is no such delivery.")
        if found.state != DEAD:
            raise Conflict(f"This delivery is {found.state}, not dead.")
        anew = {"state": WAITING, "tries": 0, "next_at": datetime.now(UTC)}
        connection.execute(update(WebhookDelivery).where(*this).values(anew))
        connection.execute(update(Webhook).where(Webhook.id == webhook_id).values(disabled=None))
        row = connection.execute(select(WebhookDelivery.__table__).where(*this)).one()
    return answer(_delivered(row))


def _shown(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id, "url": row.url, "kinds": row.kinds, "created_at": row.created_at.isoformat(),
        "disabled": row.disabled,
    }  # fmt: skip


def _delivered(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id, "change_set_id": row.change_set_id, "state": row.state, "tries": row.tries,
        "made_at": row.made_at.isoformat(), "next_at": row.next_at.isoformat(), "answer": row.answer,
    }  # fmt: skip
