"""What a conversation keeps: the last turns, whole ones only, and of older ones who was asked what, in short lines."""

from collections.abc import Iterator, Sequence
from typing import Any, NotRequired

from langchain.agents.middleware import AgentMiddleware, AgentState
from langchain_core.messages import AIMessage, BaseMessage, RemoveMessage, ToolMessage
from langgraph.runtime import Runtime

from copilot.context import TurnContext
from copilot.conversation import split_turns, tool_calls
from copilot.taint import is_tainted

TURNS = 12
LINES = 15  # of forgotten turns
RECORDS = 5  # named in each
SHORT = 120  # characters of a question or an answer


class ConversationState(AgentState[Any]):
    """What is stored of a conversation, beside its last turns.

    Attributes:
        earlier: one line for each forgotten turn, oldest first.
        is_tainted: a forgotten turn held untrusted text, and so do their lines.
    """

    earlier: NotRequired[list[str]]
    is_tainted: NotRequired[bool]


class History(AgentMiddleware[ConversationState, TurnContext, Any]):
    """Forgets older turns for good, so that the stored conversation stays small, and the pieces of broken ones."""

    state_schema = ConversationState

    def before_agent(self, state: ConversationState, runtime: Runtime[TurnContext]) -> dict[str, Any] | None:
        """Remove what no later turn needs, and keep a line of each whole turn that goes."""
        forgotten = to_forget(state["messages"])
        if not forgotten:
            return None
        lines = [in_short(turn) for turn in split_turns(forgotten) if _is_whole(turn)]
        return {
            "messages": [RemoveMessage(id=message.id or "") for message in forgotten],
            "earlier": [*state.get("earlier", ()), *lines][-LINES:],
            "is_tainted": state.get("is_tainted", False) or any(map(is_tainted, forgotten)),
        }


def to_forget(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """Messages before the last twelve turns (the present one included), and turns that a failure cut short.

    A tool call without its result would be refused by every model vendor.
    """
    past = split_turns(messages)[:-1]
    first = len(past) - (TURNS - 1)
    return [message for i, turn in enumerate(past) if i < first or not _is_whole(turn) for message in turn]


def in_short(turn: Sequence[BaseMessage]) -> str:
    """A turn in one line: what was asked, what was said, and the records that it was about with their ids."""
    records = ", ".join(named_records(turn))
    said = f"{_cut(turn[0].text)} → {_cut(turn[-1].text)}"
    return f"{said} [{records}]" if records else said


def named_records(turn: Sequence[BaseMessage]) -> Iterator[str]:
    """The first records of each result, such as "deal 12 North"."""
    for _, _, result in tool_calls(turn):
        kept = result.artifact or {}
        pairs = zip(kept.get("ids", ()), kept.get("labels", ()), strict=False)
        yield from (f"{kept['entity']} {record} {label}" for record, label in list(pairs)[:RECORDS])


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else f"{line[:SHORT]}…"


def _is_whole(turn: Sequence[BaseMessage]) -> bool:
    answered = {message.tool_call_id for message in turn if isinstance(message, ToolMessage)}
    asked = {call["id"] for message in turn if isinstance(message, AIMessage) for call in message.tool_calls}
    return isinstance(turn[-1], AIMessage) and asked <= answered
