"""How SQLite finds the rows. It keeps no statistics, so that its plan for a small store is its plan for a large one."""

import pytest

from crm_core.access import ADMIN, Scope
from crm_core.query.compile import compile_spec
from crm_core.query.spec import QuerySpec
from crm_core.schema import build_schema
from tests.factories import actor_for

IS_OPEN = {"field": "stage.kind", "value": "open"}
NOW = {"field": "closes_on", "op": "between", "value": ["2017-10-01", "2017-12-31"]}
BY_AMOUNT = [{"by": "amount", "descending": True}]
OWN = actor_for(7, reads=Scope.OWN)

PLANS = [
    (
        "the pipeline is added up from an index alone",
        {"entity": "deal", "measures": [{"metric": "pipeline"}], "group_by": [{"field": "stage"}]},
        ["USING COVERING INDEX ix_deals_open (stage_id=?)"],
    ),
    (
        "what closes this quarter is found by its date, not in the order of its owners",
        {"entity": "deal", "where": {"all": [IS_OPEN, NOW]}, "group_by": [{"field": "owner"}]},
        ["USING COVERING INDEX ix_deals_open (stage_id=? AND closes_on>? AND closes_on<?)"],
    ),
    (
        "the rates of a year are added up from an index alone",
        {
            "entity": "deal", "measures": [{"metric": "win_rate"}], "group_by": [{"field": "owner.region"}],
            "where": {"field": "closed_on", "op": "ge", "value": "2017-01-01"},
        },
        ["USING COVERING INDEX ix_deals_closed (stage_id=? AND closed_on>?)"],
    ),
    (
        "the largest open deals are read off in order",
        {"entity": "deal", "where": IS_OPEN, "order_by": BY_AMOUNT, "limit": 10},
        ["USING INDEX ix_deals_amount_minor"],
    ),
    (
        "one owner's deals are found by the owner",
        {"entity": "deal", "where": {"all": [IS_OPEN, {"field": "owner", "value": "Ann"}]}, "limit": 10},
        ["USING INDEX ix_deals_owner_id (owner_id=?)"],
    ),
    (
        "silent accounts are told by an index alone",
        {
            "entity": "account",
            "where": {
                "children": "interactions", "op": "eq", "value": 0,
                "where": {"field": "happened_on", "op": "ge", "value": "2017-10-16"},
            },
        },
        ["USING COVERING INDEX ix_interactions_account_happened (account_id=? AND happened_on>?)"],
    ),
    (
        "what every account's deals add up to is worked out once",
        {"entity": "account", "order_by": [{"by": "won_amount", "descending": True}], "limit": 10},
        ["MATERIALIZE", "USING AUTOMATIC COVERING INDEX (parent=?)"],
    ),
    (
        "a rep's own records are found from each side that may own them",
        {"entity": "interaction", "measures": [{"fn": "count"}], "actor": OWN},
        ["MULTI-INDEX OR", "ix_interactions_user_id (user_id=?)", "ix_interactions_deal_happened (deal_id=?)"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "steps"), [plan[1:] for plan in PLANS], ids=[plan[0] for plan in PLANS])
def test_rows_are_found_by_an_index(sqlite_store, today, spec, steps):
    actor = spec.get("actor", ADMIN)
    asked = QuerySpec.model_validate({key: value for key, value in spec.items() if key != "actor"})
    compiled = compile_spec(
        asked, schema=build_schema(), actor=actor, today=today, dialect="sqlite", base_currency="USD"
    )

    with sqlite_store.read() as connection:
        sql = compiled.statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}").all()

    plan = "\n".join(row[-1] for row in found)
    assert [step for step in steps if step not in plan] == [], plan
