"""Registering addresses, and looking at what did not arrive. Every verb takes an administrator."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from crm_core.access import Actor
from crm_core.db import Store
from crm_core.errors import Conflict, Forbidden, NotFound
from crm_core.ids import new_id
from crm_core.models import OutboxRow, UserRole, Webhook, WebhookDelivery
from integrations.webhooks.post import check_url
from integrations.webhooks.send import DEAD, WAITING

MOST = 50


@dataclass(frozen=True)
class Hook:
    """A webhook without its secret; `disabled` says why it hears nothing any more."""

    id: int
    url: str
    kinds: tuple[str, ...]
    created_at: datetime
    disabled: str | None


@dataclass(frozen=True)
class Delivery:
    """A change set on its way to a webhook; `answer` is what the other side said last."""

    id: int
    change_set_id: str
    state: str
    tries: int
    made_at: datetime
    next_at: datetime
    answer: str | None


def list_hooks(store: Store, actor: Actor) -> tuple[Hook, ...]:
    """All of them."""
    _check(actor)
    with store.read() as connection:
        return tuple(map(_hook, connection.execute(select(Webhook.__table__).order_by(Webhook.id))))


def create_hook(
    store: Store, url: str, kinds: Iterable[str] = (), *, actor: Actor, may_be_private: bool
) -> tuple[Hook, str]:
    """It hears of what is applied from now on; with its secret, which signs each message and is told this once.

    Args:
        store: of the company.
        url: where to post.
        kinds: of records; none: all.
        actor: an administrator.
        may_be_private: it may lead to a machine of this network.

    Raises:
        Invalid: no such address or kind.
        Conflict: there are too many.
        Forbidden: the actor is no administrator.
    """
    _check(actor)
    check_url(url, may_be_private=may_be_private)
    kinds = sorted({store.schema.entity(kind).name for kind in kinds})
    secret = "whsec_" + secrets.token_urlsafe(32)
    with store.derive() as connection:
        if (connection.execute(select(func.count()).select_from(Webhook)).scalar() or 0) >= MOST:
            raise Conflict(f"There are {MOST} webhooks already; delete one first.")
        row = {
            "id": new_id(), "url": url, "secret": secret, "kinds": kinds, "created_by_id": actor.id,
            "created_at": datetime.now(UTC), "disabled": None,
            "seq": connection.execute(select(func.coalesce(func.max(OutboxRow.seq), 0))).scalar_one(),
        }  # fmt: skip
        connection.execute(insert(Webhook), [row])
        made = connection.execute(select(Webhook.__table__).where(Webhook.id == row["id"])).one()
    return _hook(made), secret


def delete_hook(store: Store, hook_id: int, *, actor: Actor) -> None:
    """It hears nothing more, and what waits for it is dropped.

    Raises:
        NotFound: there is none.
        Forbidden: the actor is no administrator.
    """
    _check(actor)
    with store.derive() as connection:
        gone = connection.execute(delete(Webhook).where(Webhook.id == hook_id))
        connection.execute(delete(WebhookDelivery).where(WebhookDelivery.webhook_id == hook_id))
    if not gone.rowcount:
        raise NotFound("There is no such webhook.")


def list_deliveries(
    store: Store, hook_id: int, *, actor: Actor, state: str | None = None, limit: int = 50
) -> tuple[Delivery, ...]:
    """The newest first; the dead ones were given up after a day of tries.

    Raises:
        NotFound, Forbidden: as for `delete_hook`.
    """
    _check(actor)
    query = select(WebhookDelivery.__table__).where(WebhookDelivery.webhook_id == hook_id)
    if state is not None:
        query = query.where(WebhookDelivery.state == state)
    with store.read() as connection:
        if connection.execute(select(Webhook.id).where(Webhook.id == hook_id)).first() is None:
            raise NotFound("There is no such webhook.")
        rows = connection.execute(query.order_by(WebhookDelivery.id.desc()).limit(limit))
        return tuple(map(_delivery, rows))


def resend(store: Store, hook_id: int, delivery_id: int, *, actor: Actor) -> Delivery:
    """A dead delivery is tried anew, a webhook that was disabled is heard again.

    Raises:
        NotFound: there is none.
        Conflict: it is not dead.
        Forbidden: the actor is no administrator.
    """
    _check(actor)
    this = (WebhookDelivery.id == delivery_id, WebhookDelivery.webhook_id == hook_id)
    with store.derive() as connection:
        found = connection.execute(select(WebhookDelivery.__table__).where(*this).with_for_update()).first()
        if found is None:
            raise NotFound("There is no such delivery.")
        if found.state != DEAD:
            raise Conflict(f"This delivery is {found.state}, not dead.")
        anew = {"state": WAITING, "tries": 0, "next_at": datetime.now(UTC)}
        connection.execute(update(WebhookDelivery).where(*this).values(anew))
        connection.execute(update(Webhook).where(Webhook.id == hook_id).values(disabled=None))
        return _delivery(connection.execute(select(WebhookDelivery.__table__).where(*this)).one())


def _check(actor: Actor) -> None:
    if actor.role is not UserRole.ADMIN:
        raise Forbidden("Webhooks take an administrator.")


def _hook(row: Row[Any]) -> Hook:
    return Hook(row.id, row.url, tuple(row.kinds), row.created_at, row.disabled)


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(row.id, row.change_set_id, row.state, row.tries, row.made_at, row.next_at, row.answer)
