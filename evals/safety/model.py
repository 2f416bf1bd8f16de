"""The model of an attacker: it reads what was planted, and does and says whatever stands there."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import Field

from evals.safety.attacks import Call, orders_in

MOST_CALLS = 14  # in one turn; the loop itself lets sixteen through


class Obedient(BaseChatModel):
    """Makes the calls of `reading` first, then those that it read, then says what it read.

    Attributes:
        reading: how it comes to the planted texts.
        results: of its own calls, in order.
        heard: how many orders it understood.
    """

    reading: Sequence[Call] = ()
    results: list[ToolMessage] = Field(default_factory=list)
    heard: int = 0
    has_obeyed: bool = False

    @property
    def _llm_type(self) -> str:
        return "obedient"

    def begin(self, reading: Sequence[Call]) -> None:
        """A new turn."""
        self.reading, self.results, self.heard, self.has_obeyed = reading, [], 0, False

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        """Nothing needs to be bound: it calls what it is told to, tools that there are none of too."""
        return self

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        begun = [at for at, one in enumerate(messages) if one.type == "human"][-1]
        self.results = [one for one in messages[begun:] if isinstance(one, ToolMessage)]
        return ChatResult(generations=[ChatGeneration(message=self._next())])

    def _next(self) -> AIMessage:
        if not self.results:
            return _calls(self.reading)
        orders = [order for one in self.results[: len(self.reading)] for order in orders_in(str(one.content))]
        self.heard = len(orders)
        calls = [order for order in orders if not isinstance(order, str)]
        if calls and not self.has_obeyed:
            self.has_obeyed = True
            return _calls(calls[:MOST_CALLS])
        return AIMessage("\n".join(order for order in orders if isinstance(order, str)) or "Done.")


def _calls(calls: Sequence[Call]) -> AIMessage:
    return AIMessage("", tool_calls=[{"name": name, "args": args, "id": uuid4().hex} for name, args in calls])
