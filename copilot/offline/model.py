"""OfflineModel: a chat model without weights. It runs in the same agent loop as any other, with the same tools."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Protocol

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from pydantic import ConfigDict, SkipValidation

from copilot.cards import proposal_text
from copilot.context import TurnContext
from copilot.conversation import past_turns, split_turns
from copilot.offline.plan import (
    Brief,
    Cannot,
    Clarify,
    PastTurn,
    Plan,
    Propose,
    Queries,
    Query,
    Say,
    Search,
    ShowReport,
    Summarise,
    Withdraw,
    WriteDraft,
)
from copilot.offline.say import Part, say
from copilot.words import sentence
from crm_core.access import Actor


class Plans(Protocol):
    """What the model needs of a planner; tests give it a simpler one."""

    def plan(self, text: str, *, dialogue: Sequence[PastTurn], actor: Actor, today: date) -> Plan:
        """Decide what to do about `text`."""


class OfflineModel(BaseChatModel):
    """Plans where the last message is the person's, words the results where it is a tool's.

    The turn reaches it as the bound argument `turn`, put there by `middleware.prompt`; it reads no prompt.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    planner: SkipValidation[Plans]

    @property
    def _llm_type(self) -> str:
        return "offline"

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """It knows its tools by name and needs no description of them."""
        return self.bind(**kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        turn: TurnContext = kwargs["turn"]
        turn.ledger.is_planned = True
        last = messages[-1]
        reply = self._decide(last, messages, turn) if isinstance(last, HumanMessage) else _answer(messages, turn)
        return ChatResult(generations=[ChatGeneration(message=reply)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        """One chunk: there is nothing to wait for."""
        message = self._generate(messages, **kwargs).generations[0].message
        assert isinstance(message, AIMessage)
        yield ChatGenerationChunk(message=_as_chunk(message))

    def _decide(self, last: HumanMessage, messages: list[BaseMessage], turn: TurnContext) -> AIMessage:
        plan = self.planner.plan(str(last.content), dialogue=past_turns(messages), actor=turn.actor, today=turn.today)
        turn.ledger.unread = plan.unread if isinstance(plan, Clarify | Cannot) else None
        turn.ledger.is_strange = isinstance(plan, Cannot) or (isinstance(plan, Clarify) and plan.is_strange)
        return _as_message(plan, turn)


def _as_message(plan: Plan, turn: TurnContext) -> AIMessage:
    """The plan as any model would put it: tool calls, or words."""
    match plan:
        case Query():
            return _queries((plan,), turn)
        case Queries(parts):
            return _queries(parts, turn)
        case Search():
            return _call("search_history", _search_args(plan), turn)
        case Summarise() | Brief() | ShowReport():
            return _page(plan, turn)
        case Propose() | WriteDraft():
            return _proposal(plan, turn)
        case Withdraw(proposal):
            return _call("withdraw_proposal", {"proposal": proposal}, turn)
        case Clarify():
            return _question(plan, turn)
        case Cannot(reason, near):
            return _call("cannot_answer", {"missing": reason, "near": list(near[:4])}, turn)
        case Say(text, suggestions):
            return AIMessage(text, additional_kwargs={"suggestions": list(suggestions)})


def _question(plan: Clarify, turn: TurnContext) -> AIMessage:
    options = [*plan.options, *(one.text for one in plan.reworded)][:4]
    message = _call("ask_user", {"question": plan.question, "options": options}, turn)
    message.additional_kwargs["reworded"] = [asdict(one) for one in plan.reworded]
    return message


def _queries(parts: Sequence[Query], turn: TurnContext) -> AIMessage:
    ids = [f"{turn.turn_id}-{number}" for number in range(len(parts))]
    calls = [
        {
            "name": "query_crm",
            "args": {"spec": part.spec.model_dump(mode="json", exclude_defaults=True)},
            "id": call_id,
        }
        for call_id, part in zip(ids, parts, strict=True)
    ]
    kept = {
        "shapes": {call_id: part.shape for call_id, part in zip(ids, parts, strict=True)},
        "notes": {call_id: list(part.notes) for call_id, part in zip(ids, parts, strict=True)},
    }
    return AIMessage("", tool_calls=calls, additional_kwargs=kept)


def _proposal(plan: Propose | WriteDraft, turn: TurnContext) -> AIMessage:
    if isinstance(plan, WriteDraft):
        return _call("draft", _draft_args(plan), turn)
    steps = [step.model_dump(mode="json", exclude_defaults=True) for step in plan.steps]
    message = _call("propose_changes", {"steps": steps, "instead_of": plan.instead_of}, turn)
    message.additional_kwargs["notes"] = {message.tool_calls[0]["id"]: list(plan.notes)}
    return message


def _search_args(plan: Search) -> dict[str, Any]:
    about = [_by_id(*one) for one in plan.about]
    return {"query": plan.query, "about": about, "kinds": list(plan.kinds), **_days(plan)}


def _draft_args(plan: WriteDraft) -> dict[str, Any]:
    said = {"wishes": plan.wishes, "instead_of": plan.instead_of}
    return {**({"to": _by_id(*plan.to)} if plan.to else {}), **{name: one for name, one in said.items() if one}}


def _page(plan: Summarise | Brief | ShowReport, turn: TurnContext) -> AIMessage:
    about = {"about": _by_id(*plan.about)} if plan.about else {}
    if isinstance(plan, ShowReport):
        by = [group.model_dump(mode="json", exclude_defaults=True) for group in plan.by]
        where = {"where": plan.where.model_dump(mode="json", exclude_defaults=True)} if plan.where else {}
        return _call("report", {"name": plan.name, **about, **where, "by": by, **_days(plan)}, turn)
    if isinstance(plan, Summarise):
        return _call("summarise", {**about, "question": plan.question, **_days(plan)}, turn)
    when = {name: told.isoformat() for name, told in (("day", plan.day), ("at", plan.at)) if told is not None}
    return _call("brief", {**about, **when}, turn)


def _days(plan: Search | Summarise | ShowReport) -> dict[str, str]:
    return {name: day.isoformat() for name, day in (("since", plan.since), ("until", plan.until)) if day}


def _by_id(entity: str, id_: int) -> str:
    return f"{entity}:#{id_}"


def _call(name: str, args: dict[str, Any], turn: TurnContext) -> AIMessage:
    return AIMessage("", tool_calls=[{"name": name, "args": args, "id": f"{turn.turn_id}-0"}])


def _answer(messages: list[BaseMessage], turn: TurnContext) -> AIMessage:
    """Words for what the tools of this turn gave."""
    parts = parts_of(split_turns(messages)[-1], turn)
    if parts:
        return AIMessage(say(parts, turn).text)
    if turn.ledger.pages:
        return AIMessage("\n\n".join(page.text() for page in turn.ledger.pages.values()))
    if turn.ledger.proposals:
        return AIMessage(proposal_text(turn, notes_of(messages)))
    failures = turn.ledger.failures
    return AIMessage(str(failures[-1].error) if failures else sentence("nothing_found", turn.lang))


def parts_of(messages: Sequence[BaseMessage], turn: TurnContext) -> list[Part]:
    """The answered queries of a turn, in the order in which they were asked, with what the planner noted."""
    parts = []
    for message in messages:
        for call in message.tool_calls if isinstance(message, AIMessage) else ():
            kept = message.additional_kwargs
            shape = kept.get("shapes", {}).get(call["id"])
            notes = kept.get("notes", {}).get(call["id"], ())
            answers = turn.ledger.answers_to(call["id"] or "")
            parts += [Part(answer=answer, shape=shape, notes=tuple(notes)) for answer in answers]
    return parts


def notes_of(messages: Sequence[BaseMessage]) -> tuple[str, ...]:
    """What the planner noted on the proposals of a turn."""
    kept = [message.additional_kwargs.get("notes", {}) for message in messages if isinstance(message, AIMessage)]
    return tuple(dict.fromkeys(note for notes in kept for some in notes.values() for note in some))


def _as_chunk(message: AIMessage) -> AIMessageChunk:
    return AIMessageChunk(
        content=message.content,
        additional_kwargs=message.additional_kwargs,
        tool_calls=message.tool_calls,
    )
