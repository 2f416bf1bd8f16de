"""Forecasts through the whole loop: asked in words in both languages, with their past error beside them."""

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest

from copilot.agent import Copilot
from copilot.charts import is_drawn_in_boxes, to_png
from copilot.egress.withheld import Withheld
from copilot.models import offline_model
from copilot.reply import Answer, Reply, Status
from copilot.serialise import reply_to_json
from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.query.run import run_query
from crm_core.query.spec import Group, Measure, QuerySpec
from tests.crm_core.analytics.test_forecast import with_two_years
from tests.factories import make_account, make_deal

TODAY = date(2017, 11, 15)


@pytest.fixture(scope="module")
def world(sqlite_template, tmp_path_factory):
    path = tmp_path_factory.mktemp("forecast") / "farley.db"
    shutil.copyfile(sqlite_template, path)
    made = with_two_years(Store(f"sqlite:///{path}"))
    account = make_account(made, "华棠零售", country="Germany")
    make_deal(made, "华棠 新单", stage="Engaging", account=account, started_on=TODAY - timedelta(days=2), amount=50)
    yield made
    made.close()


@pytest.fixture(scope="module")
def ask(world) -> Callable[[str], Reply]:
    """Asks one planner, which reads the store's words once."""
    copilot = Copilot(offline_model(world.for_agent), world.for_agent)
    return lambda text: copilot.ask(text, thread=uuid4().hex, actor=ADMIN, today=TODAY)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("what will we close this quarter?", "Forecast for 2017-10-01 to 2017-12-31"),
        ("forecast for next quarter by owner", "Forecast for 2018-01-01 to 2018-03-31"),
        ("show me the forecast for Germany", "1 open deals"),
        ("本季度预测", "2017-10-01 至 2017-12-31 的预测"),
        ("how did the forecast change since last week?", "moved since 2017-11-05"),
        ("what changed in the forecast since last week and why?", "moved since 2017-11-05"),
        ("上周以来预测有什么变化", "自 2017-11-05 以来的变化"),
    ],
)
def test_a_forecast_is_asked_for_in_words(ask, text, told):
    reply = ask(text)

    assert reply.status is Status.ANSWERED
    assert told in reply.text


def test_a_forecast_by_month_stays_the_weighted_pipeline(ask):
    reply = ask("forecast by month")

    assert reply.query is not None
    assert reply.query.measures[0].metric == "weighted_pipeline"


def test_a_forecast_shows_its_past_error_and_a_chart_of_it(ask):
    reply = ask("sales forecast")

    assert "was off by" in reply.text
    assert reply.chart is not None
    assert {"label", "low", "likely", "high", "actual"} <= reply.chart["data"]["values"][0].keys()
    assert to_png(reply.chart).startswith(b"\x89PNG")


def test_a_forecast_by_owner_is_a_row_each_in_json(ask):
    shown = reply_to_json(ask("forecast for this quarter by owner"), id=1)

    assert shown["columns"] == ["owner", "won", "low", "likely", "high", "commit", "best", "quota"]
    assert {row[0] for row in shown["rows"]} == {"Moses Frase", "Anna Snelling", None}


def test_a_chart_with_chinese_names_is_drawn(ask):
    chart = ask("forecast this quarter by account").chart

    assert "华棠零售" in {row["label"] for row in chart["data"]["values"]}
    assert to_png(chart).startswith(b"\x89PNG")


def test_a_forecast_of_a_period_that_is_over_says_so(ask):
    assert "is over" in ask("forecast for last quarter").text


def test_a_grouped_answer_has_a_chart_that_fits(ask):
    bars = ask("number of deals by owner").chart
    line = ask("bookings by month in 2017").chart

    assert bars["mark"] == "bar"
    assert line["mark"]["type"] == "line"
    assert ask("how many deals are open?").chart is None


def test_a_figure_behind_other_worked_out_fields_is_withheld_too(world):
    spec = QuerySpec(entity="account", group_by=[Group(field="rfm_segment")], measures=[Measure(fn="count")])
    answer = Answer(run_query(world, spec, actor=ADMIN, today=TODAY), query_text="")
    withheld = Withheld.named(["order.amount"], world.schema)

    assert withheld.shown(answer, world.schema) is None


def test_names_that_no_font_has_are_told(monkeypatch):
    vl_convert = pytest.importorskip("vl_convert")
    chart = {"data": {"values": [{"label": "陈思远", "value": 1}]}}
    monkeypatch.setattr(vl_convert, "svg_to_png", lambda drawing: b"box")

    assert is_drawn_in_boxes(chart)
    assert not is_drawn_in_boxes({"data": {"values": [{"label": "Ann", "value": 1}]}})
