"""What was said in the conversations of a door that shows them again: questions, and replies as it showed them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select, update

from copilot.memory.engine import Conversations
from copilot.memory.tables import transcripts
from crm_core.ids import new_id

_of = transcripts.c
_FORGET_EVERY = 50  # questions


@dataclass(frozen=True)
class Turn:
    """A question and what came of it.

    Attributes:
        id: of the turn.
        question: as it was asked.
        reply: JSON of the door's own; None: it is being worked on, or its process has died.
        at: when it was asked.
    """

    id: int
    question: str
    reply: str | None
    at: datetime


@dataclass(frozen=True)
class Thread:
    """A conversation: its name, its first question and when it was last used."""

    name: str
    title: str
    at: datetime


class Transcripts:
    """Kept beside the conversations, and forgotten with them.

    Args:
        kept: the database of conversations.
        days: after which a turn is forgotten.
    """

    def __init__(self, kept: Conversations, *, days: int = 90) -> None:
        self._kept, self._days, self._asked = kept, days, 0

    def ask(self, actor_id: int, thread: str, question: str, *, at: datetime | None = None) -> int:
        """Keep a question before it is worked on; gives the id of the turn."""
        now, turn = at or datetime.now(UTC), new_id()
        row = {"id": turn, "actor_id": actor_id, "thread": thread, "question": question, "reply": None, "at": now}
        with self._kept.transaction() as connection:
            if self._asked % _FORGET_EVERY == 0:
                connection.execute(delete(transcripts).where(_of.at < now - timedelta(days=self._days)))
            connection.execute(self._kept.insert(transcripts).values(**row))
        self._asked += 1
        return turn

    def answer(self, turn: int, reply: str) -> None:
        """Keep what came of it."""
        with self._kept.transaction() as connection:
            connection.execute(update(transcripts).where(_of.id == turn).values(reply=reply))

    def turns(self, actor_id: int, thread: str, *, limit: int = 50) -> tuple[Turn, ...]:
        """The newest turns of a conversation of the actor's, the oldest of them first."""
        wanted = select(transcripts).where(_of.actor_id == actor_id, _of.thread == thread)
        with self._kept.transaction() as connection:
            rows = connection.execute(wanted.order_by(_of.id.desc()).limit(limit)).all()
        return tuple(Turn(row.id, row.question, row.reply, _aware(row.at)) for row in reversed(rows))

    def threads(self, actor_id: int, *, limit: int = 30) -> tuple[Thread, ...]:
        """The actor's conversations, the last used first."""
        last = select(func.min(_of.id).label("first"), func.max(_of.id).label("last"))
        last = last.where(_of.actor_id == actor_id).group_by(_of.thread)
        with self._kept.transaction() as connection:
            ends = connection.execute(last.order_by(func.max(_of.id).desc()).limit(limit)).all()
            ids = [one for row in ends for one in row]
            rows = {row.id: row for row in connection.execute(select(transcripts).where(_of.id.in_(ids)))}
        return tuple(
            Thread(rows[end.first].thread, rows[end.first].question, _aware(rows[end.last].at)) for end in ends
        )

    def forget(self, actor_id: int, thread: str) -> None:
        """Forget a conversation of the actor's."""
        with self._kept.transaction() as connection:
            connection.execute(delete(transcripts).where(_of.actor_id == actor_id, _of.thread == thread))


def _aware(at: datetime) -> datetime:
    return at.replace(tzinfo=at.tzinfo or UTC)
