"""The agent's tools one by one, for a client that brings a model of its own.

It gets no more than the person behind it: the same tools, rights, fences and proposals as a turn of the agent, without
the agent's loop. What its model read before cannot be known, so whatever it proposes counts as tainted.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from langchain.tools import BaseTool, ToolRuntime
from langchain_core.tools import StructuredTool

from copilot.context import TurnContext
from copilot.egress.withheld import Withheld
from copilot.fence import strip_marks
from copilot.knowledge import Knowledge
from copilot.language import language_of
from copilot.ledger import Verdict
from copilot.tools import PROPOSE, READ, VERDICTS
from copilot.tools.base import Args, describe
from crm_core.access import Actor
from crm_core.db import AgentStore
from crm_core.errors import Invalid, NotFound

NO_VERDICTS = {one.name for one in VERDICTS}  # they end a turn of the agent; a client ends its own


@dataclass(frozen=True)
class Offered:
    """A tool as a client is shown it.

    Attributes:
        name: of the tool.
        description: what it gives, and when to use another one.
        parameters: JSON schema of its arguments.
        proposes: it drafts or takes back a proposal; otherwise it reads.
    """

    name: str
    description: str
    parameters: dict[str, Any]
    proposes: bool


class Toolbox:
    """Calls tools in a person's name.

    Args:
        store: the CRM.
        knowledge: finds what was said.
        withheld: fields that no language model is shown.
    """

    def __init__(self, store: AgentStore, knowledge: Knowledge, *, withheld: Withheld | None = None) -> None:
        self._store = store
        self._knowledge = knowledge
        self._withheld = withheld or Withheld()
        proposing = {tool.name for tool in PROPOSE}
        self._tools = {tool.name: tool for tool in (*READ, *PROPOSE) if tool.name not in NO_VERDICTS}
        self.offered = tuple(_offer(tool, proposes=tool.name in proposing) for tool in self._tools.values())

    def call(self, name: str, arguments: Mapping[str, Any], *, actor: Actor, today: date, door: str) -> str:
        """What the tool says, for a model to read.

        Raises:
            NotFound: there is no such tool.
            Invalid: the arguments make no sense, or what they ask for does not.
            CrmError: what else the tool answers.
        """
        tool = self._tools.get(name)
        if tool is None:
            raise NotFound(f"There is no tool {name!r}.")
        lang = language_of(json.dumps(arguments, ensure_ascii=False))
        context = TurnContext(
            store=self._store, actor=actor, today=today, lang=lang, text="", thread=f"{door}/{actor.id}",
            knowledge=self._knowledge, door=door, model=door, withheld=self._withheld,
        )  # fmt: skip
        context.ledger.is_tainted = True
        told = _run(tool, arguments, context)
        verdict = context.ledger.verdict
        return told if verdict is None else _ended(verdict)


def _offer(tool: BaseTool, *, proposes: bool) -> Offered:
    told = describe(tool)["function"]
    return Offered(told["name"], told["description"], told["parameters"], proposes)


def _run(tool: BaseTool, arguments: Mapping[str, Any], context: TurnContext) -> str:
    if "runtime" in arguments:  # put in by us; the agent's loop drops what a model sends under this name
        raise Invalid(f"{tool.name} takes no argument 'runtime'.")
    try:
        given = cast(type[Args], tool.args_schema).model_validate(dict(arguments))
    except ValueError as error:
        raise Invalid(f"The arguments of {tool.name} are not right: {strip_marks(str(error))}") from None
    runtime: ToolRuntime[TurnContext, Any] = ToolRuntime(
        state={}, context=context, config={}, stream_writer=lambda _: None, tool_call_id="call", store=None
    )
    values = {name: getattr(given, name) for name in type(given).model_fields if name != "runtime"}
    run = cast(StructuredTool, tool).func
    assert run is not None
    told = run(**values, runtime=runtime)
    return str(told[0] if isinstance(told, tuple) else told)


def _ended(verdict: Verdict) -> str:
    """What the agent would have asked or told the person."""
    lines = [verdict.text, *(f"- {one}" for one in (*verdict.options, *verdict.suggestions))]
    return "\n".join(lines)
