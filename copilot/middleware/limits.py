"""How much one turn may do.

Our own, because LangChain's limits add two graph nodes to each model call and end with an English text that nothing
tells from an answer.
"""

from collections.abc import Callable
from typing import Any

from langchain.agents.middleware import (
    AgentMiddleware,
    AgentState,
    ModelRequest,
    ModelResponse,
    ToolCallRequest,
)
from langchain_core.messages import AIMessage, ToolMessage
from langgraph.types import Command

from copilot.context import TurnContext
from copilot.middleware.errors import ledger_of
from copilot.words import sentence

MODEL_CALLS = 8
TOOL_CALLS = 16


class Limits(AgentMiddleware[AgentState[Any], TurnContext, Any]):
    """Counts in the turn's ledger; past the limit nothing runs and the ledger says that the turn was stopped."""

    def wrap_model_call(
        self,
        request: ModelRequest[TurnContext],
        handler: Callable[[ModelRequest[TurnContext]], ModelResponse[Any]],
    ) -> ModelResponse[Any] | AIMessage:
        """Let the first eight calls through."""
        ledger = request.runtime.context.ledger
        if ledger.model_calls >= MODEL_CALLS:
            ledger.is_stopped = True
            return AIMessage(sentence("stopped", request.runtime.context.lang))
        ledger.model_calls += 1
        return handler(request)

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        """Let the first sixteen calls through."""
        call, ledger = request.tool_call, ledger_of(request)
        ledger.tools.append(call["name"])
        if len(ledger.tools) > TOOL_CALLS:
            text = f"No more tool calls in this turn (limit {TOOL_CALLS}). Answer from what you have."
            return ToolMessage(text, name=call["name"], tool_call_id=call["id"], status="error")
        return handler(request)
