"""An import reaches as far as the person does: what they may not see is not found, what they may not change stays."""

import pytest
from sqlalchemy import select

from crm_core.access import Actor, Scope
from crm_core.models import Account, Deal
from crm_core.transfer import apply_import, plan_import, preview_import
from tests.crm_core.transfer.conftest import TODAY
from tests.factories import actor_for, make_account, make_deal, make_user


@pytest.fixture
def people(store):
    return make_user(store, "Ada North"), make_user(store, "Bo Lund")


def run(store, path, actor):
    plan = plan_import(store, [path], today=TODAY, actor=actor)
    return plan, preview_import(store, plan), apply_import(store, plan, actor=actor)


def own(user_id: int) -> Actor:
    return actor_for(user_id, reads=Scope.OWN)


def industries(store):
    with store.read() as connection:
        rows = connection.execute(select(Account.name, Account.industry, Account.owner_id))
        return sorted(map(tuple, rows), key=str)


def test_a_record_of_somebody_else_that_may_be_seen_is_not_changed(store, people, write):
    ada, bo = people
    make_account(store, "Acme", owner=ada, industry="retail")
    make_account(store, "Bolt", owner=bo, industry="retail")
    path = write("accounts.csv", "name,industry\nAcme,medical\nBolt,medical\n")

    _, before, report = run(store, path, actor_for(ada))

    assert industries(store) == [("Acme", "medical", ada), ("Bolt", "retail", bo)]
    assert "another owner" in report.problems[0][2]
    assert before.problems == report.problems


def test_what_may_not_be_seen_is_neither_found_nor_named(store, people, write):
    ada, bo = people
    make_account(store, "Bolt Industries", owner=bo, external_id="A-7", industry="retail")
    path = write("accounts.csv", "id,name,industry\nA-7,Bolt Industries,medical\n")

    plan, before, report = run(store, path, own(ada))

    assert not plan.near_misses
    assert not report.problems
    assert before.files["accounts.csv"].created == report.files["accounts.csv"].created == 1
    assert industries(store) == [("Bolt Industries", "medical", None), ("Bolt Industries", "retail", bo)]


def test_a_name_that_only_others_may_see_is_no_reference(store, people, write):
    ada, bo = people
    hidden = make_account(store, "Bolt", owner=bo)
    make_deal(store, "Bolt 1", account=hidden, owner=bo)
    path = write("deals.csv", "deal,account,amount,stage\nBolt 2,Bolt,500,Engaging\n")

    run(store, path, own(ada))

    with store.read() as connection:
        accounts = {row.name: row.account_id for row in connection.execute(select(Deal.name, Deal.account_id))}
    assert accounts["Bolt 1"] == hidden
    assert accounts["Bolt 2"] != hidden
