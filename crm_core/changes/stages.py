"""The history of a deal's stage, written by the commit itself so that nobody can forget it."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from crm_core.changes.change import Change, Json, Op
from crm_core.ids import new_id
from crm_core.models import Stage, StageKind

_CLOSED = frozenset({StageKind.WON, StageKind.LOST})


class StageHistory:
    """Makes the stage change that goes with a deal's create or move.

    It is dated by what is known: a closed deal by its close date, a new one by its start, otherwise by the day of the
    change. An imported open deal without any date gets none, since nobody knows when it came to its stage.

    Args:
        connection: of the running transaction.
        today: day of the change, UTC.
        user_id: who moves the deal, None for the built-in administrator.
        is_import: the deals were there before; today says nothing about them.
    """

    def __init__(self, connection: Connection, *, today: date, user_id: int | None, is_import: bool) -> None:
        self._connection = connection
        self._today = today
        self._user_id = user_id
        self._is_import = is_import
        self._kinds: dict[int, str] = {}

    def follow(self, change: Change, row: dict[str, Any]) -> Change | None:
        """The create of a stage change that `change` brings about, if any.

        Args:
            change: to a deal.
            row: the deal's columns after the change, as far as they are known.
        """
        before, after = change.set.get("stage", (None, None))
        if after is None or before == after or change.op not in (Op.CREATE, Op.UPDATE):
            return None
        day = self._day(change, int(str(after)), row)
        if day is None:
            return None
        values: dict[str, Json] = {
            "changed_on": day.isoformat(), "deal": change.record_id, "from_stage": before, "to_stage": after,
            "user": self._user_id,
        }  # fmt: skip
        given = {name: (None, value) for name, value in values.items() if value is not None}
        return Change(Op.CREATE, "stage_change", new_id(), None, given)

    def _day(self, change: Change, stage_id: int, row: dict[str, Any]) -> date | None:
        closed: date | None = row.get("closed_on")
        if closed is not None and self._kind(stage_id) in _CLOSED:
            return closed
        if change.op is Op.CREATE:
            started: date | None = row.get("started_on")
            return started or (None if self._is_import else self._today)
        return self._today

    def _kind(self, stage_id: int) -> str:
        if stage_id not in self._kinds:
            self._kinds |= {row.id: row.kind for row in self._connection.execute(select(Stage.id, Stage.kind))}
        return self._kinds.get(stage_id, StageKind.OPEN)
