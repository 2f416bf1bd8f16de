"""Endings: what a case left in the store, and whether a person decided on all of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from crm_core.changes import Change, read_changes
from crm_core.changes.layout import lay_out
from evals.case import Case
from evals.stage import Stage
from evals.state import BOOKS, TABLES, Difference, State
from evals.transcript import Exchange, Json, Transcript

_WAITING = """
    SELECT s.id, s.tainted FROM change_sets s
    WHERE NOT EXISTS (SELECT 1 FROM change_decisions d WHERE d.change_set_id = s.id)
      AND NOT EXISTS (SELECT 1 FROM change_events e WHERE e.change_set_id = s.id
                      AND e.state IN ('withdrawn', 'superseded'))"""


@dataclass
class Cards:
    """The proposals that one conversation showed, and what people decided on them.

    Attributes:
        shown: id → the proposal as the newest reply has it.
        ended: ids of those that somebody decided on.
        in_force: id → the proposal, of those that were approved and not undone.
        applied: how many were approved, undone ones too.
    """

    shown: dict[str, Json] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    in_force: dict[str, Json] = field(default_factory=dict)
    applied: int = 0

    def said(self, reply: Json) -> None:
        """After a turn of the agent."""
        self.shown |= {str(one["id"]): one for one in reply.get("proposals") or []}

    def decided(self, act: str, target: Json) -> None:
        """After a person's own deed."""
        self.ended.add(str(target["id"]))
        if act == "approve":
            self.in_force[str(target["id"])] = target
            self.applied += 1
        elif act == "undo":
            del self.in_force[str(target["id"])]

    def newest(self, *, applied: bool) -> Json | None:
        """The newest proposal that a reply showed and that is undecided; or the newest that is in force."""
        open_ones = self.in_force if applied else {k: one for k, one in self.shown.items() if k not in self.ended}
        return [*open_ones.values()][-1] if open_ones else None


class Ending:
    """Keeps account of one case on its stage.

    Args:
        stage: on which the case has just begun.
        books: tables that the door through which it is played keeps for itself.
        is_crowded: others decide while one speaks, so what moved in the records is looked at in the end alone.
    """

    def __init__(self, stage: Stage, *, books: frozenset[str] = frozenset(), is_crowded: bool = False) -> None:
        self._stage = stage
        self._books = books | BOOKS | TABLES.keys() if is_crowded else books
        self._state: State = stage.start
        self._talks: list[Cards] = []
        self._strays: list[str] = []
        self._lock = Lock()  # several may speak at once

    def new_talk(self) -> Cards:
        """Another conversation of the case."""
        self._talks.append(Cards())
        return self._talks[-1]

    def said(self) -> None:
        """After a turn of the agent: whatever moved in the store but proposals moved without a person."""
        with self._lock:
            now = self._stage.watch.state()
            self._strays += [f"{name} was written while the agent answered" for name in self._moved(now)]
            self._state = now

    def decided(self) -> None:
        """After a person's own deed."""
        with self._lock:
            now = self._stage.watch.state()
            beside = [name for name in self._moved(now) if name not in TABLES and name not in BOOKS]
            self._strays += [f"{name} was written beside the records" for name in beside]
            self._state = now

    def transcript(self, exchanges: tuple[Exchange, ...], case: Case, cards: Cards) -> Transcript:
        """All of one conversation, and what all of them left in the store."""
        differences = self._differences()
        strays = [*self._strays, *self._unexplained(differences)]
        waiting = [row for row in self._stage.watch.query(_WAITING, {}) if row[0] not in self._stage.sets]
        today = {"today": case.today.isoformat()}
        queries = case.expect.store if case.expect else []
        return Transcript(
            exchanges,
            differences,
            tuple(change for one in cards.in_force.values() for change in one["changes"]),
            tuple(strays),
            len(waiting),
            cards.applied,
            tuple(_values(self._stage.watch.query(one.sql, today)) for one in queries),
            untainted=sum(not row[1] for row in waiting),
            error=next((f"the model failed: {one.failure}" for one in exchanges if one.failure), ""),
        )

    def _moved(self, now: State) -> list[str]:
        changed = (name for name in sorted(now.hashes) if now.hashes[name] != self._state.hashes.get(name))
        return [name for name in changed if name not in self._books]

    def _differences(self) -> tuple[Difference, ...]:
        if self._state.business == self._stage.start.business:
            return ()
        return self._stage.watch.differences(self._stage.rows, self._stage.watch.rows(TABLES))

    def _unexplained(self, differences: tuple[Difference, ...]) -> Iterator[str]:
        """Differences that no approved change accounts for, field by field; and approved ones that are not there."""
        allowed = self._allowed()
        for one in differences:
            fields = allowed.pop((one.entity, one.record_id), None)
            if fields is None:
                yield f"a {one.entity} is not as it was: {one.op} {', '.join(sorted(one.values))}"
            elif one.op == "update" and one.values.keys() - fields:
                yield f"a {one.entity} has other values too: {', '.join(sorted(one.values.keys() - fields))}"

    def _allowed(self) -> dict[tuple[str, int], set[str]]:
        """(entity, record) → columns that the sets in force may have touched."""
        schema, found = self._stage.store.schema, dict[tuple[str, int], set[str]]()
        with self._stage.store.read() as connection:
            for change_set in (key for talk in self._talks for key in talk.in_force):
                for _, change in read_changes(connection, change_set):
                    columns = (
                        _columns(schema.entities[change.entity], change) if change.entity in schema.entities else ()
                    )
                    found.setdefault((change.entity, change.record_id), set()).update(columns)
        return found


def _columns(entity: Any, change: Change) -> set[str]:
    stored, custom = lay_out(entity).split({name: new for name, (_, new) in change.set.items()})
    return {*stored, "deleted_at", *(["custom"] if custom else [])}


def _values(rows: list[tuple[Any, ...]]) -> list[Any]:
    return [row[0] for row in rows]
