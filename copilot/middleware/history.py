"""What a model remembers of the conversation: the last turns, whole ones only."""

from collections.abc import Sequence
from typing import Any

from langchain.agents.middleware import AgentMiddleware, AgentState
from langchain_core.messages import AIMessage, BaseMessage, RemoveMessage, ToolMessage
from langgraph.runtime import Runtime

from copilot.context import TurnContext
from copilot.conversation import split_turns

TURNS = 12


class History(AgentMiddleware[AgentState[Any], TurnContext, Any]):
    """Forgets older turns for good, so that the stored conversation stays small, and the pieces of broken ones."""

    def before_agent(self, state: AgentState[Any], runtime: Runtime[TurnContext]) -> dict[str, Any] | None:
        """Remove what no later turn needs."""
        forgotten = to_forget(state["messages"])
        return {"messages": [RemoveMessage(id=message.id or "") for message in forgotten]} if forgotten else None


def to_forget(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """Messages before the last twelve turns (the present one included), and turns that a failure cut short.

    A tool call without its result would be refused by every model vendor.
    """
    past = split_turns(messages)[:-1]
    first = len(past) - (TURNS - 1)
    return [message for i, turn in enumerate(past) if i < first or not _is_whole(turn) for message in turn]


def _is_whole(turn: Sequence[BaseMessage]) -> bool:
    answered = {message.tool_call_id for message in turn if isinstance(message, ToolMessage)}
    asked = {call["id"] for message in turn if isinstance(message, AIMessage) for call in message.tool_calls}
    return isinstance(turn[-1], AIMessage) and asked <= answered
