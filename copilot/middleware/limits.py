"""How much one turn may do.

Our own, because LangChain's limits add two graph nodes to each model call and end with an English text that nothing
tells from an answer.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class TurnLimits:
    """Beside the number of calls.

    Attributes:
        tokens: that a language model may read and write in one turn; the call that passes it is the last one.
        seconds: after which no further call is begun.
    """

    tokens: int = 60_000
    seconds: float = 120


class Limits(AgentMiddleware[AgentState[Any], TurnContext, Any]):
    """Counts in the turn's ledger; past the limit nothing runs and the ledger says that the turn was stopped."""

    def __init__(self, limits: TurnLimits) -> None:
        super().__init__()
        self._limits = limits

    def wrap_model_call(
        self,
        request: ModelRequest[TurnContext],
        handler: Callable[[ModelRequest[TurnContext]], ModelResponse[Any]],
    ) -> ModelResponse[Any] | AIMessage:
        """Let the first eight calls through, while there are tokens and time left."""
        context = request.runtime.context
        if self._is_spent(context):
            context.ledger.is_stopped = True
            return AIMessage(sentence("stopped", context.lang))
        context.ledger.model_calls += 1
        return handler(request)

    def _is_spent(self, context: TurnContext) -> bool:
        if context.ledger.has_fallen_back:  # the planner takes two calls and milliseconds
            return context.ledger.model_calls >= MODEL_CALLS + 2
        return share_spent(context, self._limits) >= 1

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        """Let the first sixteen calls through."""
        call, ledger = request.tool_call, ledger_of(request)
        ledger.tools.append(call["name"])
        if len(ledger.tools) > TOOL_CALLS and not ledger.has_fallen_back:  # the planner makes few, and by code
            text = f"No more tool calls in this turn (limit {TOOL_CALLS}). Answer from what you have."
            return ToolMessage(text, name=call["name"], tool_call_id=call["id"], status="error")
        return handler(request)


def share_spent(context: TurnContext, limits: TurnLimits) -> float:
    """How much of what a turn may take is taken: of its calls, tokens or seconds, whichever is nearest its end."""
    ledger = context.ledger
    tokens, seconds = ledger.tokens_in + ledger.tokens_out, time.monotonic() - context.started_s
    # Whatever may not be at all is taken.
    shares = ((ledger.model_calls, MODEL_CALLS), (tokens, limits.tokens), (seconds, limits.seconds))
    return max(taken / most if most else 1.0 for taken, most in shares)
