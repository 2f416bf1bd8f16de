"""What each model is told: a language model the system prompt and ready tools, the offline model the turn itself."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain_core.messages import SystemMessage
from langchain_core.tools import BaseTool

from copilot.context import TurnContext
from copilot.offline.model import OfflineModel
from copilot.tools.base import describe
from copilot.words import sentence
from prompts import load_yaml, render

PROMPT = "system"


class Prompt(AgentMiddleware[AgentState[Any], TurnContext, Any]):
    """What it sets is what leaves, masked by `Egress`."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, str] = {}

    def wrap_model_call(
        self,
        request: ModelRequest[TurnContext],
        handler: Callable[[ModelRequest[TurnContext]], ModelResponse[Any]],
    ) -> ModelResponse[Any]:
        """Call the model with what it needs."""
        context = request.runtime.context
        if isinstance(request.model, OfflineModel):
            return handler(request.override(tools=[], model_settings={"turn": context}))
        tools = [describe(tool) if isinstance(tool, BaseTool) else tool for tool in request.tools]
        return handler(request.override(system_message=SystemMessage(self._told(context)), tools=list(tools)))

    def _told(self, context: TurnContext) -> str:
        """The prompt of the turn, made once for all its calls."""
        made = self._made.get(context.turn_id) or system_prompt(context)
        self._made = {context.turn_id: made}
        return made


def system_prompt(context: TurnContext) -> str:
    """The rules and the facts of the turn. The actor's name is the store's own, not the model's to doubt."""
    schema = context.store.schema
    return render(
        PROMPT,
        entities=", ".join(schema.entities),
        metrics=", ".join(f"{metric.name} (of {metric.entity})" for metric in schema.metrics.values()),
        examples=_examples(),
        today=f"{context.today:%A} {context.today.isoformat()}",
        actor=context.actor.name,
        role=str(context.actor.role),
        language=sentence("language", context.lang),
        currency=context.store.base_currency,
    )


@cache
def _examples() -> str:
    return "\n".join(f"{example['ask']}\n{json.dumps(example['spec'])}" for example in load_yaml("query_examples"))
