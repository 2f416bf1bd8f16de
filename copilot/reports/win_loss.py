"""Why deals were won and lost: the reasons recorded, with how many deals and how much money stand behind each."""

from copilot.answering import answer_to
from copilot.context import TurnContext
from copilot.page import Line, Page, Section, Table
from copilot.reply import Answer
from copilot.reports.report import Asked, Report
from copilot.words import sentence
from crm_core.query.metrics import CLOSED, LOST
from crm_core.query.result import QueryResult
from crm_core.query.spec import Group, Measure, Order, QuerySpec


def win_loss(context: TurnContext, asked: Asked) -> Page:
    """How many of the closed deals were won, and why the others were lost."""
    rate = QuerySpec(
        entity="deal",
        where=asked.within("closed_on", CLOSED),
        group_by=list(asked.by),
        measures=[Measure(metric=name) for name in ("deals_won", "deals_lost", "win_rate")],
    )
    reasons = QuerySpec(
        entity="deal",
        where=asked.within("closed_on", LOST),
        group_by=[Group(field="lost_reason"), *asked.by],
        measures=[Measure(fn="count", name="deals"), Measure(fn="sum", field="amount", name="amount")],
        order_by=[Order(by="deals", descending=True)],
    )
    answers = [answer_to(context, spec) for spec in (rate, reasons)]
    told = answers[1].result
    return Page(
        sentence("report_win_loss", context.lang), None, tuple(_sections(context, asked, answers)), tuple(answers),
        asked=answers[0].query_text, table=Table(told.columns, told.rows, "deal"),
    )  # fmt: skip


def _sections(context: TurnContext, asked: Asked, answers: list[Answer]) -> list[Section]:
    """The rate as a line for each group; how many losses say why."""
    rows = answers[0].result.rows
    lines = [_rate(context, answers[0].result, at, len(asked.by)) for at in range(len(rows))]
    reasons = answers[1].result
    lost = sum(int(str(row.values[-2])) for row in reasons.rows)
    silent = sum(int(str(row.values[-2])) for row in reasons.rows if row.values[0] is None)
    if lost:
        lines.append(Line(sentence("report_reasons_given", context.lang, given=f"{lost - silent:,}", lost=f"{lost:,}")))
    heading = sentence("report_outcomes", context.lang)
    return [Section(heading, tuple(one for one in lines if one), sentence("report_none_closed", context.lang))]


def _rate(context: TurnContext, result: QueryResult, at: int, groups: int) -> Line | None:
    *group, won, lost, rate = result.rows[at].values
    if rate is None:
        return None
    told = sentence("report_win_rate", context.lang, won=f"{won:,}", lost=f"{lost:,}", rate=f"{rate:.1%}")
    return Line(f"{' · '.join(str(value or '–') for value in group[:groups])}: {told}" if groups else told)


WIN_LOSS = Report("win_loss", "deal", win_loss, "why deals were won and lost")
