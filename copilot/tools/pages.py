"""Summaries, briefs and reports: pages made by code, which the person sees as they are."""

from dataclasses import asdict
from datetime import date, time
from typing import Annotated, Any, Literal

from langchain.tools import tool
from pydantic import BeforeValidator, Field, WithJsonSchema

from copilot.briefs import at_time, find_appointments, make_brief
from copilot.context import TurnContext
from copilot.fence import fence
from copilot.knowledge import Wanted
from copilot.ledger import Verdict
from copilot.page import Page
from copilot.reply import Status
from copilot.reports import REPORTS, Asked, get_report
from copilot.summaries import summarise as make_summary
from copilot.table import ROWS_FOR_MODEL, ROWS_REMEMBERED, table_lines, to_markdown
from copilot.taint import TAINT
from copilot.tools.base import Args, Runtime, parsed
from copilot.tools.history import find_about
from copilot.words import sentence
from crm_core.query.spec import Filter, Group
from prompts import render

MOST_OPTIONS = 4


class SummariseArgs(Args):
    """Arguments of summarise."""

    about: str = Field(max_length=300)
    question: str = Field("", max_length=500)
    since: date | None = None
    until: date | None = None


@tool(args_schema=SummariseArgs, response_format="content_and_artifact")
def summarise(
    about: str, question: str, since: date | None, until: date | None, runtime: Runtime
) -> tuple[str, dict[str, Any]]:
    """Sum up, in quotes, what was said with one record ("deal:Acme 1"): all of it, or on a question."""
    context = runtime.context
    found, label = find_about(context, about)
    wanted = Wanted(question.strip(), (found,), since=since, until=until)
    told, artifact = _told(context, make_summary(context, found, label, wanted), runtime.tool_call_id)
    return f"{told}\n{render('page')}" if TAINT in artifact else told, artifact


class BriefArgs(Args):
    """Arguments of brief."""

    about: str | None = Field(None, max_length=300)
    day: date | None = None
    at: time | None = None


@tool(args_schema=BriefArgs, response_format="content_and_artifact")
def brief(about: str | None, day: date | None, at: time | None, runtime: Runtime) -> tuple[str, dict[str, Any]]:
    """Prepare the person for a talk with or about one record ("contact:Ann Bell"), or for that day's."""
    context = runtime.context
    if about:
        found, label = find_about(context, about)
        return _told(context, make_brief(context, found, label), runtime.tool_call_id)
    on = day or context.today
    waiting = find_appointments(context, on)
    if at is not None:
        waiting, is_known = at_time(waiting, at)
        if not is_known and waiting:
            context.ledger.notes.append(sentence("no_time", context.lang, time=f"{at:%H:%M}"))
    waiting = list({one.about: one for one in waiting}.values())
    if len(waiting) == 1:
        return _told(context, make_brief(context, waiting[0].about, waiting[0].label), runtime.tool_call_id)
    options = [one.told for one in waiting[:MOST_OPTIONS]]
    return _asked_back(context, on, options), {"options": options}


class ReportArgs(Args):
    """Arguments of report."""

    name: Literal[tuple(REPORTS)]  # type: ignore[valid-type] # the one list of reports
    about: str | None = Field(None, max_length=300)
    where: Annotated[Filter | None, BeforeValidator(parsed), WithJsonSchema({"type": "object"})] = None
    by: Annotated[list[Group], WithJsonSchema({"type": "array", "items": {"type": "object"}})] = Field([], max_length=3)
    since: date | None = None
    until: date | None = None


@tool(args_schema=ReportArgs, response_format="content_and_artifact")
def report(
    name: str, about: str | None, where: Filter | None, by: list[Group], since: date | None, until: date | None,
    runtime: Runtime,
) -> tuple[str, dict[str, Any]]:  # fmt: skip
    """Show a ready report. `where` and `by` (its group_by) are as in query_crm."""
    context = runtime.context
    found = find_about(context, about) if about else None
    asked = Asked((found[0].entity, found[0].id, found[1]) if found else None, where, tuple(by), since, until)
    return _told(context, get_report(name).build(context, asked), runtime.tool_call_id)


def _asked_back(context: TurnContext, day: date, options: list[str]) -> str:
    if not options:
        told = sentence("no_appointment", context.lang, day=day.isoformat())
        context.ledger.verdict = Verdict(Status.CANNOT, told)
        return "The person was told."
    question = sentence("which_appointment", context.lang, day=day.isoformat())
    context.ledger.verdict = Verdict(Status.CLARIFY, question, options=tuple(options))
    return "The person was asked."


def _told(context: TurnContext, page: Page, call_id: str | None) -> tuple[str, dict[str, Any]]:
    """The page for the person; for a model the same inside a fence, unless it rests on what no model may read."""
    context.ledger.pages[call_id or f"page-{len(context.ledger.pages)}"] = page
    artifact = _remembered(page) | ({"offers": [asdict(one) for one in page.offers]} if page.offers else {})
    schema = context.store.schema
    if any(context.withheld.shown(answer, schema) != answer for answer in page.answers):
        return to_markdown(None), artifact
    text = page.text(numbered=True)
    if page.table:
        text += "\n" + "\n".join(table_lines(page.table.columns, page.table.rows[:ROWS_FOR_MODEL]))
    context.ledger.facts.append(text)
    columns = [f"{answer.result.entity}.{one.name}" for answer in page.answers for one in answer.result.columns]
    return fence(text, source="page from CRM records"), {**artifact, "fields": columns, TAINT: True}


def _remembered(page: Page) -> dict[str, Any]:
    """What the conversation keeps: the record that the page was about, or the records of its rows, in order."""
    if page.about:
        return {"about": [page.about.entity, page.about.id, page.about.label]}
    rows = [row for row in page.table.rows if row.record_id] if page.table and page.table.entity else []
    if not rows or page.table is None:
        return {}
    ids, labels = [row.record_id for row in rows], [str(row.values[0]) for row in rows]
    return {"entity": page.table.entity, "ids": ids[:ROWS_REMEMBERED], "labels": labels[:ROWS_REMEMBERED]}
