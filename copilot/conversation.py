"""The messages of a conversation cut into turns, and read back as what the offline planner remembers."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from pydantic import ValidationError

from copilot.offline.plan import PastTurn, Reworded
from copilot.page import Offer
from copilot.reply import Twin
from crm_core.changes.steps import Step
from crm_core.query.spec import QuerySpec


def split_turns(messages: Sequence[BaseMessage]) -> list[list[BaseMessage]]:
    """`messages` cut before each message of the person."""
    starts = [i for i, message in enumerate(messages) if isinstance(message, HumanMessage)]
    return [list(messages[start:end]) for start, end in pairwise([*starts, len(messages)])]


def tool_calls(turn: Sequence[BaseMessage]) -> Iterator[tuple[dict[str, Any], AIMessage, ToolMessage]]:
    """Each successful tool call of a turn with the message that made it and the one that answered it."""
    done = {m.tool_call_id: m for m in turn if isinstance(m, ToolMessage) and m.status != "error"}
    for message in turn:
        if isinstance(message, AIMessage):
            made = ((call, done.get(call["id"] or "")) for call in message.tool_calls)
            yield from ((dict(call), message, result) for call, result in made if result)


def past_turns(messages: Sequence[BaseMessage]) -> tuple[PastTurn, ...]:
    """The finished turns before the last message of the person, oldest first."""
    return tuple(_past_turn(turn) for turn in split_turns(messages)[:-1])


def _past_turn(turn: list[BaseMessage]) -> PastTurn:
    known: dict[str, Any] = {"text": str(turn[0].content)}
    for call, message, result in tool_calls(turn):
        if call["name"] == "query_crm":
            known |= _answered(call, message, result)
        elif call["name"] == "propose_changes":
            known |= _proposed(call, result)
        elif call["name"] == "ask_user":
            known |= _asked_back(call, message)
        elif call["name"] == "draft":
            kept = result.artifact or {}
            known |= _shown(result) | {"proposal": kept.get("proposal"), "is_draft": "proposal" in kept}
        elif call["name"] in ("brief", "summarise", "report"):
            known |= _shown(result)
    return PastTurn(**known)


def _asked_back(call: dict[str, Any], message: AIMessage) -> dict[str, Any]:
    """The options of a question back: what its words may mean, or other questions in its place."""
    reworded = tuple(Reworded(**one) for one in message.additional_kwargs.get("reworded", ()))
    return {"reworded": reworded} if reworded else {"options": tuple(call["args"].get("options", ()))}


def _shown(result: ToolMessage) -> dict[str, Any]:
    """The record that a page was about or the records of its rows, or what was asked back instead."""
    kept = result.artifact or {}
    about = tuple(kept.get("about") or ())
    shown = {"told": about, "entity": about[0], "ids": (about[1],), "labels": (about[2],)} if about else {}
    if kept.get("ids"):
        shown = {"entity": kept["entity"], "ids": tuple(kept["ids"]), "labels": tuple(kept["labels"])}
    offers = tuple(Offer(**{**one, **_pairs(one)}) for one in kept.get("offers", ()))
    return {**shown, "options": tuple(kept.get("options", ())), "offers": offers}


def _pairs(offer: dict[str, Any]) -> dict[str, Any]:
    """What JSON made lists of."""
    return {name: tuple(offer[name]) for name in ("about", "to") if offer.get(name)}


def _proposed(call: dict[str, Any], result: ToolMessage) -> dict[str, Any]:
    """What the turn proposed; a proposal that was taken back or replaced later is found out when it is used."""
    try:
        steps = tuple(Step.model_validate(step) for step in call["args"]["steps"])
    except (ValidationError, KeyError, TypeError):  # written by an older Farley
        return {}
    kept = result.artifact or {}
    twins = tuple(Twin(**twin) for twin in kept.get("twins", ()))
    return {"proposal": kept.get("proposal"), "steps": steps, "twins": twins}


def _answered(call: dict[str, Any], message: AIMessage, result: ToolMessage) -> dict[str, Any]:
    """What the last query of the turn was and what its rows were of."""
    try:
        spec = QuerySpec.model_validate(call["args"]["spec"])
    except (ValidationError, KeyError):  # written by an older Farley
        return {}
    kept = result.artifact or {}
    return {
        "spec": spec,
        "shape": message.additional_kwargs.get("shapes", {}).get(call["id"]),
        "entity": kept.get("entity"),
        "ids": tuple(kept.get("ids", ())),
        "labels": tuple(kept.get("labels", ())),
        "told": tuple(kept["told"]) if kept.get("told") else None,
    }
