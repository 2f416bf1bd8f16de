"""Asking a store: one statement a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import CTE, Connection, Row, Select

from crm_core.access import Actor
from crm_core.db import ReadStore
from crm_core.query.compile import Compiled, compile_spec
from crm_core.query.compile.checks import check_size
from crm_core.query.currencies import Currencies, money_for, read_currencies
from crm_core.query.result import QueryResult
from crm_core.query.spec import QuerySpec
from crm_core.schema import Schema

# A store's registry is another object after each write, so it tells whether what was read is still good.
_currencies: WeakKeyDictionary[ReadStore, tuple[Schema, Currencies]] = WeakKeyDictionary()
_Key = tuple[str, Actor, date]
_statements: WeakKeyDictionary[ReadStore, tuple[Schema, dict[_Key, Compiled]]] = WeakKeyDictionary()
_MOST_STATEMENTS = 200


@dataclass(frozen=True)
class ById:
    """A part of a whole list in the order of ids: nothing is told twice or left out while records come and go."""

    after: int
    limit: int


def run_query(
    store: ReadStore,
    spec: QuerySpec,
    *,
    actor: Actor,
    today: date,
    only: Sequence[int] | None = None,
    page: ById | None = None,
) -> QueryResult:
    """The answer to a question, as far as the actor may see.

    Args:
        store: that is asked.
        spec: the question.
        actor: who asks.
        today: the day of the question.
        only: ids of the records that may be among the rows of a whole list (a spec without measures and limit).
        page: of a whole list, the part that is wanted.

    Raises:
        Invalid: the question does not fit the store; the text says what would.
    """
    check_size(spec)
    with store.read(actor) as connection:
        schema = store.schema_at(connection)
        compiled = _compiled(store, schema, connection, spec, actor=actor, today=today)
        statement = compiled.statement
        if only is not None:
            statement = statement.where(statement.selected_columns["record_id"].in_(only))
        if page is not None:
            statement = _part(statement, page)
        result = connection.execute(statement)
        found = result.all()
        sql = result.context.statement if result.context is not None else ""
    columns, rows = compiled.read(found)
    return QueryResult(
        spec=spec,
        entity=spec.entity,
        columns=columns,
        rows=rows,
        total=_total(spec, compiled, found),
        missing={name: sum(row._mapping[label] or 0 for row in found) for name, label in compiled.missing.items()},
        sql=str(sql),
    )


def _part(statement: Select[Any], page: ById) -> Select[Any]:
    """A part of a whole list; its ids first, so that columns are only joined to what is shown."""
    record_id = statement.selected_columns["record_id"]
    ids = statement.with_only_columns(record_id).where(record_id > page.after).order_by(None).order_by(record_id)
    return statement.where(record_id.in_(ids.limit(page.limit))).order_by(None).order_by(record_id)


def _compiled(
    store: ReadStore, schema: Schema, connection: Connection, spec: QuerySpec, *, actor: Actor, today: date
) -> Compiled:
    """The statement of a question; asked again before the next write, it is there already."""
    seen = _statements.get(store)
    if seen is None or seen[0] is not schema or len(seen[1]) >= _MOST_STATEMENTS:
        seen = _statements[store] = (schema, {})
    key = (repr(spec), actor, today)
    if key not in seen[1]:
        known = _currencies_of(store, schema, connection)
        money = money_for(connection, spec, schema=schema, actor=actor, today=today, known=known)
        seen[1][key] = compile_spec(
            spec, schema=schema, actor=actor, today=today, dialect=connection.dialect.name,
            base_currency=known.base, money=money,
        )  # fmt: skip
    return seen[1][key]


def select_ids(
    schema: Schema, spec: QuerySpec, *, actor: Actor, today: date, dialect: str, base_currency: str
) -> Select[tuple[int]]:
    """A statement that gives the ids of the records that a whole list holds, as far as the actor may see.

    Raises:
        Invalid: the question does not fit the store.
    """
    compiled = compile_spec(
        spec, schema=schema, actor=actor, today=today, dialect=dialect, base_currency=base_currency
    )  # fmt: skip
    return compiled.statement.with_only_columns(compiled.statement.selected_columns["record_id"]).order_by(None)


def select_matching(
    store: ReadStore, connection: Connection, spec: QuerySpec, *, actor: Actor, today: date,
    only: Sequence[int] | None = None,
) -> CTE:  # fmt: skip
    """The records that a whole list holds, as far as the actor may see, for a statement of `connection`: column `id`.

    Args:
        store: that is asked.
        connection: of a transaction on it.
        spec: the list.
        actor: who asks.
        today: the day of the question.
        only: ids of the records that may be among them.

    Raises:
        Invalid: the question does not fit the store.
    """
    schema = store.schema_at(connection)
    known = _currencies_of(store, schema, connection)
    money = money_for(connection, spec, schema=schema, actor=actor, today=today, known=known)
    compiled = compile_spec(
        spec, schema=schema, actor=actor, today=today, dialect=connection.dialect.name,
        base_currency=known.base, money=money,
    )  # fmt: skip
    found = compiled.statement.selected_columns["record_id"]
    statement = compiled.statement.with_only_columns(found.label("id")).order_by(None)
    return (statement if only is None else statement.where(found.in_(only))).cte("chosen")


def _currencies_of(store: ReadStore, schema: Schema, connection: Connection) -> Currencies:
    seen = _currencies.get(store)
    if seen is None or seen[0] is not schema:
        seen = _currencies[store] = (schema, read_currencies(connection, schema))
    return seen[1]


def _total(spec: QuerySpec, compiled: Compiled, found: Sequence[Row[Any]]) -> int | None:
    if spec.limit is None and not spec.offset:
        return len(found) if compiled.record_id or spec.distinct else None
    if compiled.total is None:
        return None
    if not found:
        return None if spec.offset else 0
    total = int(found[0]._mapping[compiled.total])
    return total if compiled.counted_up_to is None or total <= compiled.counted_up_to else None
