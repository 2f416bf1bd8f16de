"""The offline planner takes over when the model vendor is down."""

import logging
from collections.abc import Callable
from typing import Any

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage

from copilot.context import TurnContext
from copilot.words import sentence

log = logging.getLogger(__name__)


class Fallback(AgentMiddleware[AgentState[Any], TurnContext, Any]):
    """Asks `model` when the first one raises. The receipt says so."""

    def __init__(self, model: BaseChatModel) -> None:
        super().__init__()
        self._model = model

    def wrap_model_call(
        self,
        request: ModelRequest[TurnContext],
        handler: Callable[[ModelRequest[TurnContext]], ModelResponse[Any]],
    ) -> ModelResponse[Any] | AIMessage:
        """Try the agent's model, then the other one. Any failure counts: vendors share no base class of errors."""
        context = request.runtime.context
        if not context.ledger.has_fallen_back:
            try:
                return handler(request)
            except Exception as error:
                log.warning("model failed turn=%s error=%s", context.turn_id, type(error).__name__)
                context.ledger.notes.append(sentence("fallback", context.lang))
                context.ledger.has_fallen_back = True
        return handler(request.override(model=self._model))
