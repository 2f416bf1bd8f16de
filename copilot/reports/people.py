"""What each person sold against their quota, and what each did."""

from datetime import timedelta
from decimal import Decimal

from copilot.answering import answer_to
from copilot.charts import bar_chart
from copilot.context import TurnContext
from copilot.page import Line, Page, Section, Table
from copilot.reports.figures import money_column, read_from, refuse_by, share_column, text_column, told
from copilot.reports.forecast import period_of
from copilot.reports.report import Asked, Report
from crm_core.analytics.quotas import quotas_of
from crm_core.models import InteractionKind
from crm_core.query.result import Row
from crm_core.query.spec import Condition, Group, Measure, QuerySpec

USUAL_DAYS = 30


def attainment(context: TurnContext, asked: Asked) -> Page:
    """Won deals of the period against the quotas of the people who own them."""
    refuse_by(asked)
    period = period_of(context, asked)
    dated = Asked(where=asked.where, since=period.since, until=period.until)
    spec = QuerySpec(
        entity="deal",
        where=dated.within("closed_on"),
        group_by=[Group(field="owner")],
        measures=[Measure(metric="bookings")],
    )
    answer = answer_to(context, spec)
    quotas, currency = quotas_of(context.store, period, actor=context.actor, today=context.today, where=asked.where)
    won: dict[str, Decimal] = {}
    for owner, booked in (row.values for row in answer.result.rows if row.values[0]):  # two may be called the same
        won[str(owner)] = won.get(str(owner), Decimal(0)) + Decimal(str(booked or 0))
    names = sorted({*won, *quotas}, key=lambda name: (-_share(won, quotas, name), name))
    rows = [
        Row(
            (name, won.get(name, Decimal(0)), quotas.get(name), _share(won, quotas, name) if quotas.get(name) else None)
        )
        for name in names
    ]
    columns = (
        text_column(context, "owner"), money_column(context, "won", currency), money_column(context, "quota", currency),
        share_column(context, "attained"),
    )  # fmt: skip
    total, due = sum((won.get(name, Decimal(0)) for name in quotas), Decimal(0)), sum(quotas.values(), Decimal(0))
    lines = [told(context, "attained_in_all", currency, won=total, quota=due, share=float(total / due))] if due else []
    title = told(context, "attainment", since=period.since, until=period.until)
    return Page(
        title, None, (Section(told(context, "total"), tuple(map(Line, lines)), told(context, "no_quota")),),
        (answer, read_from(context, "quota", None, ("amount", "owner"))), told(context, "quota_rule"),
        answer.query_text, Table(columns, tuple(rows), bar="won"),
        bar_chart(title, columns, rows, label=0, value=3 if due else 1) if rows else None,
    )  # fmt: skip


def _share(won: dict[str, Decimal], quotas: dict[str, Decimal], name: str) -> float:
    quota = quotas.get(name)
    return float(won.get(name, Decimal(0)) / quota) if quota else 0.0


def activity(context: TurnContext, asked: Asked) -> Page:
    """How many interactions of each kind each person logged."""
    refuse_by(asked)
    since = asked.since or (asked.until or context.today) - timedelta(days=USUAL_DAYS - 1)
    until = asked.until or context.today
    dated = Asked(where=asked.where, since=since, until=until)
    kinds = [Measure(fn="count", where=Condition(field="kind", value=str(kind)), name=str(kind)) for kind in _KINDS]
    spec = QuerySpec(
        entity="interaction",
        where=dated.within("happened_on"),
        group_by=[Group(field="user")],
        measures=[Measure(fn="count", name="interactions"), *kinds],
    )
    answer = answer_to(context, spec)
    result, title = answer.result, told(context, "activity", since=since, until=until)
    return Page(
        title, None, (), (answer,), asked=answer.query_text,
        table=Table(result.columns, result.rows, bar="interactions"),
        chart=bar_chart(title, result.columns, result.rows, label=0, value=1) if result.rows else None,
    )  # fmt: skip


_KINDS = tuple(InteractionKind)

ATTAINMENT = Report("attainment", "deal", attainment, "what each person sold against their quota")
ACTIVITY = Report("activity", "interaction", activity, "what each person did")
