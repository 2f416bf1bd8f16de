"""What each person set aside, and what was known of it then."""

import json
from datetime import date

from sqlalchemy import delete, select

from copilot.memory.engine import Conversations
from copilot.memory.tables import dismissals

_of = dismissals.c


class Dismissals:
    """The records that people set aside, kept beside the conversations: a person's own, like those."""

    def __init__(self, kept: Conversations) -> None:
        self._kept = kept

    def add(self, actor_id: int, entity: str, record_id: int, *, seen: frozenset[str], on: date) -> None:
        """Set a record aside for a person, in the place of an earlier time.

        Args:
            actor_id: whose.
            entity: of the record.
            record_id: of the record.
            seen: what is known of it now; something else is news.
            on: the day.
        """
        row = {"actor_id": actor_id, "entity": entity, "record_id": record_id}
        known = {"seen": json.dumps(sorted(seen), ensure_ascii=False), "set_aside_on": on}
        with self._kept.transaction() as connection:
            keys = (_of.actor_id == actor_id, _of.entity == entity, _of.record_id == record_id)
            connection.execute(delete(dismissals).where(*keys))
            connection.execute(self._kept.insert(dismissals).values(**row, **known))

    def of(self, actor_id: int) -> dict[tuple[str, int], frozenset[str]]:
        """What a person set aside: record → what was known of it."""
        wanted = select(_of.entity, _of.record_id, _of.seen).where(_of.actor_id == actor_id)
        with self._kept.transaction() as connection:
            return {(row.entity, row.record_id): frozenset(json.loads(row.seen)) for row in connection.execute(wanted)}
