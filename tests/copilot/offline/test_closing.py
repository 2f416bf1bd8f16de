"""Deals that are going to close: open ones by their expected day, never those that have closed."""

from datetime import date
from decimal import Decimal

import pytest

from copilot.offline.plan import Query
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.query.run import run_query
from tests.factories import make_account, make_deal, make_task

TODAY = date(2017, 11, 15)


@pytest.fixture
def world(sqlite_store: Store) -> Store:
    acme = make_account(sqlite_store, "Acme")

    def deal(name: str, stage: str, closes_on: date, closed_on: date | None = None) -> None:
        make_deal(sqlite_store, name, stage=stage, account=acme, amount=Decimal(100), closes_on=closes_on,
                  closed_on=closed_on)  # fmt: skip

    deal("near", "Engaging", date(2017, 11, 28))
    deal("far", "Engaging", date(2018, 3, 5))
    deal("gone", "Won", date(2017, 11, 20), date(2017, 11, 3))
    deal("old", "Won", date(2017, 3, 20), date(2017, 3, 3))
    return sqlite_store


def asked(store: Store, text: str) -> list[object]:
    """The first value of each row."""
    plan = Planner(store.for_agent).plan(text, actor=ADMIN, today=TODAY)
    assert isinstance(plan, Query), plan
    return [row.values[0] for row in run_query(store, plan.spec, actor=ADMIN, today=TODAY).rows]


@pytest.mark.parametrize(
    "text",
    [
        "deals that will close this month", "deals expected to close this month", "which deals are about to close",
        "deals closing soon", "本月要关闭的商机", "本月将关闭的商机", "这个月要成交的商机", "本月预计关闭的商机",
        "即将成交的商机",
    ],
)  # fmt: skip
def test_what_is_about_to_close_is_open(world, text):
    assert asked(world, text) == ["near"]


@pytest.mark.parametrize("text", ["deals expected to close in March", "三月预计成交的商机"])
def test_a_month_without_a_year_is_the_one_to_come(world, text):
    assert asked(world, text) == ["far"]


def test_money_that_is_to_come_is_no_booking(world):
    assert asked(world, "how much is expected to close this month") == [Decimal(100)]


def test_what_has_closed_has_closed(world):
    assert asked(world, "本月已关闭的商机") == ["gone"]


def test_open_tasks_are_asked_for_and_not_made(world):
    make_task(world, "Call Ada", due_on=TODAY)
    plan = Planner(world.for_agent).plan("open tasks", actor=ADMIN, today=TODAY)

    assert isinstance(plan, Query)
    assert plan.spec.entity == "task"
