"""How far something that follows the records has come: a place in the outbox, kept in the store."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from crm_core.models import OutboxRow, StoreInfo


@dataclass(frozen=True)
class Cursor:
    """A follower's place; `name` stands in `store_info`."""

    name: str

    def place(self, connection: Connection) -> int | None:
        """The last change that was taken in; None: nothing ever was."""
        found = connection.execute(select(StoreInfo.value).where(StoreInfo.name == self.name)).scalar()
        return None if found is None else int(found)

    def move(self, connection: Connection, to: int) -> None:
        """All up to `to` is taken in."""
        moved = connection.execute(update(StoreInfo).where(StoreInfo.name == self.name).values(value=str(to)))
        if not moved.rowcount:
            connection.execute(insert(StoreInfo), [{"name": self.name, "value": str(to)}])

    def forget(self, connection: Connection) -> None:
        """Nothing was ever taken in."""
        connection.execute(delete(StoreInfo).where(StoreInfo.name == self.name))

    def behind(self, connection: Connection) -> int | None:
        """How many change sets wait; None: nothing was ever taken in."""
        place = self.place(connection)
        if place is None:
            return None
        return connection.execute(select(func.count()).select_from(OutboxRow).where(OutboxRow.seq > place)).scalar_one()

    def waiting(self, connection: Connection, *, limit: int) -> Sequence[Row[int, str]]:
        """The next change sets (seq, change_set_id), the oldest first; none where nothing was ever taken in."""
        place = self.place(connection)
        if place is None:
            return ()
        rows = select(OutboxRow.seq, OutboxRow.change_set_id).where(OutboxRow.seq > place)
        return connection.execute(rows.order_by(OutboxRow.seq).limit(limit)).all()


def newest(connection: Connection) -> int:
    """The last place of the outbox."""
    return connection.execute(select(func.coalesce(func.max(OutboxRow.seq), 0))).scalar_one()
