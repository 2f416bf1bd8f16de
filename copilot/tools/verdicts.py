"""The two ways to end a turn without an answer. Both end it: the model is not asked again."""

from langchain.tools import tool
from pydantic import Field

from copilot.ledger import Verdict
from copilot.reply import Status
from copilot.tools.base import Args, Runtime


class AskArgs(Args):
    """Arguments of ask_user."""

    question: str = Field(min_length=1, max_length=500)
    options: list[str] = Field([], max_length=4, description="readings in plain words")


@tool(args_schema=AskArgs)
def ask_user(question: str, options: list[str], runtime: Runtime) -> str:
    """Ask the person back when a request fits several records, measures or dates that lead to different answers.

    This ends your turn.
    """
    runtime.context.ledger.verdict = Verdict(Status.CLARIFY, question, options=tuple(options))
    return "The person was asked."


class CannotArgs(Args):
    """Arguments of cannot_answer."""

    missing: str = Field(
        min_length=1,
        max_length=500,
        description="one sentence, no figures",
    )
    near: list[str] = Field([], max_length=4, description="questions it could answer")


@tool(args_schema=CannotArgs)
def cannot_answer(missing: str, near: list[str], runtime: Runtime) -> str:
    """Say that the CRM holds no such thing, instead of guessing. This ends your turn."""
    runtime.context.ledger.verdict = Verdict(Status.CANNOT, missing, suggestions=tuple(near))
    return "The person was told."
