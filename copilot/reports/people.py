"""What each person sold against their quota, and what each did."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from copilot.answering import answer_to
from copilot.charts import bar_chart
from copilot.context import TurnContext
from copilot.page import Line, Page, Section, Table
from copilot.reports.figures import money_column, read_from, refuse_by, share_column, text_column, told
from copilot.reports.forecast import period_of
from copilot.reports.report import Asked, Report, split_tests
from crm_core.analytics.period import Period
from crm_core.analytics.quotas import quotas_of
from crm_core.errors import Invalid
from crm_core.models import InteractionKind
from crm_core.query.result import Row
from crm_core.query.run import run_query
from crm_core.query.spec import All, Condition, Group, Measure, QuerySpec

USUAL_DAYS = 30
ATTAINED, REACHED, BEHIND = "attained", "reached", "behind"  # in a filter of the report, as if it were a field


@dataclass(frozen=True)
class _Sold:
    """What each person won and was to win, by name."""

    won: dict[str, Decimal]
    quotas: dict[str, Decimal]

    def share(self, name: str) -> float:
        """Of the quota; 0 where there is none."""
        quota = self.quotas.get(name)
        return float(self.won_by(name) / quota) if quota else 0.0

    def won_by(self, name: str) -> Decimal:
        """Nothing, for somebody without a won deal."""
        return self.won.get(name, Decimal(0))

    def names(self, wanted: list[str]) -> list[str]:
        """Everybody, who attained most first; or those who reached their quota, or those behind it, furthest first."""
        names = sorted({*self.won, *self.quotas}, key=lambda name: (-self.share(name), name))
        if not wanted:
            return names
        if unknown := set(wanted) - {REACHED, BEHIND}:
            raise Invalid(f"There is no {ATTAINED} {min(unknown)!r}; there are: {BEHIND}, {REACHED}.")
        due = [name for name in names if self.quotas.get(name)]
        reached = [name for name in due if self.won_by(name) >= self.quotas[name]]
        behind = [name for name in reversed(due) if name not in reached]
        return (reached if REACHED in wanted else []) + (behind if BEHIND in wanted else [])


def attainment(context: TurnContext, asked: Asked) -> Page:
    """Won deals of the period against the quotas of their owners: everybody, or only those behind, or not behind."""
    refuse_by(context, asked, own="owner")
    wanted, where = split_tests(asked.where, ATTAINED)
    period = _own_period(context, asked) or period_of(context, asked)
    answer = answer_to(context, _won_in(Asked(where=where, since=period.since, until=period.until)))
    quotas, currency = quotas_of(context.store, period, actor=context.actor, today=context.today, where=where)
    won: dict[str, Decimal] = {}
    for owner, booked in (row.values for row in answer.result.rows if row.values[0]):  # two may be called the same
        won[str(owner)] = won.get(str(owner), Decimal(0)) + Decimal(str(booked or 0))
    sold = _Sold(won, quotas)
    names = sold.names(wanted)
    rows = [
        Row((name, sold.won_by(name), quotas.get(name), sold.share(name) if quotas.get(name) else None))
        for name in names
    ]  # fmt: skip
    columns = (
        text_column(context, "owner"), money_column(context, "won", currency), money_column(context, "quota", currency),
        share_column(context, "attained"),
    )  # fmt: skip
    title = told(context, "attainment", since=period.since, until=period.until)
    return Page(
        title, None, (*_found(context, sold, wanted, names, currency), _in_all(context, sold, currency)),
        (answer, read_from(context, "quota", None, ("amount", "owner"))), told(context, "quota_rule"),
        answer.query_text, Table(columns, tuple(rows), bar="won"),
        bar_chart(title, columns, rows, label=0, value=3 if quotas else 1) if rows else None,
    )  # fmt: skip


def _own_period(context: TurnContext, asked: Asked) -> Period | None:
    """That of the quotas that run today, where no time was asked for and all of them are for the same."""
    if asked.since or asked.until:
        return None
    today = context.today.isoformat()
    runs = [Condition(field="starts_on", op="le", value=today), Condition(field="ends_on", op="ge", value=today)]
    spec = QuerySpec(entity="quota", columns=["starts_on", "ends_on"], distinct=True, limit=2, where=All(all=[*runs]))
    rows = run_query(context.store, spec, actor=context.actor, today=context.today).rows
    return Period(*map(_day, rows[0].values)) if len(rows) == 1 else None


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _won_in(asked: Asked) -> QuerySpec:
    return QuerySpec(
        entity="deal",
        where=asked.within("closed_on"),
        group_by=[Group(field="owner")],
        measures=[Measure(metric="bookings")],
    )


def _found(
    context: TurnContext, sold: _Sold, wanted: list[str], names: list[str], currency: str
) -> tuple[Section, ...]:
    """Those who were asked for, a line each."""
    if not wanted or not sold.quotas:
        return ()
    lines = (
        told(context, "attained_by", currency, name=name, won=sold.won_by(name), quota=sold.quotas[name],
             share=sold.share(name))
        for name in names
    )  # fmt: skip
    return (Section(told(context, f"attained_{wanted[0]}"), tuple(map(Line, lines)), told(context, "nobody")),)


def _in_all(context: TurnContext, sold: _Sold, currency: str) -> Section:
    """What they won of their quotas together, and how far that is from them."""
    won, due = sum((sold.won_by(name) for name in sold.quotas), Decimal(0)), sum(sold.quotas.values(), Decimal(0))
    lines = [told(context, "attained_in_all", currency, won=won, quota=due, share=float(won / due))] if due else []
    if due and won != due:
        lines.append(told(context, "attained_to_go" if won < due else "attained_over", currency, gap=abs(due - won)))
    if due and _has_orders(context):
        lines.append(told(context, "attained_of_deals"))
    return Section(told(context, "total"), tuple(map(Line, lines)), told(context, "no_quota"))


def _has_orders(context: TurnContext) -> bool:
    """Whether something else than a deal may be counted as sold."""
    spec = QuerySpec(entity="order", where=Condition(field="amount", op="not_empty"), columns=["ordered_on"], limit=1)
    return bool(run_query(context.store, spec, actor=context.actor, today=context.today).rows)


def activity(context: TurnContext, asked: Asked) -> Page:
    """How many interactions of each kind each person logged."""
    refuse_by(context, asked, own="user")
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

ATTAINMENT = Report("attainment", "deal", attainment, "what each person sold against their quota", rests_on="quota")
ACTIVITY = Report("activity", "interaction", activity, "what each person did")
