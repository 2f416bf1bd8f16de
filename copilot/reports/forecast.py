"""The forecast of a period with its range, against commit, best case and quota, and how wrong it was before."""

from dataclasses import replace
from typing import Any

from copilot.charts import range_chart
from copilot.context import TurnContext
from copilot.page import Line, Page, Section, Table
from copilot.reports.figures import (
    count_column,
    money_column,
    plain_fields,
    read_from,
    share_column,
    text_column,
    told,
)
from copilot.reports.report import Asked, Report
from crm_core.analytics.backtest import BackTest
from crm_core.analytics.forecast import Figures, Forecast, make_forecast
from crm_core.analytics.period import Period, quarter_of
from crm_core.errors import Invalid
from crm_core.models import Kind
from crm_core.query.compile.outputs import field_column
from crm_core.query.result import Row

RESTS_ON = ("amount", "currency", "stage", "started_on", "closes_on", "closed_on")


def period_of(context: TurnContext, asked: Asked) -> Period:
    """The period that was asked for; the quarter of the day where none was."""
    if asked.since is None and asked.until is None:
        return quarter_of(context.today)
    since = asked.since or quarter_of(asked.until or context.today).since
    until = asked.until or quarter_of(max(since, context.today)).until
    if since > until:
        raise Invalid(told(context, "period_backwards", since=since, until=until))
    return Period(since, until)


def forecast(context: TurnContext, asked: Asked) -> Page:
    """What will be won by the end of the period, and how sure that is."""
    by = plain_fields(asked.by)
    if any(group.bucket or group.cuts or group.sides for group in asked.by):
        raise Invalid(told(context, "forecast_refuse_by"))
    period = period_of(context, asked)
    found = make_forecast(context.store, period, actor=context.actor, today=context.today, where=asked.where, by=by)
    answer = read_from(context, "deal", asked.where, (*RESTS_ON, *by))
    table = _groups(context, found, by) if by else _stages(context, found)
    return Page(
        told(context, "forecast", since=period.since, until=period.until),
        None,
        (
            Section(told(context, "total"), tuple(_total(context, found))),
            Section(told(context, "rests_on"), tuple(_basis(context, found))),
            Section(told(context, "past"), tuple(_past(context, found.past)), told(context, "past_none")),
        ),
        (answer,),
        asked=told(context, "forecast_read", since=period.since, until=period.until, records=answer.query_text),
        table=table,
        chart=_chart(context, found, table, len(by)),
    )


def _total(context: TurnContext, found: Forecast) -> list[Line]:
    total, currency = found.total, found.currency
    lines = [told(context, "won_so_far", currency, won=total.won)] if found.period.since <= found.day else []
    lines.append(told(context, "likely", currency, **vars(total.range)))
    if total.commit is not None:
        lines.append(told(context, "commit", currency, commit=total.commit, best=total.best))
    if total.quota:
        share = float(total.range.likely / total.quota)
        lines.append(told(context, "quota", currency, quota=total.quota, share=share))
    return [Line(one) for one in lines]


def _basis(context: TurnContext, found: Forecast) -> list[Line]:
    total, currency, chances = found.total, found.currency, found.chances
    lines = [told(context, "open", currency, deals=total.deals, open=total.open)]
    fresh = total.fresh
    lines.append(told(context, "fresh_unknown") if fresh is None else told(context, "fresh", currency, fresh=fresh))
    key = {"history": "by_history", "all stages": "by_all_stages", "own": "by_own"}[chances.source]
    lines.append(told(context, key, windows=chances.windows))
    thin = [one.stage.name for one in found.stages if one.chance.source == "own"]
    if thin and chances.source == "history":
        lines.append(told(context, "thin_stages", stages=", ".join(thin)))
    if found.no_amount:
        lines.append(told(context, "no_amount", deals=found.no_amount))
    lines += [told(context, "no_rate", code=code, deals=count) for code, count in found.lacking.items()]
    if found.undated:
        lines.append(told(context, "undated", deals=found.undated))
    return [Line(one) for one in lines]


def _past(context: TurnContext, past: BackTest) -> list[Line]:
    if past.error is None or past.bias is None or past.plain_error is None:
        return []
    key = "too_high" if past.bias >= 0 else "too_low"
    direction = told(context, key, by=abs(past.bias))
    months = len(past.months)
    return [
        Line(told(context, "past_error", months=months, error=past.error, direction=direction)),
        Line(told(context, "past_held", held=past.held, months=months)),
        Line(told(context, "past_plain", error=past.plain_error)),
    ]


def _groups(context: TurnContext, found: Forecast, by: tuple[str, ...]) -> Table:
    schema = context.store.schema
    columns = [replace(field_column(schema.path("deal", name)), kind=Kind.TEXT, entity=None) for name in by]
    columns += [money_column(context, key, found.currency) for key in _MONEY]
    return Table(tuple(columns), tuple(_row(one) for one in found.groups), bar="likely")


def _row(one: Figures) -> Row:
    told_range = (one.range.low, one.range.likely, one.range.high)
    return Row((*one.label, one.won, *told_range, one.commit, one.best, one.quota))


def _stages(context: TurnContext, found: Forecast) -> Table:
    columns = (
        text_column(context, "stage"), count_column(context, "open_deals"),
        money_column(context, "amount", found.currency), share_column(context, "won_share"),
        count_column(context, "stood"),
    )  # fmt: skip
    rows = [
        Row((one.stage.name, one.deals, one.amount, round(one.chance.share, 4), one.chance.stood))
        for one in found.stages
    ]
    return Table(columns, tuple(rows), bar="amount")


def _chart(context: TurnContext, found: Forecast, table: Table, groups: int) -> dict[str, Any] | None:
    """The groups' ranges; without groups the past months' ranges with what came."""
    title = told(context, "forecast", since=found.period.since, until=found.period.until)
    low, likely, high = groups + 1, groups + 2, groups + 3
    if groups:
        rows = [replace(row, values=(_joined(row, groups), *row.values[1:])) for row in table.rows]
        return range_chart(title, table.columns, rows, label=0, low=low, likely=likely, high=high)
    months = found.past.months
    if not months:
        return None
    columns = [text_column(context, "month"), *(money_column(context, key, found.currency) for key in _PAST)]
    rows = [
        Row((f"{one.period.since:%Y-%m}", one.range.low, one.range.likely, one.range.high, one.actual))
        for one in months
    ]
    return range_chart(told(context, "past"), columns, rows, label=0, low=1, likely=2, high=3, actual=4)


def _joined(row: Row, groups: int) -> str:
    return " · ".join(str(value or "–") for value in row.values[:groups])


_MONEY = ("won", "low", "likely", "high", "commit", "best", "quota")
_PAST = ("low", "likely", "high", "won")

FORECAST = Report("forecast", "deal", forecast, "what will be won in a period, with a range", is_ahead=True)
