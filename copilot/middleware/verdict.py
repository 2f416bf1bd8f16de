"""Asking back and declining end a turn."""

from collections.abc import Callable
from typing import Any

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain_core.messages import AIMessage

from copilot.context import TurnContext


class EndOnVerdict(AgentMiddleware[AgentState[Any], TurnContext, Any]):
    """After `ask_user` or `cannot_answer` the model is not called again; its turn ends with what it said there.

    `return_direct` would also end the turn when the call itself was wrong, before the model could correct it.
    """

    def wrap_model_call(
        self,
        request: ModelRequest[TurnContext],
        handler: Callable[[ModelRequest[TurnContext]], ModelResponse[Any]],
    ) -> ModelResponse[Any] | AIMessage:
        """Put the verdict in the place of the model's next message."""
        verdict = request.runtime.context.ledger.verdict
        return handler(request) if verdict is None else AIMessage("\n".join([verdict.text, *verdict.options]))
