"""Customers by what they buy: segments, lifecycle, cohorts, and when each is likely to buy again."""

from datetime import date, timedelta

from copilot.answering import answer_to
from copilot.charts import bar_chart, line_chart
from copilot.context import TurnContext
from copilot.page import Line, Page, Section, Table
from copilot.reply import Citation
from copilot.reports.figures import (
    count_column,
    date_column,
    in_language,
    money_column,
    read_from,
    refuse_by,
    refuse_period,
    text_column,
    told,
)
from copilot.reports.report import Asked, Report
from crm_core.analytics.cohorts import read_cohorts
from crm_core.query.result import Row
from crm_core.query.spec import All, Condition, Filter, Group, Measure, Order, QuerySpec

MOST_NAMED, FEWEST_PURCHASES = 10, 3
_BOUGHT = ("first_purchase_on", "last_purchase_on", "purchase_count", "purchase_amount")


def rfm(context: TurnContext, asked: Asked) -> Page:
    """How many customers are in each segment, and what they bought."""
    return _by_state(context, asked, "rfm_segment", "must not lose")


def lifecycle(context: TurnContext, asked: Asked) -> Page:
    """How many customers stand where in their life with us, and the largest of those at risk."""
    return _by_state(context, asked, "lifecycle", "at risk")


def _by_state(context: TurnContext, asked: Asked, field: str, in_danger: str) -> Page:
    refuse_period(context, asked)
    measures = [Measure(fn="count", name="customers"), Measure(fn="sum", field="purchase_amount", name="bought")]
    groups = [Group(field=field), *asked.by]
    answer = answer_to(context, QuerySpec(entity="account", where=asked.where, group_by=groups, measures=measures))
    lost = QuerySpec(
        entity="account",
        where=_both(asked.where, Condition(field=field, value=in_danger)),
        columns=["name", "last_purchase_on", "purchase_count", "owner"],
        order_by=[Order(by="purchase_amount", descending=True)],
        limit=MOST_NAMED,
    )
    named = answer_to(context, lost)
    result, title = answer.result, told(context, field)
    lines = tuple(_customers(context, named.result.rows))
    drawn = in_language(context, result.columns, result.rows)
    return Page(
        title,
        None,
        (Section(told(context, f"{field}_danger"), lines, told(context, "none")),),
        (answer, named),
        note=told(context, f"{field}_rule"),
        asked=answer.query_text,
        table=Table(result.columns, result.rows, bar="customers"),
        chart=bar_chart(title, result.columns, drawn, label=0, value=len(groups)) if drawn else None,
    )


def _customers(context: TurnContext, rows: tuple[Row, ...]) -> list[Line]:
    return [
        Line(
            told(context, "last_bought", name=row.values[0], day=row.values[1] or "–", count=row.values[2] or 0,
                 owner=row.values[3] or "–"),
            Citation("account", row.record_id or 0, str(row.values[0]), ""),
        )
        for row in rows
    ]  # fmt: skip


def cohorts(context: TurnContext, asked: Asked) -> Page:
    """Customers by the month of their first purchase, and how many bought again."""
    refuse_by(context, asked)
    found = read_cohorts(
        context.store, actor=context.actor, today=context.today, where=asked.where, since=asked.since, until=asked.until
    )
    answer = read_from(context, "account", asked.where, _BOUGHT)
    columns = (
        text_column(context, "month"), count_column(context, "customers"), count_column(context, "in_half_year"),
        count_column(context, "in_year"), money_column(context, "bought", found.currency),
    )  # fmt: skip
    rows = tuple(Row((one.month, one.customers, one.in_half_year, one.in_year, one.amount)) for one in found.rows)
    customers, again = sum(one.customers for one in found.rows), sum(one.in_year for one in found.rows)
    lines = [Line(told(context, "cohorts_sum", customers=customers, again=again))] if found.rows else []
    lines += [Line(told(context, "no_rate_bought", code=code)) for code in found.lacking]
    title = told(context, "cohorts")
    return Page(
        title, None, (Section(told(context, "total"), tuple(lines), told(context, "none")),), (answer,),
        told(context, "cohorts_rule"), answer.query_text, Table(columns, rows, bar="customers"),
        line_chart(title, columns, rows, x=0, y=[1, 3]) if len(rows) > 1 else None,
    )  # fmt: skip


def next_order(context: TurnContext, asked: Asked) -> Page:
    """When customers are likely to buy again, those that are late first."""
    refuse_period(context, asked)
    refuse_by(context, asked)
    bought = Condition(field="purchase_count", op="ge", value=1)
    spec = QuerySpec(entity="account", where=_both(asked.where, bought), columns=["name", *_BOUGHT])
    only = [asked.about[1]] if asked.about else None
    answer = answer_to(context, spec, only=only)
    rows = sorted(filter(None, (_estimate(row) for row in answer.result.rows)), key=lambda row: str(row.values[1]))
    few = len(answer.result.rows) - len(rows)
    columns = (
        text_column(context, "account"), date_column(context, "next_on"), date_column(context, "last_on"),
        count_column(context, "every_days", unit="days"), count_column(context, "purchases"),
    )  # fmt: skip
    late = [row for row in rows if isinstance(row.values[1], date) and row.values[1] < context.today]
    lines = [Line(told(context, "next_late", late=len(late), of=len(rows)))] if rows else []
    lines += [Line(told(context, "next_few", few=few))] if few else []
    return Page(
        told(context, "next_order"), None, (Section(told(context, "total"), tuple(lines), told(context, "none")),),
        (answer,), told(context, "next_rule"), answer.query_text, Table(columns, tuple(rows), "account"),
    )  # fmt: skip


def _estimate(row: Row) -> Row | None:
    name, first, last, count = row.values[:4]
    if not (isinstance(first, date) and isinstance(last, date) and isinstance(count, int)) or count < FEWEST_PURCHASES:
        return None
    gap = round((last - first).days / (count - 1))
    return Row((name, last + timedelta(days=gap), last, gap, count), row.record_id)


def _both(where: Filter | None, test: Filter) -> Filter:
    return test if where is None else All(all=[where, test])


RFM = Report("rfm", "account", rfm, "customers by how lately, often and much they buy")
LIFECYCLE = Report("lifecycle", "account", lifecycle, "potential, active, loyal and at-risk customers")
COHORTS = Report("cohorts", "account", cohorts, "customers by first purchase, and who bought again")
NEXT_ORDER = Report("next_order", "account", next_order, "when customers are likely to buy again")
