"""How far deals come and how long that takes."""

from copilot.answering import answer_to
from copilot.charts import bar_chart
from copilot.context import TurnContext
from copilot.page import Line, Page, Section, Table
from copilot.reports.figures import count_column, read_from, refuse_by, share_column, text_column, told
from copilot.reports.report import Asked, Report
from crm_core.analytics.funnel import read_funnel
from crm_core.models import Kind
from crm_core.query.metrics import WON
from crm_core.query.result import Column, Row
from crm_core.query.spec import Measure, QuerySpec

_RESTS_ON = ("stage", "started_on", "closed_on")


def funnel(context: TurnContext, asked: Asked) -> Page:
    """The stages of the deals begun in the period: how many reached each, went on from it, and how long they stayed."""
    refuse_by(context, asked)
    where = asked.within("started_on")
    found = read_funnel(context.store, actor=context.actor, today=context.today, where=where)
    answer = read_from(context, "deal", where, _RESTS_ON)
    names = len({step.pipeline for step in found.steps}) > 1
    rows = [
        Row((f"{step.pipeline}: {step.stage}" if names else step.stage, step.reached, step.share, step.days))
        for step in found.steps
    ]
    days = Column("days", told(context, "days_in_stage"), Kind.DECIMAL, unit="days")
    columns = (text_column(context, "stage"), count_column(context, "reached"), share_column(context, "went_on"), days)
    rate = found.won / found.entered if found.entered else 0.0
    line = told(context, "funnel_ends", entered=found.entered, won=found.won, lost=found.lost, rate=rate)
    title = told(context, "funnel")
    return Page(
        title, None, (Section(told(context, "total"), (Line(line),)),), (answer,), asked=answer.query_text,
        table=Table(columns, tuple(rows), bar="reached"),
        chart=bar_chart(title, columns, rows, label=0, value=1) if found.entered else None,
    )  # fmt: skip


def cycle_time(context: TurnContext, asked: Asked) -> Page:
    """How long won deals took from their start to their close."""
    spec = QuerySpec(
        entity="deal",
        where=asked.within("closed_on", WON),
        group_by=list(asked.by),
        measures=[Measure(fn="count", name="deals"), *(Measure(fn=fn, field="duration_days") for fn in _SPREAD)],
    )
    answer = answer_to(context, spec)
    result, title = answer.result, told(context, "cycle_time")
    chart = None
    if asked.by and result.rows:
        chart = bar_chart(title, result.columns, result.rows, label=0, value=len(asked.by) + 1)
    return Page(
        title, None, (), (answer,), told(context, "cycle_rule"), answer.query_text,
        Table(result.columns, result.rows, "deal"), chart,
    )  # fmt: skip


_SPREAD = ("median", "avg", "min", "max")

FUNNEL = Report("funnel", "deal", funnel, "how many deals reach each stage")
CYCLE_TIME = Report("cycle_time", "deal", cycle_time, "how long won deals took")
