"""What a language model made of texts, kept for as long as these texts stay as they are.

A key is a digest of the texts: only whoever was shown all of them can ask for it, and where one changes it is another.
"""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, update

from copilot.memory.engine import Conversations
from copilot.memory.tables import summaries

DAYS = 90  # since it was last asked for
MOST = 5_000

_column = summaries.c


class Summaries:
    """Sentences by the digest of what they were made of."""

    def __init__(self, kept: Conversations, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._kept = kept
        self._clock = clock

    def find(self, key: str) -> tuple[str, ...] | None:
        """The sentences; None where there are none."""
        with self._kept.transaction() as connection:
            found = connection.execute(select(_column.sentences).where(_column.key == key)).scalar_one_or_none()
            if found is None:
                return None
            connection.execute(update(summaries).where(_column.key == key).values(used_at=self._clock()))
        return tuple(json.loads(found))

    def add(self, key: str, sentences: Sequence[str]) -> None:
        """Keep them, and forget what nobody has asked for in a while or what is too much."""
        row = {"sentences": json.dumps(list(sentences)), "used_at": self._clock()}
        new = self._kept.insert(summaries).values(key=key, **row)
        newest = select(_column.key).order_by(_column.used_at.desc(), _column.key).limit(MOST)
        with self._kept.transaction() as connection:
            connection.execute(new.on_conflict_do_update(index_elements=["key"], set_=row))
            connection.execute(delete(summaries).where(_column.used_at < self._clock() - timedelta(days=DAYS)))
            connection.execute(delete(summaries).where(_column.key.not_in(newest)))
