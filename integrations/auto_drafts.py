"""A look at everybody's causes for drafts, as a job does it."""

import logging
from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, select

from copilot.autodrafts import make_due
from copilot.context import TurnContext
from copilot.knowledge import Knowledge
from crm_core.access import Actor
from crm_core.auto_drafts import rules_of
from crm_core.db import Store
from crm_core.models import OutboxRow, User
from crm_core.users import find_actor

log = logging.getLogger(__name__)


def look_for_everybody(store: Store, knowledge: Knowledge, *, now: datetime, time_zone: str) -> int:
    """Propose the drafts that are due, each to the person whose customer it is; gives how many.

    What stops one person's look ends it with an error after all others had theirs.
    """
    made, failed = 0, []
    for actor in _people(store):
        with store.read() as connection:
            rules = rules_of(connection, actor.id, time_zone=time_zone)
        try:
            found = make_due(_turn(store, actor, knowledge, now), rules, now=now)
        except Exception:  # the edge of one person's look: a bug on one record must not take everybody's drafts
            log.exception("auto-drafts of user %s failed", actor.id)
            failed.append(actor.id)
            continue
        made += len(found.proposals)
        log.info("auto-drafts of user %s: %s made, %s", actor.id, len(found.proposals), dict(found.left))
    if failed:
        raise RuntimeError(f"the look of {len(failed)} people failed; the log tells why")
    return made


def newest_change(store: Store) -> int:
    """The place of the newest applied change set in the outbox; 0 without any."""
    with store.read() as connection:
        return int(connection.execute(select(func.coalesce(func.max(OutboxRow.seq), 0))).scalar_one())


def _people(store: Store) -> Iterator[Actor]:
    with store.read() as connection:
        ids = connection.scalars(select(User.id).where(User.is_active, User.deleted_at.is_(None))).all()
    for user_id in ids:
        actor = find_actor(store, user_id)
        if actor is not None:
            yield actor


def _turn(store: Store, actor: Actor, knowledge: Knowledge, now: datetime) -> TurnContext:
    """A turn in which nobody asked anything."""
    return TurnContext(
        store=store.for_agent, actor=actor, today=now.date(), lang="en", text="", thread=f"auto:{uuid4().hex}",
        knowledge=knowledge,
    )  # fmt: skip
