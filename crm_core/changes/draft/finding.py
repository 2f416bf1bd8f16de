"""Which records a step means, as far as the actor may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from crm_core.access import Actor
from crm_core.changes.layout import Layout, lay_out
from crm_core.changes.rights import check_visible, visible_ids
from crm_core.changes.tell import label_of
from crm_core.db import ReadStore
from crm_core.errors import Invalid, NotFound
from crm_core.models import Role
from crm_core.query.result import QueryResult
from crm_core.query.run import run_query
from crm_core.query.spec import Any as AnyOf
from crm_core.query.spec import Condition, Filter, QuerySpec
from crm_core.schema import Entity, Field, Schema

_CANDIDATES = 5
_CHUNK = 500
_PAST_IDS = 2**63  # neither database could even compare with more

Row = Mapping[str, Any]


@dataclass
class Finder:
    """Looks up records of one store for one actor.

    Attributes:
        store: where.
        actor: what they may not see is not found.
        today: what relative filters count from.
        named: records that earlier steps make, by the name that they were given: entity and id.
    """

    store: ReadStore
    actor: Actor
    today: date
    named: dict[str, tuple[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.schema: Schema = self.store.schema
        self._layouts: dict[str, Layout] = {}

    def layout(self, entity: str) -> Layout:
        """How the entity lies in its table."""
        if entity not in self._layouts:
            self._layouts[entity] = lay_out(self.schema.entity(entity))
        return self._layouts[entity]

    def meant(self, entity: Entity, records: Sequence[int | str], where: Filter | None) -> list[int]:
        """Ids of the records that are named, or that match; both: the named ones that match.

        Raises:
            Invalid: nothing says which, or a name fits several.
            NotFound: a name fits nothing that the actor may see.
        """
        if not records and where is None:
            raise Invalid(f"Say which {entity.plural} are meant: by name, by id or by a filter.")
        ids = list(dict.fromkeys(self.one(entity, given) for given in records))
        if where is None:
            return ids
        matching = self.ids(QuerySpec(entity=entity.name, where=where))
        return [one for one in matching if one in set(ids)] if records else matching

    def one(self, entity: Entity, given: int | str) -> int:
        """The id of one record: an id that exists, its name, or "@name" of an earlier step."""
        if isinstance(given, int):
            self._check_seen(entity, given)
            return given
        if given.startswith("@"):
            return self._earlier(entity, given.removeprefix("@"))
        found = self._called(entity, given)
        if not found.rows:
            raise NotFound(f"There is no {entity.name} called {given!r}.")
        if len(found.rows) > 1:
            names = "; ".join(" ".join(str(v) for v in row.values if v is not None) for row in found.rows)
            raise Invalid(f"Several {entity.plural} fit {given!r}: {names}. Say which.")
        return int(found.rows[0].record_id or 0)

    def _check_seen(self, entity: Entity, record_id: int) -> None:
        is_there = record_id in self.rows(entity.name, [record_id])
        with self.store.read(self.actor) as connection:
            check_visible(connection, self.schema, self.actor, entity, [record_id] if is_there else [])
        if not is_there:
            raise NotFound(f"There is no such {entity.name}.")

    def _earlier(self, entity: Entity, name: str) -> int:
        kind, record_id = self.named.get(name, ("", 0))
        if kind != entity.name:
            raise Invalid(f"No earlier step makes a {entity.name} named {name!r}.")
        return record_id

    def _called(self, entity: Entity, name: str) -> QueryResult:
        fields = [f.name for f in entity.fields.values() if f.role in (Role.TITLE, Role.CODE)]
        fields += ["email"] if "email" in entity.fields and "@" in name else []
        for op in ("eq", "contains"):
            fits = [Condition.model_validate({"field": at, "op": op, "value": name}) for at in fields]
            found = self.run(QuerySpec(entity=entity.name, where=AnyOf(any=[*fits]), columns=fields, limit=_CANDIDATES))
            if found.rows:
                return found
        return found

    def ids(self, spec: QuerySpec) -> list[int]:
        """Ids of the records that a list finds."""
        return [row.record_id for row in self.run(spec).rows if row.record_id is not None]

    def run(self, spec: QuerySpec) -> QueryResult:
        """Ask as the actor."""
        return run_query(self.store, spec, actor=self.actor, today=self.today)

    def rows(self, entity: str, ids: Sequence[int]) -> dict[int, Row]:
        """Table rows of the records that exist, by id."""
        table = self.layout(entity).table
        found: dict[int, Row] = {}
        ids = [one for one in ids if 0 <= one < _PAST_IDS]
        with self.store.read(self.actor) as connection:
            for start in range(0, len(ids), _CHUNK):
                some = select(table).where(table.c.id.in_(ids[start : start + _CHUNK]), table.c.deleted_at.is_(None))
                found |= {row["id"]: dict(row) for row in connection.execute(some).mappings()}
        return found

    def over(self, entity: Entity, rows: Mapping[int, Row], dotted: str) -> dict[int, tuple[Field, Row | None]]:
        """Where a dotted field of each record ends: the field and the row that holds it.

        None where a step is empty or leads to a record that the actor may not see.
        """
        path = self.schema.path(entity.name, dotted)
        at: dict[int, Row | None] = dict(rows)
        for step in path.steps:
            ids = {row[str(step.column)] for row in at.values() if row is not None} - {None}
            targets = self._seen_rows(str(step.target), sorted(ids))
            at = {key: targets.get(row[str(step.column)]) if row else None for key, row in at.items()}
        return {key: (path.field, row) for key, row in at.items()}

    def _seen_rows(self, entity: str, ids: Sequence[int]) -> dict[int, Row]:
        with self.store.read(self.actor) as connection:
            seen = visible_ids(connection, self.schema, self.actor, self.schema.entity(entity), ids)
        return self.rows(entity, sorted(seen))

    def label(self, entity: str, record_id: int) -> str:
        """What a record is called."""
        row = self.rows(entity, [record_id]).get(record_id)
        return label_of(self.layout(entity), row) if row else f"#{record_id}"
