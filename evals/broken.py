"""Language models whose vendor has a bad day: the offline planner must take over, and say so."""

import time
from collections.abc import Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

_SLOW_S = 0.05  # what a client waits before it gives up, shortened


class Broken(BaseChatModel):
    """Fails in one way, each time: `down`, `slow`, `malformed` (a tool that there is none of) or `empty`."""

    how: str

    @property
    def _llm_type(self) -> str:
        return f"broken: {self.how}"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        """Nothing is ever called."""
        return self

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        if self.how == "down":
            raise ConnectionError("the vendor cannot be reached")
        if self.how == "slow":
            time.sleep(_SLOW_S)
            raise TimeoutError("the vendor did not answer in time")
        calls = [{"name": "no_such_tool", "args": {"nothing": None}, "id": "broken"}] if self.how == "malformed" else []
        return ChatResult(generations=[ChatGeneration(message=AIMessage("", tool_calls=calls))])
