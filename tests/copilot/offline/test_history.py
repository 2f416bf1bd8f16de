"""Questions about what was said: recognised by form, read for whom, when and where; all other questions left alone."""

from datetime import date

import pytest

from copilot.offline.history import asks_what_was_said
from copilot.offline.plan import Cannot, Clarify, Query, Search
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.setup import create_store
from tests.factories import make_account, make_contact, make_interaction

TODAY = date(2017, 11, 15)


@pytest.fixture(scope="module")
def planner(tmp_path_factory):
    store: Store = create_store(f"sqlite:///{tmp_path_factory.mktemp('history')}/farley.db")
    acme = make_account(store, "Acme", id=1)
    make_contact(store, "Ada Byron", id=2, account=acme)
    make_account(store, "海纳科技", id=3)
    make_interaction(store, date(2017, 11, 1), kind="email", body="Price.", account=acme)
    yield Planner(store)
    store.close()


@pytest.mark.parametrize(
    ("text", "query", "about"),
    [
        ("What did Acme say about the price?", "price", [("account", 1)]),
        ("did Ada Byron ever mention a rival product", "a rival product", [("contact", 2)]),
        ("any objections from Acme?", "objections", [("account", 1)]),
        ("What are Acme's concerns about security?", "concerns security", [("account", 1)]),
        ("What did the CFO of Acme say about the price?", "price", [("account", 1)]),
        ("what did Acme and Ada Byron say about the price?", "price", [("account", 1), ("contact", 2)]),
        ("who asked for a discount?", "a discount", []),
        ("what did we promise Ada Byron?", "promise", [("contact", 2)]),
        ("what do customers say about onboarding?", "onboarding", []),
        ("search our notes for single sign-on", "single sign-on", []),
        ("关于价格，海纳科技说了什么？", "价格", [("account", 3)]),
        ("海纳科技对交付有什么顾虑？", "顾虑 交付", [("account", 3)]),
        ("谁提到过数据安全？", "数据安全", []),
    ],
)
def test_whom_and_what(planner: Planner, text, query, about):
    plan = planner.plan(text, actor=ADMIN, today=TODAY)

    assert isinstance(plan, Search)
    assert (plan.query, list(plan.about)) == (query, about)


def test_days_and_kinds_narrow_it(planner: Planner):
    plan = planner.plan("search the emails for discounts since October", actor=ADMIN, today=TODAY)

    assert isinstance(plan, Search)
    assert (plan.query, plan.kinds, plan.since, plan.until) == ("discounts", ("email",), date(2017, 10, 1), None)


def test_without_a_topic_the_newest_is_shown(planner: Planner):
    plan = planner.plan("what did Acme say last week?", actor=ADMIN, today=TODAY)

    assert isinstance(plan, Query)
    assert plan.spec.entity == "interaction"
    assert plan.spec.order_by[0].descending


def test_a_stranger_is_named(planner: Planner):
    plan = planner.plan("what did Zorblatt say about us?", actor=ADMIN, today=TODAY)

    assert isinstance(plan, Cannot)
    assert "Zorblatt" in plan.reason


def test_a_stranger_beside_a_known_one_is_named(planner: Planner):
    plan = planner.plan("what did Acme and Zorblatt say about the price?", actor=ADMIN, today=TODAY)

    assert isinstance(plan, Cannot)
    assert "Zorblatt" in plan.reason


def test_two_days_are_asked_about(planner: Planner):
    plan = planner.plan("what did Acme say about the price in March and in October?", actor=ADMIN, today=TODAY)

    assert isinstance(plan, Clarify)


@pytest.mark.parametrize(
    "text",
    [
        "what did we win last quarter?", "how many calls did we log?", "which deals have no next step?",
        "did we lose any deals last month?", "log a call with Acme: they said the price is fine", "who won the most?",
        "Had lunch with Acme on Friday and they asked for references.", "What did Acme say? Log a call with Ada today.",
        "show me all open deals", "what is the amount of the Acme deal?", "remind me to ask Ada about the price",
        "上季度赢了多少？", "给海纳科技打电话，说价格可以谈", "有哪些客户没有成交？",
        "list the accounts with the most calls",
    ],
)  # fmt: skip
def test_other_requests_are_none_of_its_business(text):
    assert not asks_what_was_said(text)


@pytest.mark.parametrize(
    "text", ["what did " + "a " * 2_000 + "say", "谁" * 2_000, "what did ? say about ?", "搜索记录"]
)
def test_odd_requests_end_quickly_in_a_plan(planner: Planner, text):
    assert planner.plan(text, actor=ADMIN, today=TODAY) is not None
