"""Models and planners that do what a test tells them; they drive the real agent loop, real tools and a real store."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from copilot.agent import Copilot
from copilot.offline.model import OfflineModel
from copilot.offline.plan import PastTurn, Plan
from crm_core.access import Actor
from crm_core.db import Store
from crm_core.query.spec import Measure, QuerySpec

COUNT = {"entity": "deal", "measures": [{"fn": "count"}]}
TOTAL = QuerySpec(entity="deal", measures=[Measure(fn="sum", field="amount")])

Step = AIMessage | Exception | Callable[[list[BaseMessage]], AIMessage]


class ScriptedModel(BaseChatModel):
    """A language model that goes through `script`, one step a call, and keeps what it was shown.

    After its last step it says "Done.".
    """

    script: list[Any]
    seen: list[list[BaseMessage]] = []
    tools: list[Any] = []

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        self.tools = list(tools)
        return self

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        self.seen.append(list(messages))
        step = self.script.pop(0) if self.script else says("Done.")
        if isinstance(step, Exception):
            raise step
        message = step if isinstance(step, AIMessage) else step(messages)
        return ChatResult(generations=[ChatGeneration(message=message)])


class ScriptedPlanner:
    """A planner that goes through `plans` and keeps the dialogues it was given."""

    def __init__(self, *plans: Plan) -> None:
        self.plans = list(plans)
        self.dialogues: list[tuple[PastTurn, ...]] = []

    def plan(self, text: str, *, dialogue: Sequence[PastTurn], actor: Actor, today: date) -> Plan:
        self.dialogues.append(tuple(dialogue))
        return self.plans.pop(0)


def says(text: str) -> AIMessage:
    """A final text."""
    return AIMessage(text)


def calls(name: str, /, **args: Any) -> AIMessage:
    """One tool call."""
    return calls_all((name, args))


def calls_all(*wanted: tuple[str, dict[str, Any]]) -> AIMessage:
    """Several tool calls at once."""
    made = [{"name": name, "args": args, "id": f"call_{uuid4().hex[:8]}"} for name, args in wanted]
    return AIMessage("", tool_calls=made)


def queries(**spec: Any) -> AIMessage:
    """A call of query_crm."""
    return calls("query_crm", spec=spec)


def scripted(store: Store, *script: Step, **options: Any) -> tuple[Copilot, ScriptedModel]:
    """A copilot over `store` whose model follows `script`."""
    model = ScriptedModel(script=list(script), seen=[], tools=[])
    return Copilot(model, store.for_agent, **options), model


def planned(store: Store, *plans: Plan, **options: Any) -> tuple[Copilot, ScriptedPlanner]:
    """A copilot over `store` in offline mode, with a planner that follows `plans`."""
    planner = ScriptedPlanner(*plans)
    return Copilot(OfflineModel(planner=planner), store.for_agent, **options), planner


def remembered(copilot: Copilot, *, thread: str = "0/t") -> list[BaseMessage]:
    """The messages that a conversation keeps on the server."""
    kept: list[BaseMessage] = copilot._agent.get_state({"configurable": {"thread_id": thread}}).values["messages"]
    return kept
