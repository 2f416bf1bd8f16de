"""Serves a model that cannot call tools with the same tools: it answers in JSON, which becomes tool calls here.

The agent loop, its limits and its checks see no difference.
"""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import uuid4

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, InvalidToolCall, SystemMessage, ToolMessage
from langchain_core.messages.tool import tool_call
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from pydantic import PrivateAttr

from prompts import render

log = logging.getLogger(__name__)

_REFUSALS = (400, 404, 422, 500, 501)  # HTTP statuses with which servers say that they take no tools
_OPENAI = ("openai-chat", "azure-openai-chat")


class JsonTools(BaseChatModel):
    """A chat model around another one.

    Attributes:
        model: what answers.
        is_json: speak JSON from the first call on. Otherwise tools are bound as the vendor has it until the server
            refuses them.
    """

    model: BaseChatModel
    is_json: bool

    _is_refused: bool = PrivateAttr(False)

    @property
    def _llm_type(self) -> str:
        return f"json-{self.model._llm_type}"

    @property
    def model_name(self) -> str:
        """The name of the model inside."""
        from copilot.models import name_of

        return name_of(self.model)

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Take ready function descriptions, as `copilot.tools.base.describe` makes them."""
        return self.bind(tools=list(tools), **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        tools = kwargs.get("tools") or []
        return ChatResult(generations=[ChatGeneration(message=self._ask(messages, tools))])

    def _ask(self, messages: list[BaseMessage], tools: list[dict[str, Any]]) -> AIMessage:
        if not tools:
            return self.model.invoke(messages)
        if not (self.is_json or self._is_refused):
            try:
                return self.model.bind_tools(tools).invoke(messages)
            except Exception as error:
                if not _refuses_tools(error):
                    raise
                log.warning("the server takes no tools (%s); they are asked for in JSON", type(error).__name__)
                self._is_refused = True
        # In `extra_body`, because ChatOpenAI itself would parse the answer and raise where it is cut off.
        given = {"extra_body": {"response_format": _format(tools)}} if self.model._llm_type in _OPENAI else {}
        return _read(self.model.bind(**given).invoke(list(_in_words(messages, tools))))


def _refuses_tools(error: Exception) -> bool:
    return getattr(error, "status_code", None) in _REFUSALS and "tool" in str(error).lower()


def _format(tools: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One JSON schema: a call of one of the tools, or an answer."""
    shapes = [_object(answer={"type": "string"})]
    shared: dict[str, Any] = {}
    for tool in tools:
        function = tool["function"]
        arguments = dict(function["parameters"])
        shared |= arguments.pop("$defs", {})
        shapes.append(_object(tool={"const": function["name"]}, arguments=arguments))
    return {"type": "json_schema", "json_schema": {"name": "step", "schema": {"$defs": shared, "anyOf": shapes}}}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _in_words(messages: Sequence[BaseMessage], tools: Sequence[dict[str, Any]]) -> Iterator[BaseMessage]:
    """The conversation without tool messages: each call as the JSON that made it, each result as the next message."""
    results = {message.tool_call_id: message for message in messages if isinstance(message, ToolMessage)}
    for message in messages:
        if isinstance(message, SystemMessage):
            listed = "\n".join(json.dumps(tool["function"], ensure_ascii=False) for tool in tools)
            yield SystemMessage(render("json_tools", system=message.text, tools=listed))
        elif isinstance(message, AIMessage) and not message.tool_calls:
            yield AIMessage(json.dumps({"answer": message.text}, ensure_ascii=False))
        elif isinstance(message, AIMessage):
            for call in message.tool_calls:
                made = {"tool": call["name"], "arguments": call["args"]}
                yield AIMessage(json.dumps(made, ensure_ascii=False))
                yield HumanMessage(f"Result of {call['name']}:\n{results[call['id'] or ''].text}")
        elif not isinstance(message, ToolMessage):
            yield message


def _read(message: AIMessage) -> AIMessage:
    """The call or the answer in what the model wrote. Plain words are an answer; broken JSON is a broken call."""
    text = message.text.strip()
    try:
        step, _ = json.JSONDecoder().raw_decode(text, max(text.find("{"), 0))
    except (ValueError, RecursionError):
        if not text.startswith(("{", "```")):
            return message
        step = {}
    match step:
        case {"tool": str(name), "arguments": dict(arguments)}:
            call = tool_call(name=name, args=arguments, id=uuid4().hex[:9])
            return message.model_copy(update={"content": "", "tool_calls": [call]})
        case {"answer": str(answer)}:
            return message.model_copy(update={"content": answer})
    broken = InvalidToolCall(
        type="invalid_tool_call", name="a tool", args=text[:200], id=uuid4().hex[:9], error="no JSON of the schema"
    )
    return message.model_copy(update={"content": "", "invalid_tool_calls": [broken]})
