"""Records of one kind for one person: read through the question language, written as change sets that they approve.

REST and the web page stand on it alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from copilot.table import to_json
from crm_core.access import Actor
from crm_core.changes import Change, commit_changes, find_change_set, read_changes
from crm_core.changes.draft import draft, summarise
from crm_core.changes.steps import Step
from crm_core.db import Store
from crm_core.errors import Conflict, Invalid, NotFound
from crm_core.query.pages import Page
from crm_core.query.result import QueryResult
from crm_core.query.run import run_query
from crm_core.query.spec import Filter, Order, QuerySpec
from crm_core.schema import Entity, Field, Schema
from integrations.filters import Place

_PLAIN = frozenset({str, int, bool, type(None)})  # what is JSON as it is
_TIMES = frozenset({date, datetime, type(None)})
_AT_ONCE = 50  # columns that one question may have
Shown = dict[str, Any]


class Stale(Conflict):
    """The record is not at the version that the person saw."""


@dataclass(frozen=True)
class Listing:
    """A part of a list, and where it goes on."""

    items: list[Shown]
    next: Place | None


@dataclass(frozen=True)
class Wanted:
    """What a list shows: which records, in which order, which fields, how many."""

    where: Filter | None
    sort: list[Order]
    fields: list[str]
    limit: int
    place: Place


class Records:
    """Records of one kind.

    Args:
        store: of the company.
        kind: of the records.
        actor: whose rights count.
        today: the day that it is.
        door: what the person came through.
        schema: of the store, where it was just read.
    """

    def __init__(
        self, store: Store, kind: str, *, actor: Actor, today: date, door: str, schema: Schema | None = None
    ) -> None:
        self._store = store
        self.schema = schema or store.schema
        self._entity: Entity = self.schema.entity(kind)
        self._actor = actor
        self._today = today
        self._door = door

    def page(self, wanted: Wanted) -> Listing:
        """The records that match, in order of their ids where no order is asked for."""
        columns = wanted.fields or self._usual()
        spec = QuerySpec(entity=self._entity.name, where=wanted.where, columns=columns[:_AT_ONCE])
        more = wanted.limit + 1
        place = wanted.place
        if place != Place() and (not place.after or place.offset or (place.keys is not None) is not bool(wanted.sort)):
            raise Invalid("This cursor is of a list in another order.", field="cursor")
        keys = place.keys if wanted.sort else () if place.after else None
        found = self._ask(spec.model_copy(update={"order_by": wanted.sort}), page=Page(keys, place.after, more))
        items = self._shown(found, columns)[: wanted.limit]
        if len(found.rows) <= wanted.limit:
            return Listing(items, None)
        last = tuple(map(to_json, found.keys[wanted.limit - 1]))
        return Listing(items, Place(items[-1]["id"], last if wanted.sort else None))

    def get(self, record_id: int, fields: Sequence[str] = ()) -> Shown:
        """One record; NotFound where there is none that the person may see."""
        columns = list(fields) or self._usual()
        found = self._ask(QuerySpec(entity=self._entity.name, columns=columns[:_AT_ONCE]), only=[record_id])
        if not found.rows:
            raise NotFound(f"There is no such {self._entity.name}.")
        return self._shown(found, columns)[0]

    def create(self, values: dict[str, Any], *, as_set: str) -> Shown:
        """A new record, approved at once by the person."""
        step = self._step("create", set=values, is_new=True)
        made = self._once(as_set) or self._commit(self._draft([step]), as_set)
        return self.get(next(change.record_id for change in made if change.entity == self._entity.name))

    def update(self, record_id: int, values: dict[str, Any], *, seen: int | None, as_set: str) -> Shown:
        """The record with new values; Stale unless it is at the version `seen` (None: whatever it is at)."""
        if not self._once(as_set):
            self._check(record_id, seen)
            changes = self._draft([self._step("update", records=[record_id], set=values)])
            self._commit(_at(changes, record_id, seen), as_set)
        return self.get(record_id)

    def delete(self, record_id: int, *, seen: int | None, as_set: str) -> None:
        """Delete softly; undo brings it back."""
        if not self._once(as_set):
            self._check(record_id, seen)
            changes = self._draft([self._step("delete", records=[record_id])])
            self._commit(_at(changes, record_id, seen), as_set)

    def bulk(self, steps: Sequence[Step], seen: dict[int, int], *, as_set: str) -> list[Change]:
        """Several changes as one set: all, or none.

        Args:
            steps: of this kind.
            seen: by record, the version that it must still be at.
            as_set: id of the change set.

        Raises:
            Stale: one record is at another version.
        """
        done = self._once(as_set)
        if done:
            return done
        changes = self._draft(steps)
        for change in changes:
            if change.record_id in seen and change.base_version not in (None, seen[change.record_id]):
                raise Stale(f"The {self._entity.name} {change.record_id} has changed since.")
        return self._commit(changes, as_set)

    def _usual(self) -> list[str]:
        return [field.name for field in stored_fields(self._entity)]

    def _ask(self, spec: QuerySpec, *, only: Sequence[int] | None = None, page: Page | None = None) -> QueryResult:
        return run_query(self._store, spec, actor=self._actor, today=self._today, only=only, page=page, is_page=True)

    def _shown(self, found: QueryResult, columns: Sequence[str]) -> list[Shown]:
        items = _records(found)
        ids = [row.record_id or 0 for row in found.rows]
        for start in range(_AT_ONCE, len(columns), _AT_ONCE):  # a company may have any number of fields of its own
            spec = QuerySpec(entity=self._entity.name, columns=list(columns[start : start + _AT_ONCE]))
            rest = self._ask(spec, only=ids)
            more = {item["id"]: item for item in _records(rest)}
            items = [{**more.get(item["id"], {}), **item} for item in items]
        return items

    def _step(self, op: str, **given: Any) -> Step:
        return Step.model_validate({"op": op, "entity": self._entity.name, **given})

    def _draft(self, steps: Sequence[Step]) -> list[Change]:
        return list(draft(self._store, steps, actor=self._actor, today=self._today).changes)

    def _check(self, record_id: int, seen: int | None) -> None:
        version = self.get(record_id, ["created_at"])["version"]
        if seen is not None and version != seen:
            raise Stale(f"The {self._entity.name} has changed since; it is at version {version} now.")

    def _once(self, as_set: str) -> list[Change]:
        """What was done under this id before; nothing, as a rule."""
        with self._store.read(self._actor) as connection:
            try:
                found = find_change_set(connection, self._actor, as_set)
            except NotFound:
                return []
            return [change for seq, change in read_changes(connection, found.id) if seq >= 0]

    def _commit(self, changes: list[Change], as_set: str) -> list[Change]:
        if changes:
            commit_changes(
                self._store, changes, actor=self._actor, kind="edit",
                summary=summarise(changes, self._store.schema), door=self._door, id=as_set,
            )  # fmt: skip
        return changes


def stored_fields(entity: Entity) -> list[Field]:
    """What a record shows by itself: all that is stored and may be asked about."""
    return [field for field in entity.fields.values() if field.ask and field.derived is None]


def _at(changes: list[Change], record_id: int, seen: int | None) -> list[Change]:
    """The changes for the version that the person saw: where it moves on in between, the commit refuses."""
    if seen is None:
        return changes
    return [replace(one, base_version=seen) if one.record_id == record_id else one for one in changes]


def _records(found: QueryResult) -> list[Shown]:
    """Column by column, as most need no look at each value."""
    shown: list[Shown] = [{"id": row.record_id, "version": row.version} for row in found.rows]
    for place, column in enumerate(found.columns):
        values = [row.values[place] for row in found.rows]
        told = _told(values)
        if column.entity is not None:
            told = [_link(row.ids.get(place), label) for row, label in zip(found.rows, told, strict=True)]
        for item, value in zip(shown, told, strict=True):
            item[column.name] = value
    return shown


def _told(values: list[Any]) -> list[Any]:
    types = set(map(type, values))
    if types <= _PLAIN:
        return values
    if types <= _TIMES:
        return [None if value is None else value.isoformat() for value in values]
    return [to_json(value) for value in values]


def _link(record_id: int | None, label: Any) -> Shown | None:
    return None if record_id is None else {"id": record_id, "label": label}
