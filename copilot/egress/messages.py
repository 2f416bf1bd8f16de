"""Messages as they leave, and an answer as it comes back."""

from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, SystemMessage, ToolMessage

from copilot.egress.stand_ins import StandIns

_OURS = frozenset({"shapes", "notes", "suggestions", "lc_source"})  # what the planner notes for itself


def as_sent(messages: Sequence[AnyMessage], stand_ins: StandIns) -> list[AnyMessage]:
    """Copies of `messages` that hold what a model reads and nothing else, masked.

    A tool's artifact and what the offline planner noted for itself stay here.
    """
    for message in messages:
        map_texts(_readable(message), _seen(stand_ins))
    return [_copy(message, map_texts(_readable(message), stand_ins.mask)) for message in messages]


def system_as_sent(message: SystemMessage | None, name: str, code: str) -> SystemMessage | None:
    """The rules: our own words but for the name of the person who asks, for whom `code` stands."""
    return message and SystemMessage(map_texts(message.content, lambda text: text.replace(name, code)))


def as_received(message: BaseMessage, stand_ins: StandIns) -> BaseMessage:
    """An answer with the real values back, in its words and in the arguments of its tool calls."""
    received: BaseMessage = _copy(message, map_texts(_readable(message), stand_ins.restore))
    return received


def map_texts(part: Any, change: Callable[[str], str]) -> Any:
    """`part`, nested plain data, with each text in it changed; keys and numbers stay."""
    if isinstance(part, str):
        return change(part)
    if isinstance(part, dict):
        return {key: map_texts(inner, change) if key not in _FIXED else inner for key, inner in part.items()}
    if isinstance(part, list | tuple):
        return [map_texts(inner, change) for inner in part]
    return part


_FIXED = frozenset({"id", "type", "tool_call_id", "signature", "index"})  # of the protocol; a change would break it


def _seen(stand_ins: StandIns) -> Callable[[str], str]:
    def look(text: str) -> str:
        stand_ins.notice(text)
        return text

    return look


def _readable(message: BaseMessage) -> dict[str, Any]:
    """The parts of a message that leave."""
    parts: dict[str, Any] = {"content": message.content}
    if isinstance(message, AIMessage):
        kept = {key: value for key, value in message.additional_kwargs.items() if key not in _OURS}
        calls = {"tool_calls": list(message.tool_calls), "invalid_tool_calls": list(message.invalid_tool_calls)}
        parts |= {**calls, "additional_kwargs": kept}
    return parts


def _copy(message: BaseMessage, parts: dict[str, Any]) -> Any:
    dropped = {"artifact": None} if isinstance(message, ToolMessage) else {}
    return message.model_copy(update={**parts, **dropped})
