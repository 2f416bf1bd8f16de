"""Conversations: the latest state of each thread and nothing older, on either database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from sqlalchemy import delete, func, select

from copilot.memory.engine import Conversations
from copilot.memory.tables import conversations

FORGET_EVERY = 50  # turns

_column = conversations.c


@dataclass(frozen=True)
class Keep:
    """How long conversations are remembered, and how much of them.

    Attributes:
        days: since the last turn of a thread.
        megabytes: of all threads together; the oldest go first.
    """

    days: int = 90
    megabytes: int = 200


class LatestSaver(BaseCheckpointSaver[int]):
    """A checkpointer with one row a thread.

    LangGraph's own savers keep every state and every step, which nothing of ours goes back to: a file would grow by the
    whole conversation with each turn, and keep what `History` has forgotten. Steps of an unfinished turn are not kept.
    """

    def __init__(
        self, kept: Conversations, *, keep: Keep | None = None, clock: Callable[[], datetime] | None = None
    ) -> None:
        # No types but messages and plain values: a forged state must not be able to name code to run.
        super().__init__(serde=JsonPlusSerializer(allowed_msgpack_modules=None))
        self._kept = kept
        self._keep = keep or Keep()
        self._clock = clock or (lambda: datetime.now(UTC))
        self._puts = 0
        self.forget_old()

    def get_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The state of a thread; None where there is none."""
        thread = config["configurable"]["thread_id"]
        with self._kept.transaction() as connection:
            row = connection.execute(select(_column.kind, _column.state).where(_column.thread == thread)).one_or_none()
        if row is None:
            return None
        kept = self.serde.loads_typed((row.kind, row.state))
        return CheckpointTuple(_place(thread, kept["checkpoint"]["id"]), kept["checkpoint"], kept["metadata"], None, [])

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Store the state in the place of the one before it."""
        thread = config["configurable"]["thread_id"]
        kind, state = self.serde.dumps_typed({"checkpoint": checkpoint, "metadata": dict(metadata)})
        row = {"kind": kind, "state": state, "size": len(state), "used_at": self._clock()}
        new = self._kept.insert(conversations).values(thread=thread, **row)
        with self._kept.transaction() as connection:
            connection.execute(new.on_conflict_do_update(index_elements=["thread"], set_=row))
        self._puts += 1
        if self._puts % FORGET_EVERY == 0:
            self.forget_old()
        return _place(thread, checkpoint["id"])

    def put_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Half a turn is not kept: the next one starts from the last whole state."""

    def delete_thread(self, thread_id: str) -> None:
        """Forget a conversation."""
        with self._kept.transaction() as connection:
            connection.execute(delete(conversations).where(_column.thread == thread_id))

    def forget_old(self) -> None:
        """Forget what is too old, then the oldest of what is too much."""
        oldest = self._clock() - timedelta(days=self._keep.days)
        size = func.sum(_column.size).over(order_by=(_column.used_at.desc(), _column.thread))
        newest_first = select(_column.thread, size.label("so_far")).subquery()
        too_much = select(newest_first.c.thread).where(newest_first.c.so_far > self._keep.megabytes * 1024 * 1024)
        with self._kept.transaction() as connection:
            connection.execute(delete(conversations).where(_column.used_at < oldest))
            connection.execute(delete(conversations).where(_column.thread.in_(too_much)))


def _place(thread: str, checkpoint_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": thread, "checkpoint_ns": "", "checkpoint_id": checkpoint_id}}
