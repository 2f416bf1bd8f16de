"""What the agent's loop does in a turn, heard through LangChain's own callbacks: nothing of the agent is changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, LLMResult
from langchain_core.tracers.context import register_configure_hook

from copilot.language import count_tokens
from evals.transcript import ToolCall

_LONGEST = 4_000  # characters of a result that a transcript keeps


class Trace(BaseCallbackHandler):
    """The calls of one turn. Tool calls are kept in the order in which the model made them: they run side by side."""

    def __init__(self) -> None:
        self.model_calls = self.tokens_in = self.tokens_out = 0
        self.failure = ""  # the newest of the model, as its vendor calls it
        self.shown: dict[str, None] = {}
        self._tools: dict[UUID, ToolCall] = {}
        self._made: dict[str, int] = {}  # id of a call → how many the model had made before it
        self._places: dict[UUID, int] = {}
        self._asked: dict[UUID, int] = {}

    @property
    def tools(self) -> tuple[ToolCall, ...]:
        """That were called."""
        return tuple(self._tools[run_id] for run_id in sorted(self._tools, key=self._places.__getitem__))

    def on_chat_model_start(
        self, serialized: dict[str, Any], messages: list[list[BaseMessage]], *, run_id: UUID, **kwargs: Any
    ) -> None:
        """Keep what the model is shown."""
        self.model_calls += 1
        texts = [str(message.content) for some in messages for message in some]
        self._asked[run_id] = 0 if "offline" in str(kwargs.get("invocation_params", "")) else sum(map(len, texts))
        self.shown |= dict.fromkeys(texts)

    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **kwargs: Any) -> None:
        """Count as the vendor does, by length where it does not."""
        for some in response.generations:
            for one in some:
                message = one.message if isinstance(one, ChatGeneration) else None
                for call in message.tool_calls if isinstance(message, AIMessage) else ():
                    self._made[str(call["id"])] = len(self._made)
                self._count(message, self._asked.get(run_id, 0))

    def on_llm_error(self, error: BaseException, **kwargs: Any) -> None:
        """Keep why the model gave nothing."""
        self.failure = f"{type(error).__name__}: {error}"

    def on_tool_start(
        self,
        serialized: dict[str, Any],
        input_str: str,
        *,
        run_id: UUID,
        inputs: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Keep the call, without what the loop itself hands to tools."""
        args = {name: value for name, value in (inputs or {}).items() if name != "runtime"}
        self._places[run_id] = self._made.get(str(kwargs.get("tool_call_id")), len(self._made))
        self._tools[run_id] = ToolCall(str(serialized.get("name")), args)

    def on_tool_end(self, output: Any, *, run_id: UUID, **kwargs: Any) -> None:
        """Keep what it gave."""
        self._finish(run_id, str(getattr(output, "content", output)))

    def on_tool_error(self, error: BaseException, *, run_id: UUID, **kwargs: Any) -> None:
        """Keep how it failed."""
        self._finish(run_id, f"{type(error).__name__}: {error}")

    def _finish(self, run_id: UUID, result: str) -> None:
        begun = self._tools.get(run_id)
        if begun is not None:
            self.shown[result] = None
            self._tools[run_id] = ToolCall(begun.name, begun.args, result[:_LONGEST])

    def _count(self, message: BaseMessage | None, asked: int) -> None:
        usage = message.usage_metadata if isinstance(message, AIMessage) else None
        if usage:
            self.tokens_in += usage["input_tokens"]
            self.tokens_out += usage["output_tokens"]
        elif asked and message is not None:
            self.tokens_in += asked // 4
            self.tokens_out += count_tokens(str(message.text))


_current: ContextVar[Trace | None] = ContextVar("farley_eval_trace", default=None)
register_configure_hook(_current, inheritable=True)


@contextmanager
def traced() -> Iterator[Trace]:
    """Whatever the agent does in the block, in this thread, is heard."""
    trace = Trace()
    token = _current.set(trace)
    try:
        yield trace
    finally:
        _current.reset(token)
