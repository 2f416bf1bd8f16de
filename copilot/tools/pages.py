"""Summaries and briefs: pages made by code, which the person sees as they are."""

from datetime import date
from typing import Any

from langchain.tools import tool
from pydantic import Field

from copilot.briefs import find_appointments, make_brief
from copilot.context import TurnContext
from copilot.fence import fence
from copilot.knowledge import Wanted
from copilot.ledger import Verdict
from copilot.page import Page
from copilot.reply import Status
from copilot.summaries import summarise as make_summary
from copilot.table import to_markdown
from copilot.taint import TAINT
from copilot.tools.base import Args, Runtime
from copilot.tools.history import find_about
from copilot.words import sentence
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


@tool(args_schema=BriefArgs, response_format="content_and_artifact")
def brief(about: str | None, day: date | None, runtime: Runtime) -> tuple[str, dict[str, Any]]:
    """Prepare the person for a talk with or about one record ("contact:Ann Bell"), or for that day's."""
    context = runtime.context
    if about:
        found, label = find_about(context, about)
        return _told(context, make_brief(context, found, label), runtime.tool_call_id)
    on = day or context.today
    waiting = find_appointments(context, on)
    if len(waiting) == 1:
        return _told(context, make_brief(context, waiting[0].about, waiting[0].label), runtime.tool_call_id)
    options = [one.told for one in waiting[:MOST_OPTIONS]]
    return _asked_back(context, on, options), {"options": options}


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
    artifact: dict[str, Any] = {"about": [page.about.entity, page.about.id, page.about.label]}
    schema = context.store.schema
    if any(context.withheld.shown(answer, schema) != answer for answer in page.answers):
        return to_markdown(None), artifact
    text = page.text(numbered=True)
    context.ledger.facts.append(text)
    columns = [f"{answer.result.entity}.{one.name}" for answer in page.answers for one in answer.result.columns]
    return fence(text, source="page from CRM records"), {**artifact, "fields": columns, TAINT: True}
