"""Asking a store: one statement a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import CTE, Connection, Row, Select

from crm_core.access import Actor, visible_to
from crm_core.db import ReadStore
from crm_core.query.compile import Compiled, compile_spec
from crm_core.query.compile.checks import check_size
from crm_core.query.compile.given import lift
from crm_core.query.currencies import Currencies, money_for, read_currencies
from crm_core.query.pages import Page, Pages, fetch
from crm_core.query.result import QueryResult, Value
from crm_core.query.spec import QuerySpec
from crm_core.schema import Schema

_Key = tuple[str, Actor, date, bool, bool]
_Made = tuple[Compiled, Pages]
_MOST_STATEMENTS = 500
_FEW = 50  # records, for each of which its children are looked up rather than for all at once


@dataclass(frozen=True)
class _Known:
    """What was worked out for a store at a revision.

    Attributes:
        revision: of the store.
        schema: its registry.
        currencies: that its amounts are in.
        made: the statements of questions. While there is one currency, they hang on nothing else.
    """

    revision: int
    schema: Schema
    currencies: Currencies
    made: dict[_Key, _Made]


_known: WeakKeyDictionary[ReadStore, _Known] = WeakKeyDictionary()


def run_query(
    store: ReadStore,
    spec: QuerySpec,
    *,
    actor: Actor,
    today: date,
    only: Sequence[int] | None = None,
    page: Page | None = None,
    is_page: bool = False,
) -> QueryResult:
    """The answer to a question, as far as the actor may see.

    Args:
        store: that is asked.
        spec: the question.
        actor: who asks.
        today: the day of the question.
        only: ids of the records that may be among the rows of a whole list (a spec without measures and limit).
        page: of a whole list, the part that is wanted: in the order of ids where the question says none.
        is_page: a limited list is a part of a long one: it tells no total.

    Raises:
        Invalid: the question does not fit the store; the text says what would.
    """
    check_size(spec)
    with store.read(actor) as connection:
        known = _known_at(store, connection)
        is_few = only is not None and len(only) <= _FEW
        shape, given = lift(known.schema, spec) if len(known.currencies.everywhere) <= 1 else (spec, {})
        compiled, pages = _compiled(
            known, connection, shape, actor=actor, today=today, is_page=is_page or page is not None, is_few=is_few
        )  # fmt: skip
        if only is not None:
            sql, found = pages.among(connection, only, given)
        elif page is not None:
            sql, found = pages.read(connection, page, given)
        else:
            sql, found = fetch(connection, compiled.statement, given)
    columns, rows = compiled.read(found)
    return QueryResult(
        spec=spec,
        entity=spec.entity,
        columns=columns,
        rows=rows,
        total=_total(spec, compiled, found),
        keys=_keys(pages, found) if page is not None else (),
        missing={name: sum(row._mapping[label] or 0 for row in found) for name, label in compiled.missing.items()},
        sql=sql,
    )


def _known_at(store: ReadStore, connection: Connection) -> _Known:
    revision, schema = store.revised_schema_at(connection)
    known = _known.get(store)
    if known is not None and known.revision == revision and known.schema is schema:
        return known
    currencies = read_currencies(connection, schema)
    is_good = known is not None and known.schema is schema and known.currencies == currencies
    made = known.made if known is not None and is_good and len(currencies.everywhere) <= 1 else {}
    known = _known[store] = _Known(revision, schema, currencies, made)
    return known


def _compiled(
    known: _Known, connection: Connection, spec: QuerySpec, *, actor: Actor, today: date, is_page: bool = False,
    is_few: bool = False,
) -> _Made:  # fmt: skip
    """The statement of a question; asked again, it is there already."""
    key, schema = (repr(spec), actor, today, is_page, is_few), known.schema
    made = known.made.get(key)
    if made is None:
        money = money_for(connection, spec, schema=schema, actor=actor, today=today, known=known.currencies)
        compiled = compile_spec(
            spec, schema=schema, actor=actor, today=today, dialect=connection.dialect.name,
            base_currency=known.currencies.base, money=money, is_page=is_page,
            is_few=is_few,
        )  # fmt: skip
        entity = schema.entity(spec.entity)
        is_filtered = spec.where is not None or visible_to(actor, entity) is not None
        if len(known.made) >= _MOST_STATEMENTS:
            known.made.clear()
        made = known.made[key] = compiled, Pages(compiled, is_filtered=is_filtered)
    return made


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
    compiled, *_ = _compiled(_known_at(store, connection), connection, spec, actor=actor, today=today)
    found = compiled.statement.selected_columns["record_id"]
    statement = compiled.statement.with_only_columns(found.label("id")).order_by(None)
    return (statement if only is None else statement.where(found.in_(only))).cte("chosen")


def _keys(pages: Pages, found: Sequence[Row[Any]]) -> tuple[tuple[Value, ...], ...]:
    names = pages.parts.keys
    return tuple(tuple(row._mapping[name] for name in names) for row in found) if names else ((),) * len(found)


def _total(spec: QuerySpec, compiled: Compiled, found: Sequence[Row[Any]]) -> int | None:
    if spec.limit is None and not spec.offset:
        return len(found) if compiled.record_id or spec.distinct else None
    if compiled.total is None:
        return None
    if not found:
        return None if spec.offset else 0
    total = int(found[0]._mapping[compiled.total])
    return total if compiled.counted_up_to is None or total <= compiled.counted_up_to else None
