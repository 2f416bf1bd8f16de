"""How the forecast of a period moved since a day, and which deals moved it."""

from collections.abc import Sequence
from datetime import timedelta

from copilot.answering import answer_to
from copilot.context import TurnContext
from copilot.page import Line, Page, Section, Table
from copilot.reply import Answer, Citation
from copilot.reports.figures import money_column, read_from, text_column, told
from copilot.reports.forecast import RESTS_ON
from copilot.reports.report import Asked, Report
from copilot.words import sentence
from crm_core.analytics.movement import Moved, Movement, find_movement
from crm_core.analytics.period import quarter_of
from crm_core.errors import Invalid
from crm_core.query.result import Row
from crm_core.query.spec import QuerySpec

USUAL_DAYS, MOST_TOLD, MOST_ROWS = 7, 8, 100


def forecast_change(context: TurnContext, asked: Asked) -> Page:
    """The forecast of this quarter then and now; the days asked for are those that changes are looked for in."""
    since = asked.since - timedelta(days=1) if asked.since else context.today - timedelta(days=USUAL_DAYS)
    if since >= context.today:
        raise Invalid(told(context, "change_since", day=context.today))
    period = quarter_of(context.today)
    if asked.by:
        raise Invalid(told(context, "change_refuse_by"))
    found = find_movement(context.store, period, since, actor=context.actor, today=context.today, where=asked.where)
    answers = [read_from(context, "deal", asked.where, RESTS_ON)]
    names: dict[int, Row] = {}
    if found.moved:
        answers.append(_deals(context, found.moved[:MOST_ROWS]))
        names = {row.record_id or 0: row for row in answers[1].result.rows}
    return Page(
        told(context, "change", since=period.since, until=period.until, day=since),
        None,
        tuple(_sections(context, found, names)),
        tuple(answers),
        note=told(context, "change_until") if asked.until and asked.until < context.today else "",
        asked=told(context, "change_read", since=since, day=found.day, records=answers[0].query_text),
        table=_table(context, found, names),
    )


def _deals(context: TurnContext, moved: Sequence[Moved]) -> Answer:
    spec = QuerySpec(entity="deal", columns=["name", "account"])
    return answer_to(context, spec, only=[one.deal for one in moved])


def _sections(context: TurnContext, found: Movement, names: dict[int, Row]) -> list[Section]:
    lines = [
        told(context, "then_now", found.currency, then=found.before, now=found.after),
        told(context, "fresh_moved", found.currency, by=found.fresh),
        told(context, "passed", found.currency, by=found.passed),
    ]
    weighty = [_line(context, found, one, names[one.deal]) for one in found.moved[:MOST_TOLD] if one.deal in names]
    return [
        Section(told(context, "total"), tuple(map(Line, lines))),
        Section(told(context, "causes"), tuple(weighty), told(context, "none_moved")),
    ]


def _line(context: TurnContext, found: Movement, one: Moved, row: Row) -> Line:
    label = str(row.values[0] or row.values[1] or one.deal)
    text = told(context, "moved", found.currency, deal=label, what=_what(context, one), by=one.effect)
    return Line(text, Citation("deal", one.deal, label, ""))


def _what(context: TurnContext, one: Moved) -> str:
    step = "" if one.before is None and one.after is None else f" {one.before or '–'} → {one.after or '–'}"
    return sentence(f"cause_{one.cause}", context.lang) + step


def _table(context: TurnContext, found: Movement, names: dict[int, Row]) -> Table:
    columns = (
        text_column(context, "deal"), text_column(context, "account"), text_column(context, "cause"),
        text_column(context, "before"), text_column(context, "after"), money_column(context, "effect", found.currency),
    )  # fmt: skip
    rows = [
        Row((*names[one.deal].values[:2], sentence(f"cause_{one.cause}", context.lang), one.before, one.after,
             one.effect), record_id=one.deal)
        for one in found.moved
        if one.deal in names
    ]  # fmt: skip
    return Table(columns, tuple(rows), "deal")


FORECAST_CHANGE = Report("forecast_change", "deal", forecast_change, "what moved the forecast since a day")
