"""What a language model sends, made fit to keep and to run: bounded, storable, every call with an id of its own."""

import json
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, InvalidToolCall
from langchain_core.messages.tool import tool_call

from copilot.context import TurnContext
from copilot.language import without_surrogates
from copilot.middleware.fallback import ModelFailed
from copilot.offline.model import OfflineModel

MOST_TEXT = 20_000  # characters of one answer
MOST_CALLS = 64  # tool calls of one message
MOST_ARGUMENTS = 50_000  # characters of all its arguments
MOST_DEPTH = 40  # of nested arguments


class Tidy(AgentMiddleware[AgentState[Any], TurnContext, Any]):
    """One message in, one message out; what cannot be used is asked for once more, then counts as a failure."""

    def wrap_model_call(
        self,
        request: ModelRequest[TurnContext],
        handler: Callable[[ModelRequest[TurnContext]], ModelResponse[Any]],
    ) -> ModelResponse[Any] | AIMessage:
        """Check what the model sent. The offline planner's messages are code's own."""
        response = handler(request)
        if isinstance(request.model, OfflineModel):
            return response
        context, message = request.runtime.context, _message(response)
        if _is_broken(message):
            again = HumanMessage(_explained(message.invalid_tool_calls))
            message = _message(handler(request.override(messages=[*request.messages, again])))
        if _is_declined(message):
            raise ModelFailed("declined", context.lang)
        is_empty = not message.tool_calls and not message.text.strip()
        if _is_broken(message) or _is_too_much(message) or (is_empty and not context.ledger.answers):
            raise ModelFailed("unusable", context.lang)
        return _tidied(message, request.messages)


def _message(response: ModelResponse[Any]) -> AIMessage:
    (message,) = response.result
    assert isinstance(message, AIMessage)
    return message


def _is_broken(message: AIMessage) -> bool:
    return bool(message.invalid_tool_calls) and not message.tool_calls


def _explained(invalid: list[InvalidToolCall]) -> str:
    named = ", ".join(sorted({str(call["name"])[:60] for call in invalid}))
    return f"The arguments of your call of {named} were no valid JSON, so nothing ran. Send the call again."


def _is_declined(message: AIMessage) -> bool:
    finished = message.response_metadata.get("finish_reason")
    return bool(message.additional_kwargs.get("refusal")) or finished == "content_filter"


def _is_too_much(message: AIMessage) -> bool:
    if len(message.text) > MOST_TEXT or len(message.tool_calls) > MOST_CALLS:
        return True
    arguments = [call["args"] for call in message.tool_calls]
    return _depth(arguments) > MOST_DEPTH or len(json.dumps(arguments, default=str)) > MOST_ARGUMENTS


def _depth(part: object) -> int:
    """How deep lists and objects lie in one another; it looks no deeper than it must."""
    deepest, level = 0, [part]
    while level and deepest <= MOST_DEPTH:
        deepest += 1
        inner = [list(p.values()) if isinstance(p, dict) else p for p in level if isinstance(p, dict | list)]
        level = [one for group in inner for one in group if isinstance(one, dict | list)]
    return deepest


def _tidied(message: AIMessage, before: Sequence[BaseMessage]) -> AIMessage:
    """Without what vendors put beside a message, which nobody reads and every later turn would store and send.

    Its id goes too: a server that gives all its messages one id would overwrite the conversation.
    """
    used = {call["id"] for one in before if isinstance(one, AIMessage) for call in one.tool_calls}
    calls = []
    for call in message.tool_calls:
        call_id = without_surrogates(call["id"] or "")[:64]
        call_id = call_id if call_id and call_id not in used else uuid4().hex[:9]
        used.add(call_id)
        calls.append(tool_call(name=_whole(call["name"])[:200], args=_whole(call["args"]), id=call_id))
    kept = {"content": _whole(message.content), "tool_calls": calls, "invalid_tool_calls": [], "id": None}
    return message.model_copy(update={**kept, "additional_kwargs": {}, "response_metadata": {}})


def _whole(part: Any) -> Any:
    """`part` as stores take it: each text whole, numbers that no store can hold as text."""
    if isinstance(part, str):
        return without_surrogates(part)
    if isinstance(part, int) and abs(part) >= 2**63:
        return str(part)
    if isinstance(part, dict):
        return {_whole(key): _whole(value) for key, value in part.items()}
    return [_whole(value) for value in part] if isinstance(part, list) else part
