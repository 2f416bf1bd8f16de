"""Whether the actor may make a change, checked again at the moment of writing."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, true
from sqlalchemy.sql.selectable import FromClause

from crm_core.access import Actor, may_write, visible_to, writable_by
from crm_core.changes.change import Change, Op
from crm_core.db import ReadStore
from crm_core.errors import Forbidden, NotFound
from crm_core.models import UserRole
from crm_core.query.spec import All, Condition, Filter
from crm_core.query.spec import Any as AnyOf
from crm_core.schema import Entity, Schema


def check_kind(actor: Actor, schema: Schema, entity: str) -> None:
    """Forbidden unless the actor's role may change records of this kind at all."""
    if entity not in schema.entities:
        if actor.role is not UserRole.ADMIN:
            raise Forbidden("Custom fields, words and the reach of roles take an administrator.")
    elif not may_write(actor, schema.entities[entity]):
        raise Forbidden(f"The role {actor.role} may not change {schema.entities[entity].plural}.")


def check_records(connection: Connection, schema: Schema, actor: Actor, entity: Entity, ids: Collection[int]) -> None:
    """Check that the actor may see and change each of these records.

    Raises:
        NotFound: at least one is not to be seen; it is as if it did not exist.
        Forbidden: at least one may be seen and not changed.
    """
    check_visible(connection, schema, actor, entity, ids)
    if _count(connection, schema, entity, ids, writable_by(actor, entity)) < len(ids):
        raise Forbidden(f"{actor.name} may see this {entity.name}, and may not change it: it has another owner.")


def may_apply(connection: Connection, schema: Schema, actor: Actor, changes: Iterable[Change]) -> bool:
    """Whether the actor may change each record that these change, and make records of those kinds."""
    ids: dict[str, set[int]] = {}
    made = set[tuple[str, int]]()
    for change in changes:
        known = ids.setdefault(change.entity, set())
        if change.op is Op.CREATE:
            made.add((change.entity, change.record_id))
        elif (change.entity, change.record_id) not in made:
            known.add(change.record_id)
    try:
        for entity, some in ids.items():
            check_kind(actor, schema, entity)
            if entity in schema.entities:
                check_records(connection, schema, actor, schema.entities[entity], some)
    except (Forbidden, NotFound):
        return False
    return True


def may_change(store: ReadStore, schema: Schema, actor: Actor, entity: Entity, record_id: int) -> bool:
    """Whether the actor may change this record, which they may see."""
    if not may_write(actor, entity):
        return False
    with store.read(actor) as connection:
        return _count(connection, schema, entity, [record_id], writable_by(actor, entity)) == 1


def check_visible(connection: Connection, schema: Schema, actor: Actor, entity: Entity, ids: Collection[int]) -> None:
    """NotFound unless the actor may see each of these records."""
    if _count(connection, schema, entity, ids, visible_to(actor, entity)) < len(ids):
        raise NotFound(f"There is no such {entity.name}.")


def visible_ids(connection: Connection, schema: Schema, actor: Actor, entity: Entity, ids: Collection[int]) -> set[int]:
    """Those of `ids` that the actor may see."""
    return _within(connection, schema, entity, ids, visible_to(actor, entity))


def writable_ids(
    connection: Connection, schema: Schema, actor: Actor, entity: Entity, ids: Collection[int]
) -> set[int]:
    """Those of `ids`, which the actor may see, that they may change."""
    return _within(connection, schema, entity, ids, writable_by(actor, entity))


def is_visible(schema: Schema, actor: Actor, entity: Entity) -> ColumnElement[bool]:
    """A test of rows of the entity's table: that the actor may see them."""
    rule = visible_to(actor, entity)
    if rule is None:
        return true()
    owners = _Owners(schema, entity)
    test = owners.test(rule)
    return entity.table.c.id.in_(select(entity.table.c.id).select_from(owners.source).where(test))


def check_created(connection: Connection, schema: Schema, actor: Actor, entity: Entity, ids: Collection[int]) -> None:
    """Forbidden unless each new record lies within what the actor may change."""
    if _count(connection, schema, entity, ids, writable_by(actor, entity)) < len(ids):
        raise Forbidden(f"{actor.name} may not make a {entity.name} for another owner.")


def _within(
    connection: Connection, schema: Schema, entity: Entity, ids: Collection[int], rule: Filter | None
) -> set[int]:
    if rule is None:
        return set(ids)
    owners = _Owners(schema, entity)
    test = owners.test(rule)
    query = select(entity.table.c.id).select_from(owners.source).where(entity.table.c.id.in_(list(ids)), test)
    return set(connection.execute(query).scalars())


def _count(connection: Connection, schema: Schema, entity: Entity, ids: Collection[int], rule: Filter | None) -> int:
    if rule is None:
        return len(ids)
    owners = _Owners(schema, entity)
    test = owners.test(rule)
    query = select(func.count()).select_from(owners.source).where(entity.table.c.id.in_(list(ids)), test)
    return int(connection.execute(query).scalar_one())


class _Owners:
    """The rules of `crm_core.access` as SQL: ownership paths, joined once each."""

    def __init__(self, schema: Schema, entity: Entity) -> None:
        self._schema = schema
        self._entity = entity
        self._joined: dict[str, FromClause] = {}
        self.source: FromClause = entity.table

    def test(self, rule: Filter) -> ColumnElement[bool]:
        """The rule as a condition; `source` holds the joins that it needs."""
        if isinstance(rule, AnyOf):
            return or_(*[self.test(part) for part in rule.any])
        if isinstance(rule, All):
            return and_(*[self.test(part) for part in rule.all])
        if isinstance(rule, Condition) and rule.op == "empty":
            return self._column(rule.field).is_(None)
        if isinstance(rule, Condition) and rule.op == "in" and isinstance(rule.value, list):
            return self._column(rule.field).in_(rule.value)
        raise NotImplementedError(f"no rule of access has the form {rule!r}")

    def _column(self, dotted: str) -> ColumnElement[Any]:
        path = self._schema.path(self._entity.name, dotted)
        at: FromClause = self._entity.table
        walked = ""
        for step in path.steps:
            walked += f".{step.name}"
            at = self._join(walked, at, str(step.column), str(step.target))
        column: ColumnElement[Any] = at.c[str(path.field.column)]
        return column

    def _join(self, walked: str, at: FromClause, column: str, target: str) -> FromClause:
        if walked not in self._joined:
            self._joined[walked] = self._schema.entities[target].table.alias()
            other = self._joined[walked]
            self.source = self.source.outerjoin(other, at.c[column] == other.c.id)
        return self._joined[walked]
