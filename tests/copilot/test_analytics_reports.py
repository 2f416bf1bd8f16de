"""Funnel, customers and people: each report through the whole loop, asked for in both languages."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from uuid import uuid4

import pytest

from copilot.agent import Copilot
from copilot.models import offline_model
from copilot.reply import Reply, Status
from copilot.serialise import reply_to_json
from crm_core.access import ADMIN, Scope
from crm_core.db import Store
from tests.factories import (
    actor_for,
    make,
    make_account,
    make_deal,
    make_interaction,
    make_order,
    make_user,
    stage_named,
)

TODAY = date(2017, 11, 15)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture(scope="module")
def world(sqlite_template, tmp_path_factory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("analytics") / "farley.db"
    shutil.copyfile(sqlite_template, path)
    store = with_customers(Store(f"sqlite:///{path}"))
    yield store
    store.close()


@pytest.fixture(scope="module")
def ask(world) -> Callable[..., Reply]:
    """Asks one planner, which reads the store's words once."""
    return asking(world)


def asking(store: Store) -> Callable[..., Reply]:
    copilot = Copilot(offline_model(store.for_agent), store.for_agent)
    return lambda text, actor=ADMIN: copilot.ask(text, thread=uuid4().hex, actor=actor, today=TODAY)


def rows_of(reply: Reply) -> list[list]:
    shown = reply_to_json(reply, id=1)
    assert shown["status"] == "answered", shown["text"]
    return shown["rows"]


def with_customers(store: Store) -> Store:
    """Three deals, two customers, a quota and a call of one rep; a second rep has nothing."""
    with store.write() as connection:
        make_user(connection, "Nobody Yet", id=77)
        rep = make_user(connection, "Moses Frase")
        for at, outcome in enumerate(("Won", "Lost", "Engaging")):
            deal = make_deal(connection, f"Deal {at}", stage=outcome, owner=rep, amount=1_000, started_on=days_ago(80),
                             closed_on=None if outcome == "Engaging" else days_ago(20))  # fmt: skip
            steps = ["Prospecting"] if outcome == "Lost" else ["Prospecting", "Engaging"]
            for place, stage in enumerate(steps):
                to_stage = stage_named(connection, stage)
                make(connection, "stage_change", deal=deal, to_stage=to_stage, changed_on=days_ago(80 - 30 * place))
        account = make_account(connection, "Germany Works", country="Germany", owner=rep)
        for days in (120, 100, 80):
            make_order(connection, account=account, ordered_on=days_ago(days), amount=50, owner=rep)
        once = make_account(connection, "France Works", country="France", owner=rep)
        make_order(connection, account=once, ordered_on=days_ago(400), amount=70, owner=rep)
        make(connection, "quota", owner=rep, starts_on=date(2017, 10, 1), ends_on=date(2017, 12, 31), amount=4_000)
        make_interaction(connection, days_ago(2), user=rep, kind="call")
    return store


def test_the_funnel_counts_who_reached_each_stage_and_how_long_they_stayed(ask):
    rows = rows_of(ask("show me the sales funnel"))

    assert rows == [["Prospecting", 3, None, 30], ["Engaging", 2, pytest.approx(2 / 3), 30]]
    assert "1 won (33%), 1 lost" in ask("funnel").text


def test_cohorts_count_who_bought_again(ask):
    rows = rows_of(ask("cohort analysis"))

    assert rows == [["2016-10", 1, 0, 0, 70], ["2017-07", 1, 1, 1, 150]]


def test_the_next_order_is_estimated_or_not_enough_data(ask):
    assert rows_of(ask("when will our customers buy again?")) == [
        ["Germany Works", "2017-09-16", "2017-08-27", 20, 3],
    ]  # fmt: skip
    assert "not enough data for 1 customers" in ask("next orders").text
    assert [row[0] for row in rows_of(ask("when will Germany Works order again?"))] == ["Germany Works"]


def test_attainment_sets_won_deals_against_quotas(ask):
    assert rows_of(ask("quota attainment")) == [["Moses Frase", 1_000, 4_000, 0.25]]


def test_activity_counts_each_kind(ask):
    assert rows_of(ask("activity report")) == [["Moses Frase", 1, 0, 1, 0, 0, 0]]


def test_lifecycle_and_segments_name_those_in_danger(ask):
    reply = ask("lifecycle report")

    assert "France Works: last bought on 2016-10-11" in reply.text
    assert reply.citations[0].label == "France Works"
    assert rows_of(ask("rfm segments")) == rows_of(ask("rfm analysis"))
    assert sum(row[1] for row in rows_of(ask("rfm analysis"))) == 2


@pytest.mark.parametrize(
    ("text", "english"), [("客户生命周期分析", "at risk"), ("RFM分析", "champions"), ("客户按生命周期分", "loyal")]
)
def test_what_customers_are_called_is_told_in_chinese(ask, text, english):
    reply = ask(text)

    assert english in str(reply_to_json(reply, id=1)["rows"])  # the data itself stays as it is
    assert english not in reply.text
    assert all(english not in answer.query_text for answer in reply.answers)


def test_which_customers_may_leave_is_a_question_about_customers(ask):
    for text in ("which customers are at risk of leaving?", "流失风险客户"):
        assert "France Works" in str(rows_of(ask(text)))
        assert "Germany Works" not in str(rows_of(ask(text)))


@pytest.mark.parametrize(
    "text",
    [
        "销售漏斗",
        "客户同期群分析",
        "RFM分析",
        "客户生命周期报告",
        "下次购买预测",
        "指标完成情况",
        "活动量统计",
        "赢单周期报告",
    ],
)
def test_each_report_is_told_in_chinese(ask, text):
    reply = ask(text)

    assert reply.status is Status.ANSWERED
    assert reply.pages
    assert any("一" <= character <= "鿿" for character in reply.text.splitlines()[0])


def test_a_report_is_narrowed_and_guarded_like_a_question(ask):
    assert [row[0] for row in rows_of(ask("lifecycle report in Germany"))] == ["loyal"]
    assert "0 deals entered" in ask("funnel", actor=actor_for(77, reads=Scope.OWN)).text


def test_what_a_report_cannot_do_is_said(ask):
    assert "as of today" in ask("rfm analysis for last year").text
    assert "own way" in ask("funnel by owner").text


def test_an_empty_store_has_empty_reports(sqlite_store):
    ask = asking(sqlite_store)
    for name in ("funnel", "cohorts", "rfm", "lifecycle", "next_order", "attainment", "activity", "cycle_time"):
        assert ask(f"report {name}").status is not Status.ERROR
