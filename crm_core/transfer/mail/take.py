"""Taking mails in as one change set, then asking a person about the senders that nobody knows."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

from crm_core.access import Actor
from crm_core.changes.change import Head
from crm_core.changes.commit import commit_on
from crm_core.db import Store
from crm_core.transfer.mail.report import MailReport
from crm_core.transfer.mail.review import review_unknown
from crm_core.transfer.mail.run import MailRun, Progress
from crm_core.transfer.mail.sources import MailSource


def take_mail(
    store: Store,
    sources: Sequence[MailSource],
    *,
    actor: Actor,
    door: str = "cli",
    now: datetime | None = None,
    progress: Progress | None = None,
) -> MailReport:
    """Take mails in as one change set: all of it or, on any failure, nothing. A mail that is there already is passed.

    Senders whom the store does not know are then proposed as contacts, each as a change set that a person decides on.

    Args:
        store: where to.
        sources: the mails.
        actor: whose rights count.
        door: what they came through.
        now: the moment, default now; a mail from the future has no date.
        progress: told (mails done, mails in all).

    Raises:
        Forbidden: the actor may not make such records.
        Unavailable: the store is read-only, full or held by another program.
    """
    now = now or datetime.now(UTC)
    started = time.monotonic()
    head = Head(str(uuid4()), "import", _summary(sources), actor.name, actor.id, door, tainted=True)
    with store.write() as connection:
        schema = store.schema_at(connection)
        run = MailRun(connection, schema, actor, sources, now=now, progress=progress)
        written = commit_on(connection, schema, run.changes(), head, actor=actor)
    waiting, more = review_unknown(store, actor=actor, door=door, at=datetime.now(UTC))
    return MailReport(
        head.id if written.total else None, run.counts, dict(run.linked), dict(run.left_out), tuple(run.remarks),
        run.more_remarks, waiting, more, elapsed_s=time.monotonic() - started,
    )  # fmt: skip


def preview_mail(
    store: Store,
    sources: Sequence[MailSource],
    *,
    actor: Actor,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> MailReport:
    """What `take_mail` would do, mail by mail; writes and proposes nothing."""
    started = time.monotonic()
    with store.read() as connection:
        schema = store.schema_at(connection)
        run = MailRun(connection, schema, actor, sources, now=now or datetime.now(UTC), progress=progress)
        for _ in run.changes():
            pass
    return MailReport(
        None, run.counts, dict(run.linked), dict(run.left_out), tuple(run.remarks), run.more_remarks,
        is_dry_run=True, elapsed_s=time.monotonic() - started,
    )  # fmt: skip


def _summary(sources: Sequence[MailSource]) -> str:
    names = list(dict.fromkeys(source.name for source in sources))
    told = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    return f"Mail from {told}"
