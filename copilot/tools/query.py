"""Questions about records: the one tool that runs a QuerySpec."""

from typing import Annotated, Any

from langchain.tools import tool
from pydantic import BeforeValidator

from copilot.answering import answer_to
from copilot.context import TurnContext
from copilot.reply import Answer
from copilot.table import to_artifact, to_markdown
from copilot.tools.base import Args, Runtime, parsed
from crm_core.query.spec import QuerySpec


class QueryArgs(Args):
    """Arguments of query_crm."""

    spec: Annotated[QuerySpec, BeforeValidator(parsed)]


@tool(args_schema=QueryArgs, response_format="content_and_artifact")
def query_crm(spec: QuerySpec, runtime: Runtime) -> tuple[str, dict[str, Any]]:
    """Answer a question about CRM records: lists, counts, totals, averages, rates, rankings, trends, comparisons.

    Names of fields and metrics come from `describe_data`; a wrong name comes back with the closest right ones. Dates
    are absolute (2026-03-31), amounts in major units. Sums, shares and differences are worked out here, never by you:
    ask for all that is needed in one spec.
    """
    context = runtime.context
    answer = answer_spec(context, spec, call_id=runtime.tool_call_id)
    shown = context.withheld.shown(answer, context.store.schema)
    return to_markdown(shown), to_artifact(answer, shown, context.store.schema)


def answer_spec(context: TurnContext, spec: QuerySpec, *, call_id: str | None) -> Answer:
    """Run `spec` for the actor of the turn and enter the answer into the turn's ledger."""
    answer = answer_to(context, spec)
    context.ledger.answers[call_id or f"call-{len(context.ledger.answers)}"] = answer
    return answer
