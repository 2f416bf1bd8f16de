"""Long conversations in short, for a language model: code makes the summary, so it invents nothing and costs nothing.

Stored messages stay as they are; the offline planner reads those.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, cast

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from copilot.context import TurnContext
from copilot.conversation import split_turns
from copilot.fence import fence
from copilot.middleware.history import ConversationState, named_records
from copilot.offline.model import OfflineModel
from copilot.taint import TAINT

WHOLE_TURNS = 3  # the last ones, the present one included, whose results are shown whole
SHORT_RESULT = 400  # characters of an older result that is left as it is


class Summary(AgentMiddleware[ConversationState, TurnContext, Any]):
    """Shows old results as the records that they held, and turns that are forgotten as one line each."""

    state_schema = ConversationState

    def wrap_model_call(
        self,
        request: ModelRequest[TurnContext],
        handler: Callable[[ModelRequest[TurnContext]], ModelResponse[Any]],
    ) -> ModelResponse[Any] | AIMessage:
        """What was tainted stays so, in lines that retell it too."""
        if isinstance(request.model, OfflineModel):
            return handler(request)
        state = cast(ConversationState, request.state)
        retold = {TAINT: True} if state.get("is_tainted") else {}
        return handler(request.override(messages=shorten(request.messages, state.get("earlier", ()), retold)))


def shorten(messages: Sequence[BaseMessage], earlier: Sequence[str], marks: dict[str, bool]) -> list[Any]:
    """`messages` with their old results cut, after a fenced block of what came before them, which bears `marks`."""
    turns = split_turns(messages)
    old, recent = turns[:-WHOLE_TURNS], turns[-WHOLE_TURNS:]
    shown = [message for turn in old for message in _without_results(turn)]
    shown += [message for turn in recent for message in turn]
    if earlier and shown:
        block = _fenced("\n".join(earlier), "earlier turns")
        shown[0] = HumanMessage(f"{block}\n\n{shown[0].text}", id=shown[0].id, additional_kwargs=dict(marks))
    return shown


def _without_results(turn: Sequence[BaseMessage]) -> list[BaseMessage]:
    return [_cut(message, turn) if isinstance(message, ToolMessage) else message for message in turn]


def _cut(result: ToolMessage, turn: Sequence[BaseMessage]) -> ToolMessage:
    if len(result.text) <= SHORT_RESULT:
        return result
    named = ", ".join(named_records([m for m in turn if not isinstance(m, ToolMessage) or m is result]))
    told = _fenced(named or "no records", "left out of an older result")
    return result.model_copy(update={"content": told})


@lru_cache(maxsize=2_000)
def _fenced(text: str, source: str) -> str:
    """The same words with each call: then vendors need not read the beginning of a conversation anew."""
    return fence(text, source=source)
