"""Conversations in a SQLite file: the latest state of each thread and nothing older."""

from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata
from langgraph.checkpoint.sqlite import SqliteSaver

_OLDER = "WHERE thread_id = ? AND checkpoint_ns = ? AND checkpoint_id < ?"


class LatestSaver(SqliteSaver):
    """A checkpointer that forgets a thread's earlier states, which nothing of ours goes back to.

    Otherwise a file grows by the whole conversation with each turn, and keeps what `History` has forgotten.
    """

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Store the state, then drop the older ones."""
        stored = super().put(config, checkpoint, metadata, new_versions)
        place: dict[str, Any] = stored["configurable"]
        older = (place["thread_id"], place["checkpoint_ns"], place["checkpoint_id"])
        with self.cursor() as cursor:
            cursor.execute(f"DELETE FROM writes {_OLDER}", older)
            cursor.execute(f"DELETE FROM checkpoints {_OLDER}", older)
        return stored
