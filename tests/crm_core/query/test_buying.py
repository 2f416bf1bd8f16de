"""Customers by what they buy: lifecycle, fifths and segments, as fields that any question can use."""

from datetime import date, timedelta

import pytest

from crm_core.access import ADMIN, Actor, Scope
from crm_core.db import Store
from crm_core.query.run import run_query
from crm_core.query.spec import Condition, Group, Measure, QuerySpec
from tests.factories import actor_for, make_account, make_deal, make_order, make_user

TODAY = date(2017, 11, 15)


def rows(store: Store, *columns: str, actor: Actor = ADMIN, where=None) -> list[tuple]:
    spec = QuerySpec(entity="account", columns=["name", *columns], where=where)
    return [row.values for row in run_query(store, spec, actor=actor, today=TODAY).rows]


def buys(store: Store, name: str, *days_ago: int, amount: float = 100, owner: int | None = None) -> int:
    with store.write() as connection:
        account = make_account(connection, name, owner=owner)
        for days in days_ago:
            day = TODAY - timedelta(days=days)
            make_order(connection, account=account, ordered_on=day, amount=amount, owner=owner)
    return account


@pytest.fixture
def shop(store: Store) -> Store:
    buys(store, "Never")
    buys(store, "Once", 20)
    buys(store, "Thrice", 300, 200, 180)
    buys(store, "Gone", 500, 400, 181)
    return store


def test_lifecycle_follows_the_days_since_the_last_purchase_and_their_number(shop):
    assert rows(shop, "lifecycle") == [
        ("Gone", "at risk"), ("Never", "potential"), ("Once", "active"), ("Thrice", "loyal"),
    ]  # fmt: skip


def test_a_customer_without_orders_buys_by_won_deals(sqlite_store):
    account = make_account(sqlite_store, "Dealer")
    make_deal(sqlite_store, stage="Won", account=account, closed_on=TODAY, amount=70)
    make_deal(sqlite_store, stage="Lost", account=account, closed_on=TODAY, amount=30)

    (row,) = rows(sqlite_store, "purchase_count", "purchase_amount", "last_purchase_on", "lifecycle")

    assert row == ("Dealer", 1, 70, TODAY, "active")


def test_fifths_hold_as_many_records_each_and_equal_ones_together(store):
    for at in range(10):
        buys(store, f"A{at}", 10 + at, amount=10 * (at + 1))

    found = rows(store, "recency", "frequency", "monetary")

    assert [row[1] for row in found] == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert {row[2] for row in found} == {3}
    assert [row[3] for row in found] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_who_never_bought_is_in_no_fifth(shop):
    never = next(row for row in rows(shop, "recency", "frequency", "rfm_segment") if row[0] == "Never")

    assert never == ("Never", None, None, "no buyers yet")


def test_groups_and_filters_over_what_customers_buy(shop):
    spec = QuerySpec(
        entity="account", group_by=[Group(field="lifecycle")], measures=[Measure(fn="sum", field="purchase_amount")]
    )
    found = {row.values[0]: row.values[1] for row in run_query(shop, spec, actor=ADMIN, today=TODAY).rows}

    assert found == {"potential": None, "active": 100, "loyal": 300, "at risk": 300}
    assert rows(shop, where=Condition(field="lifecycle", value="at risk")) == [("Gone",)]


def test_a_deal_is_found_by_its_customers_lifecycle(shop):
    account = buys(shop, "Asleep", 400)
    make_deal(shop, "Old friends", account=account)
    spec = QuerySpec(entity="deal", columns=["name"], where=Condition(field="account.lifecycle", value="at risk"))

    assert [row.values for row in run_query(shop, spec, actor=ADMIN, today=TODAY).rows] == [("Old friends",)]


def test_what_the_asker_may_not_see_counts_for_no_segment(shop):
    rep = make_user(shop, "Moses Frase")
    buys(shop, "Mine", 5, owner=make_user(shop, "Somebody Else"))
    shown = [row[0] for row in rows(shop, "rfm_segment", actor=actor_for(rep, reads=Scope.OWN))]

    assert "Mine" not in shown
    assert "Once" in shown
