"""Questions made at random: nothing but `Invalid` is ever raised, and both databases give the same answer."""

import os
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from crm_core.access import ADMIN, Actor, Scope
from crm_core.db import AgentStore, ReadStore, Store
from crm_core.errors import Invalid
from crm_core.models import RECORDS, Kind, StageKind
from crm_core.query.run import run_query
from crm_core.query.spec import Op, QuerySpec
from crm_core.query.words import spec_in_words
from crm_core.schema import Entity, build_schema
from crm_core.setup import create_store
from tests.conftest import TODAY
from tests.factories import CREATED, actor_for

pytestmark = pytest.mark.postgres
SCHEMA = build_schema()
EXAMPLES = 3000 if os.environ.get("FARLEY_SOAK") else 60
ROWS = 9
TEXTS = ("Acme", "acme", "Ärzte GmbH", "50% off_", "it's", "", "客户", "x' OR '1'='1", 'quo"te', "back\\slash", "zz")
DAYS = [TODAY + timedelta(days=step) for step in (-700, -365, -90, -31, -1, 0, 1, 60)]
NUMBERS = (0, 1, 2, 7, 100, 125_050, -5)
CHOICES = {"kind": tuple(map(str, StageKind)), "status": ("open", "done"), "role": ("rep", "manager")}


@pytest.fixture(scope="module")
def twins(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[tuple[Store, AgentStore]]:
    """Two stores with the same made-up records; the second is asked as the agent does, behind row-level security."""
    url = f"sqlite:///{tmp_path_factory.mktemp('twins') / 'farley.db'}"
    stores = create_store(url), Store(request.getfixturevalue("postgres_database")("twins"))
    draw = random.Random(7)
    filled = {model.__entity__.name: _records(draw, SCHEMA.entity(model.__entity__.name)) for model in RECORDS}
    for store in stores:
        with store.write() as connection:
            if not store.is_sqlite:
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            else:
                connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            for name, records in filled.items():
                connection.execute(insert(SCHEMA.entity(name).table), records)
    yield stores[0], stores[1].for_agent
    for store in stores:
        store.close()


def _records(draw: random.Random, entity: Entity) -> list[dict[str, Any]]:
    return [_record(draw, entity, at) for at in range(1, ROWS + 1)]


def _record(draw: random.Random, entity: Entity, at: int) -> dict[str, Any]:
    row: dict[str, Any] = {"id": at, "deleted_at": CREATED if at == ROWS else None}
    for field in entity.fields.values():
        if field.column is None:
            continue
        must = not entity.table.c[field.column].nullable
        row[field.column] = (
            None if not must and draw.random() < 0.25 else _value(draw, entity.name, field.name, field.kind)
        )
    return row


def _value(draw: random.Random, entity: str, name: str, kind: Kind) -> Any:
    if entity == "exchange_rate" and kind is not Kind.TEXT:
        return {"from_currency": "EUR", "to_currency": "USD", "rate": 2.0, "valid_on": DAYS[0]}.get(name, CREATED)
    if kind is Kind.REFERENCE:
        return draw.randint(1, ROWS)
    if kind is Kind.DATE:
        return draw.choice(DAYS)
    if kind is Kind.DATETIME:
        return datetime.combine(draw.choice(DAYS), datetime.min.time(), UTC) + timedelta(hours=draw.randint(0, 23))
    if kind is Kind.BOOLEAN:
        return draw.random() < 0.5
    if kind is Kind.CURRENCY:
        return draw.choice(("USD", "EUR"))
    if kind in (Kind.MONEY, Kind.INTEGER, Kind.DECIMAL, Kind.PERCENT, Kind.YEAR):
        return draw.choice(NUMBERS)
    return draw.choice(CHOICES.get(name, TEXTS))


scalars = st.one_of(
    st.sampled_from([*TEXTS, *map(str, DAYS), "open", "won", "USD", "nope"]),
    st.sampled_from([*NUMBERS, 0.5, 1e14, 2**62]),
    st.booleans(),
)
operators = st.sampled_from(get_args(Op))
sizes = st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le"])


@st.composite
def paths(draw: st.DrawFn, entity: str) -> str:
    """A dotted field of the entity, now and then one that does not exist."""
    names: list[str] = []
    at = SCHEMA.entity(entity)
    for _ in range(draw(st.integers(1, 3))):
        field = draw(st.sampled_from(list(at.fields.values())))
        names.append(field.name)
        if field.target is None:
            break
        at = SCHEMA.entity(field.target)
    return ".".join(names) if draw(st.integers(0, 40)) else "nonsense"


@st.composite
def conditions(draw: st.DrawFn, entity: str) -> dict[str, Any]:
    condition = {"field": draw(paths(entity)), "op": draw(operators)}
    if draw(st.integers(0, 9)) == 0:
        return condition | {"other": draw(paths(entity))}
    value = draw(_fitting(entity, condition["field"])) if draw(st.integers(0, 4)) else draw(scalars)
    if condition["op"] == "between":
        return condition | {"value": [value, value]}
    return condition | {"value": [value] if condition["op"] in ("in", "not_in") else value}


def _fitting(entity: str, dotted: str) -> st.SearchStrategy[Any]:
    try:
        kind = SCHEMA.path(entity, dotted).field.kind
    except Invalid:
        return scalars
    if kind in (Kind.DATE, Kind.DATETIME):
        return st.sampled_from([str(day) for day in DAYS])
    if kind is Kind.BOOLEAN:
        return st.booleans()
    if kind in (Kind.MONEY, Kind.INTEGER, Kind.DECIMAL, Kind.PERCENT, Kind.YEAR):
        return st.sampled_from([*NUMBERS, 1250.5, 0.5])
    return st.sampled_from([*TEXTS, "open", "won", "ac"])


@st.composite
def filters(draw: st.DrawFn, entity: str, depth: int = 2) -> dict[str, Any]:
    shape = draw(st.sampled_from(["one", "one", "one", "all", "any", "not", "children"])) if depth else "one"
    if shape == "one":
        return draw(conditions(entity))
    if shape == "not":
        return {"not": draw(filters(entity, depth - 1))}
    children = SCHEMA.entity(entity).children
    if shape == "children" and children:
        child = draw(st.sampled_from(list(children.values())))
        test: dict[str, Any] = {"children": child.name, "op": draw(sizes), "value": draw(st.integers(0, 3))}
        if draw(st.booleans()):
            test["where"] = draw(filters(child.entity, depth - 1))
        if draw(st.integers(0, 3)) == 0:
            test["measure"] = draw(measures(child.entity, 0))
        return test
    return {"any" if shape == "any" else "all": draw(st.lists(filters(entity, depth - 1), min_size=1, max_size=3))}


@st.composite
def measures(draw: st.DrawFn, entity: str, depth: int = 1) -> dict[str, Any]:
    metrics = [metric.name for metric in SCHEMA.metrics.values() if metric.entity == entity]
    if metrics and draw(st.booleans()):
        measure: dict[str, Any] = {"metric": draw(st.sampled_from(metrics))}
    elif draw(st.booleans()):
        measure = {"fn": "count"}
    else:
        fn = draw(st.sampled_from(["count", "sum", "avg", "min", "max", "median"]))
        measure = {"fn": fn, "field": draw(paths(entity))}
    if depth and draw(st.integers(0, 3)) == 0:
        measure["where"] = draw(filters(entity, 1))
    if depth and draw(st.integers(0, 5)) == 0:
        measure["over"] = draw(measures(entity, 0))
    if depth and draw(st.integers(0, 5)) == 0:
        measure[draw(st.sampled_from(["share", "running", "growth"]))] = True
    return measure


@st.composite
def groups(draw: st.DrawFn, entity: str) -> dict[str, Any]:
    dotted = draw(paths(entity))
    try:
        is_date = SCHEMA.path(entity, dotted).field.is_date
    except Invalid:
        is_date = False
    bucket = draw(st.sampled_from(["day", "week", "month", "quarter", "half", "year", "weekday"])) if is_date else None
    cuts = draw(st.sampled_from([[], [], [30, 100.5]])) if not is_date else []
    return {"field": dotted, "bucket": bucket, "cuts": cuts}


@st.composite
def specs(draw: st.DrawFn) -> dict[str, Any]:
    entity = draw(st.sampled_from(["deal", "deal", "account", "interaction", *SCHEMA.entities]))
    spec: dict[str, Any] = {"entity": entity}
    if draw(st.booleans()):
        spec["where"] = draw(filters(entity))
    if draw(st.booleans()):
        spec["limit"] = draw(st.integers(1, 4))
        spec["with_ties"] = draw(st.booleans())
        spec["offset"] = draw(st.integers(0, 2))
    if draw(st.booleans()):
        return spec | _list(draw, entity)
    spec["measures"] = draw(st.lists(measures(entity), min_size=1, max_size=3))
    spec["group_by"] = draw(st.lists(groups(entity), max_size=2))
    if draw(st.integers(0, 4)) == 0:
        spec["summary"] = draw(st.sampled_from(["avg", "median", "sum", "min", "max", "count", "gap"]))
    if draw(st.integers(0, 4)) == 0 and spec["group_by"]:
        spec["order_by"] = [{"by": spec["group_by"][0]["field"], "descending": draw(st.booleans())}]
        spec["top_per"] = draw(st.sampled_from([None, {"field": spec["group_by"][0]["field"]}]))
    if draw(st.integers(0, 5)) == 0:
        field = draw(paths(entity))
        spans = ({"field": field, "until": str(TODAY)}, {"field": field, "since": str(DAYS[2])})
        spec["compare_to"] = dict(zip(("base", "against"), spans, strict=True))
    return spec


def _list(draw: st.DrawFn, entity: str) -> dict[str, Any]:
    spec: dict[str, Any] = {"columns": draw(st.lists(paths(entity), max_size=4)), "distinct": draw(st.booleans())}
    if draw(st.booleans()) and not spec["distinct"]:
        spec["order_by"] = [{"by": draw(paths(entity)), "descending": draw(st.booleans())}]
    return spec


actors = st.sampled_from([
    ADMIN, actor_for(1, reads=Scope.OWN), actor_for(2, reads=Scope.TEAM, team=[3, 4]), actor_for(99, reads=Scope.OWN),
])  # fmt: skip


@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=not os.environ.get("FARLEY_SOAK"), database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(spec=specs(), actor=actors)
def test_both_databases_answer_alike(twins, spec, actor):
    first, second = (_answer(store, spec, actor) for store in twins)

    assert first == second


def _answer(store: ReadStore, given: dict[str, Any], actor: Actor) -> Any:
    spec = QuerySpec.model_validate(given)
    try:
        result = run_query(store, spec, actor=actor, today=TODAY)
    except Invalid as refused:
        return str(refused)
    for lang in ("en", "zh"):
        assert spec_in_words(spec, SCHEMA, today=TODAY, lang=lang)
    shown = [tuple(_rounded(value) for value in row.values) for row in result.rows]
    return result.columns, shown, [row.record_id for row in result.rows], result.total, result.missing


def _rounded(value: Any) -> Any:
    if isinstance(value, float | Decimal):
        return pytest.approx(float(value), rel=1e-9, abs=0.011)
    return value if not isinstance(value, date) else str(value)
