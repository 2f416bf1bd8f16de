"""Telling webhooks of applied change sets: each of the outbox goes to each webhook, again and again until it is taken.

A delivery is put down in the transaction that moves the webhook's place in the outbox, and is leased while it is sent:
a crash tells it again rather than not at all, under the same id.
"""

import json
import logging
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from crm_core.changes.history import find_head, read_changes
from crm_core.db import Store
from crm_core.errors import Unavailable
from crm_core.ids import new_id
from crm_core.models import ChangeRow, OutboxRow, Webhook, WebhookDelivery
from integrations.webhooks.post import Answered, post

log = logging.getLogger(__name__)

WAITING, DELIVERED, DEAD = "waiting", "delivered", "dead"
BACK_OFF = tuple(timedelta(minutes=m) for m in (0.5, 2, 10, 30, 120, 360, 960))  # 8 tries in about a day
MOST_RECORDS = 1000  # named in one message
_LEASE = timedelta(minutes=2)
_AT_ONCE, _SETS = 8, 200


def tell_webhooks(store: Store, *, at: datetime | None = None, may_be_private: bool = False) -> int:
    """Put down what is new and send what is due; gives how many were sent."""
    at = at or datetime.now(UTC)
    put_down(store, at)
    due = _claim(store, at)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(lambda one: _send(store, one, at, may_be_private), due))
    for one, answered in zip(due, answers, strict=True):
        _note(store, one, answered, at)
    return len(due)


def run_webhooks(store: Store, ends: threading.Event, *, may_be_private: bool, every_s: float = 2.0) -> None:
    """Tell webhooks until `ends` is set."""
    while not ends.wait(every_s):
        try:
            tell_webhooks(store, may_be_private=may_be_private)
        except Unavailable as error:
            log.warning("webhooks wait: %s", error)
        except Exception:  # the edge of this thread: one bad row must not silence the rest for good
            log.exception("webhooks failed")


def put_down(store: Store, at: datetime) -> None:
    """Deliveries for what was applied since; a webhook that was disabled misses it."""
    with store.read() as connection:
        newest = connection.execute(select(OutboxRow.seq).order_by(OutboxRow.seq.desc()).limit(1)).scalar() or 0
        behind = connection.execute(select(Webhook.id).where(Webhook.seq < newest)).first()
    if behind is None:
        return
    with store.derive() as connection:
        for hook in connection.execute(select(Webhook.__table__).with_for_update()).all():
            rows = select(OutboxRow.__table__).where(OutboxRow.seq > hook.seq).order_by(OutboxRow.seq).limit(_SETS)
            news = connection.execute(rows).all()
            if hook.disabled is None:
                told = [_delivery(hook, row, at) for row in news if _concerns(connection, hook, row.change_set_id)]
                if told:
                    connection.execute(insert(WebhookDelivery), told)
            if news:
                connection.execute(update(Webhook).where(Webhook.id == hook.id).values(seq=news[-1].seq))


def _delivery(hook: Row[Any], row: Row[Any], at: datetime) -> dict[str, Any]:
    return {
        "id": new_id(), "webhook_id": hook.id, "change_set_id": row.change_set_id, "state": WAITING, "tries": 0,
        "next_at": at, "made_at": at, "answer": None,
    }  # fmt: skip


def _concerns(connection: Connection, hook: Row[Any], change_set_id: str) -> bool:
    if not hook.kinds:
        return True
    of_kind = select(ChangeRow.seq).where(ChangeRow.change_set_id == change_set_id, ChangeRow.entity.in_(hook.kinds))
    return connection.execute(of_kind.limit(1)).first() is not None


def _claim(store: Store, at: datetime) -> list[Row[Any]]:
    """What is due, leased to this process; another one that claims at the same time gets others."""
    due = (
        select(WebhookDelivery.__table__, Webhook.url, Webhook.secret, Webhook.kinds)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(WebhookDelivery.state == WAITING, WebhookDelivery.next_at <= at, Webhook.disabled.is_(None))
        .order_by(WebhookDelivery.next_at, WebhookDelivery.id)
        .limit(4 * _AT_ONCE)
    )
    with store.read() as connection:
        if connection.execute(due.limit(1)).first() is None:
            return []
    with store.derive() as connection:
        found = list(connection.execute(due.with_for_update(skip_locked=True)).all())
        ids = [row.id for row in found]
        leased = {"next_at": at + _LEASE, "tries": WebhookDelivery.tries + 1}
        connection.execute(update(WebhookDelivery).where(WebhookDelivery.id.in_(ids)).values(leased))
    return found


def _send(store: Store, one: Row[Any], at: datetime, may_be_private: bool) -> Answered:
    body = json.dumps(_message(store, one), ensure_ascii=False).encode()
    return post(one.url, body, secret=one.secret, at=int(at.timestamp()), may_be_private=may_be_private)


def _message(store: Store, one: Row[Any]) -> dict[str, Any]:
    """Which records changed, by id: what they hold is read with a token, by somebody who may."""
    with store.read() as connection:
        head = find_head(connection, one.change_set_id)
        records = []
        for seq, change in read_changes(connection, one.change_set_id):
            if seq >= 0 and (not one.kinds or change.entity in one.kinds):
                records.append({"op": str(change.op), "entity": change.entity, "id": change.record_id})
            if len(records) > MOST_RECORDS:
                break
    return {
        "id": str(one.id), "type": "change_set.applied", "made_at": one.made_at.isoformat(),
        "change_set": {"id": one.change_set_id, "kind": head.kind, "door": head.door, "undoes": head.undoes},
        "records": records[:MOST_RECORDS], "more": len(records) > MOST_RECORDS,
    }  # fmt: skip


def _note(store: Store, one: Row[Any], answered: Answered, at: datetime) -> None:
    tries = one.tries + 1
    if answered.is_taken:
        state: dict[str, Any] = {"state": DELIVERED}
    elif answered.status == 410 or tries > len(BACK_OFF):
        state = {"state": DEAD}
    else:
        state = {"next_at": at + BACK_OFF[tries - 1] * random.uniform(0.9, 1.1)}
    with store.derive() as connection:
        this = WebhookDelivery.id == one.id
        connection.execute(update(WebhookDelivery).where(this).values(answer=answered.told, **state))
        if answered.status == 410:
            gone = update(Webhook).where(Webhook.id == one.webhook_id)
            connection.execute(gone.values(disabled="it answered 410: gone"))
