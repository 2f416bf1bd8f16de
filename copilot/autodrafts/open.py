"""Which conversations have a draft that waits, for approval or to be sent: they get no second one."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, select

from crm_core.access import Actor
from crm_core.changes import list_changes, read_changes
from crm_core.db import ReadStore
from crm_core.models import Draft, MadeBy, Send, SendState
from crm_core.reaching import PEOPLE, Recipient

_MOST = 1_000
_FORGOTTEN_AFTER = timedelta(days=14)


@dataclass
class Open:
    """People and threads with an open draft of a person's; `by_itself`: how many of these nobody asked for."""

    people: set[Recipient] = field(default_factory=set)
    threads: set[tuple[Recipient, str]] = field(default_factory=set)
    by_itself: int = 0

    def add(self, whom: Recipient, thread: str | None, *, is_auto: bool) -> None:
        """One more."""
        self.by_itself += is_auto
        if thread:
            self.threads.add((whom, thread))
        else:
            self.people.add(whom)

    def holds(self, whom: Recipient, thread: str | None) -> bool:
        """Whether a further draft would be the second of its conversation; one without a thread fits to any."""
        without_thread = whom in self.people
        if thread:
            return without_thread or (whom, thread) in self.threads
        return without_thread or any(of == whom for of, _ in self.threads)


def find_open(store: ReadStore, actor: Actor, *, now: datetime) -> Open:
    """The open drafts of a person; an approved one that nobody sent for two weeks is none."""
    found = Open()
    waiting = list_changes(store, actor, waiting=True, limit=_MOST)
    with store.read(actor) as connection:
        for one in waiting:
            if one.head.asked_by_id == actor.id:
                for _, change in read_changes(connection, one.id):
                    if change.entity == "draft" and not PEOPLE.keys().isdisjoint(change.set):
                        new = {name: value for name, (_, value) in change.set.items()}
                        is_auto = new.get("made_by") == MadeBy.AUTO
                        found.add(Recipient.of(new), _text(new.get("thread")), is_auto=is_auto)
        _add_unsent(connection, actor, found, since=now - _FORGOTTEN_AFTER)
    return found


def _add_unsent(connection: Connection, actor: Actor, found: Open, *, since: datetime) -> None:
    sent = exists().where(Send.draft_id == Draft.id, Send.state != SendState.FAILED)
    query = select(Draft.contact_id, Draft.lead_id, Draft.thread, Draft.made_by).where(
        Draft.user_id == actor.id, Draft.deleted_at.is_(None), Draft.updated_at >= since, ~sent
    )
    for row in connection.execute(query):
        found.add(Recipient.of(row._mapping), row.thread, is_auto=row.made_by == MadeBy.AUTO)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
