"""The offline planner takes over when the model fails, is too dear for today, or sends nothing that can be used."""

import logging
import time
from collections.abc import Callable
from typing import Any, Literal

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage

from copilot.context import Lang, TurnContext
from copilot.conversation import split_turns
from copilot.words import sentence
from crm_core.errors import Unavailable

log = logging.getLogger(__name__)

PAUSE_S = 30.0
Reason = Literal["unreachable", "too_slow", "used_up", "declined", "unusable"]


class ModelFailed(Unavailable):
    """The model gave nothing to go on with, and asking it again at once would not help."""

    def __init__(self, reason: Reason, lang: Lang) -> None:
        super().__init__(sentence(f"model_{reason}", lang))
        self.reason = reason


class Fallback(AgentMiddleware[AgentState[Any], TurnContext, Any]):
    """Asks `model` when the first one raises. The receipt says so, and why.

    A vendor that could not be reached is left alone for half a minute, so that people do not wait for it in each turn.
    """

    def __init__(self, model: BaseChatModel, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._model = model
        self._clock = clock
        self._paused_until = 0.0

    def wrap_model_call(
        self,
        request: ModelRequest[TurnContext],
        handler: Callable[[ModelRequest[TurnContext]], ModelResponse[Any]],
    ) -> ModelResponse[Any] | AIMessage:
        """Try the agent's model, then the other one. Any failure counts: vendors share no base class of errors."""
        context = request.runtime.context
        if context.ledger.has_fallen_back:
            return handler(request.override(model=self._model))
        reason: Reason = "unreachable"
        if self._clock() >= self._paused_until:
            try:
                return handler(request)
            except Exception as error:
                reason = self._reason(error, context)
        return self._take_over(request, handler, reason)

    def _take_over(
        self,
        request: ModelRequest[TurnContext],
        handler: Callable[[ModelRequest[TurnContext]], ModelResponse[Any]],
        reason: Reason,
    ) -> ModelResponse[Any] | AIMessage:
        """From the person's words on: what the model looked up on its way need not be what was asked for."""
        context, told = request.runtime.context, sentence(f"model_{reason}", request.runtime.context.lang)
        if context.ledger.proposals or context.ledger.withdrawn:  # the planner would do it a second time
            context.ledger.notes.append(told)
            return AIMessage(told)
        if context.ledger.pages:  # code made what the model asked for; only its words on it are missing
            context.ledger.notes.append(f"{told} {sentence('page_stands', context.lang)}")
            context.ledger.has_fallen_back = True
            return AIMessage(told)
        context.ledger.notes.append(f"{told} {sentence('planner_answered', context.lang)}")
        context.ledger.start_over()
        steps = len(split_turns(request.messages)[-1]) - 1
        asked = request.messages[: len(request.messages) - steps]
        return handler(request.override(model=self._model, messages=asked))

    def _reason(self, error: Exception, context: TurnContext) -> Reason:
        reason = _kind(error)
        if reason in ("unreachable", "too_slow"):
            self._paused_until = self._clock() + PAUSE_S
        log.warning("model failed turn=%s reason=%s error=%s", context.turn_id, reason, type(error).__name__)
        return reason


def _kind(error: Exception) -> Reason:
    if isinstance(error, ModelFailed):
        return error.reason
    if isinstance(error, TimeoutError) or "Timeout" in type(error).__name__:
        return "too_slow"
    # What the vendor's library cannot read is a bad answer; whatever else it raises means that there was none.
    return "unusable" if isinstance(error, ValueError | TypeError | LookupError | RecursionError) else "unreachable"
