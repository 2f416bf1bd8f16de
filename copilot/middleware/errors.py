"""The agent's error rule: the model reads expected errors and corrects itself; bugs surface."""

from typing import cast

from langchain.agents.middleware import ToolCallRequest

from copilot.context import TurnContext
from copilot.fence import fence, strip_marks
from copilot.ledger import Failure, Ledger
from crm_core.errors import Ambiguous, CrmError


def tell_the_model(error: Exception, request: ToolCallRequest) -> str | None:
    """The text of a CrmError, entered into the turn's ledger; None lets any other error through."""
    if not isinstance(error, CrmError):
        return None
    ledger_of(request).failures.append(Failure(request.tool_call["name"], error))
    text = strip_marks(str(error))
    return fence(text, source="CRM answer") if isinstance(error, Ambiguous) else text


def ledger_of(request: ToolCallRequest) -> Ledger:
    """The ledger of the turn in which a tool is called."""
    return cast(TurnContext, request.runtime.context).ledger
