"""Questions about one record share a statement with those about another."""

import pytest

from crm_core.access import ADMIN, Scope
from crm_core.query import run
from crm_core.query.run import run_query
from crm_core.query.spec import All, Any, Condition, Not, QuerySpec
from tests import factories
from tests.conftest import TODAY


@pytest.fixture
def deals(store):
    """By account, its deals; the account with number 1 has none."""
    made = {name: factories.make_account(store, name) for name in ("Acme", "Bolt")}
    for name, account in made.items():
        for n in range(2):
            factories.make_deal(store, f"{name} {n}", account=account, amount=n)
    return store, made["Acme"], made["Bolt"]


def names(store, where, actor=ADMIN):
    spec = QuerySpec(entity="deal", columns=["name"], where=where)
    found = run_query(store, spec, actor=actor, today=TODAY)
    assert found.spec == spec
    return sorted(row.values[0] for row in found.rows)


def made(store):
    return len(run._known[store].made)


def test_it_is_made_once_for_all_of_them(deals):
    store, acme, bolt = deals

    assert names(store, Condition(field="account", value=acme)) == ["Acme 0", "Acme 1"]
    count = made(store)
    assert names(store, Condition(field="account", value=bolt)) == ["Bolt 0", "Bolt 1"]
    assert names(store, Condition(field="account", value=1)) == []
    assert names(store, Condition(field="account", value=-1)) == []
    assert made(store) == count


def test_each_record_keeps_its_place_among_other_tests(deals):
    store, acme, bolt = deals
    large = Condition(field="amount", value=1)

    def both(one, other):
        return [Condition(field="account", value=one), large, Condition(field="account.parent", op="empty"),
                Not(none=Condition(field="account", value=other))]  # fmt: skip

    assert names(store, All(all=both(acme, bolt))) == ["Acme 1"]
    assert names(store, All(all=both(bolt, acme))) == ["Bolt 1"]
    assert names(store, All(all=both(acme, acme))) == []
    assert names(store, All(all=[*both(acme, bolt), Condition(field="account", value=bolt)])) == []


def test_ids_deeper_in_a_question_stay_what_they_are(deals):
    store, acme, _ = deals
    where = Any(any=[Condition(field="account", value=0), Condition(field="account", value=acme)])

    assert names(store, All(all=[where, Condition(field="account", value=acme)])) == ["Acme 0", "Acme 1"]


def test_the_record_must_be_one_that_the_person_may_see(deals):
    store, acme, _ = deals
    ada = factories.make_user(store, "Ada")
    hidden = factories.make_account(store, "Hidden", owner=factories.make_user(store, "Bo"))
    factories.make_deal(store, "On hidden", account=hidden, owner=ada)
    actor = factories.actor_for(ada, reads=Scope.OWN)

    assert names(store, Condition(field="account", value=acme), actor) == ["Acme 0", "Acme 1"]
    assert names(store, Condition(field="account", value=hidden), actor) == []
    assert names(store, Condition(field="account", value=hidden)) == ["On hidden"]


@pytest.mark.parametrize("kind", ["account", "contact", "deal", "product", "user"])
def test_what_is_worked_out_for_one_record_is_what_is_worked_out_for_all(deals, kind):
    store, acme, _ = deals
    factories.make_interaction(store, TODAY, account=acme)
    entity = store.schema.entity(kind)
    columns = [f.name for f in entity.fields.values() if f.derived is not None and f.ask]
    spec = QuerySpec(entity=kind, columns=columns)

    whole = {row.record_id: row.values for row in run_query(store, spec, actor=ADMIN, today=TODAY).rows}
    ones = {
        one: run_query(store, spec, actor=ADMIN, today=TODAY, only=[one]).rows[0].values for one in whole
    }  # fmt: skip

    assert ones == whole


def test_what_is_worked_out_for_one_record_looks_at_no_other(sqlite_store):
    spec = QuerySpec(entity="account", columns=["won_amount", "open_deal_count", "purchase_amount"])

    found = run_query(sqlite_store, spec, actor=ADMIN, today=TODAY, only=[1])

    with sqlite_store.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {found.sql}", (1,) * found.sql.count("?"))
        assert {row[3] for row in plan if row[3].startswith("SCAN")} <= {f"SCAN stages_{n}" for n in range(9)}
