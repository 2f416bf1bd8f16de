"""Counts what each call of a language model takes, and asks before each whether the person may spend more today."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain_core.messages import AIMessage, BaseMessage

from copilot.context import TurnContext
from copilot.language import count_tokens
from copilot.memory.spending import Spending
from copilot.middleware.fallback import ModelFailed
from copilot.models import name_of
from copilot.offline.model import OfflineModel


class Meter(AgentMiddleware[AgentState[Any], TurnContext, Any]):
    """Into the turn's ledger, and into the cost ledger where there is one."""

    def __init__(self, spending: Spending | None) -> None:
        super().__init__()
        self._spending = spending

    def wrap_model_call(
        self,
        request: ModelRequest[TurnContext],
        handler: Callable[[ModelRequest[TurnContext]], ModelResponse[Any]],
    ) -> ModelResponse[Any]:
        """Call the model if it may be called. The offline planner costs nothing."""
        if isinstance(request.model, OfflineModel):
            return handler(request)
        context = request.runtime.context
        if self._spending and self._spending.is_used_up(context.actor.id):
            raise ModelFailed("used_up", context.lang)
        response = handler(request)
        tokens_in, tokens_out = _tokens(request, response.result)
        context.ledger.tokens_in += tokens_in
        context.ledger.tokens_out += tokens_out
        if self._spending:
            model = name_of(request.model)
            self._spending.add(context.actor.id, model, tokens_in=tokens_in, tokens_out=tokens_out)
        return response


def _tokens(request: ModelRequest[TurnContext], sent: Sequence[BaseMessage]) -> tuple[int, int]:
    """As the vendor counts them; by length where it does not."""
    usage = [message.usage_metadata for message in sent if isinstance(message, AIMessage) and message.usage_metadata]
    if usage:
        return sum(one["input_tokens"] for one in usage), sum(one["output_tokens"] for one in usage)
    system = [request.system_message] if request.system_message else []
    tools = json.dumps(request.tools, default=str)
    return _estimated([*system, *request.messages]) + count_tokens(tools), _estimated(sent)


def _estimated(messages: Sequence[BaseMessage]) -> int:
    calls = [message.tool_calls for message in messages if isinstance(message, AIMessage)]
    return sum(count_tokens(message.text) for message in messages) + count_tokens(str(calls))
