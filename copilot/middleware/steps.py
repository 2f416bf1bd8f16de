"""Tells a person who waits what goes on: that the model thinks, that a tool runs. Never a word of the answer."""

from collections.abc import Callable
from typing import Any, cast

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse, ToolCallRequest
from langchain_core.messages import AIMessage, ToolMessage
from langgraph.types import Command

from copilot.context import TurnContext
from copilot.words import has_sentence, sentence


class Steps(AgentMiddleware[AgentState[Any], TurnContext, Any]):
    """Passes everything on as it is."""

    def wrap_model_call(
        self,
        request: ModelRequest[TurnContext],
        handler: Callable[[ModelRequest[TurnContext]], ModelResponse[Any]],
    ) -> ModelResponse[Any] | AIMessage:
        """Say that the model is asked."""
        _tell(request.runtime.context, "step_thinking")
        return handler(request)

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        """Say what is looked up."""
        _tell(cast(TurnContext, request.runtime.context), f"step_{request.tool_call['name']}")
        return handler(request)


def _tell(turn: TurnContext, key: str) -> None:
    if turn.on_step is not None:
        turn.on_step(sentence(key if has_sentence(key) else "step_other", turn.lang))
