"""A simulated rep: goes on after the turns of a case, by its rules or as a language model plays the part."""

import json
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from copilot.egress import StandIns
from evals.case import Answer, Case, Rep, Turn
from evals.transcript import Exchange, Json
from prompts import render

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_DONE = "DONE"


def next_turn(
    case: Case, done: Sequence[Exchange], model: "BaseChatModel | None", stand_ins: Callable[[], StandIns]
) -> Turn | None:
    """What the rep says or does next; None: the rep leaves.

    The rules come first, so that a case plays the same with a model and without one wherever they speak.

    Args:
        case: with the rules.
        done: the talk so far.
        model: that plays the part where no rule speaks; None: nobody does.
        stand_ins: of the people of the store, for no name leaves for a model.
    """
    rep = case.rep or Rep()
    last = done[-1]
    if last.act:
        return None
    rule = next((rule for rule in rep.rules if _fits(rule, last.reply)), None)
    if rule is not None:
        return _by_rule(rule, last.reply)
    return _by_model(rep, done, model, stand_ins()) if model is not None and rep.goal else None


def _fits(rule: Answer, reply: Json) -> bool:
    if rule.status and rule.status != reply.get("status"):
        return False
    told = "\n".join([str(reply.get("text") or ""), *map(str, reply.get("options") or [])])
    if rule.pick and _option(rule.pick, reply) is None:
        return False
    return rule.matches is None or re.search(rule.matches, told, re.IGNORECASE) is not None


def _by_rule(rule: Answer, reply: Json) -> Turn | None:
    if rule.act:
        return Turn(act=rule.act)
    said = _option(rule.pick, reply) if rule.pick else rule.say
    return Turn(say=said) if said else None


def _option(words: str, reply: Json) -> str | None:
    options = map(str, reply.get("options") or [])
    return next((option for option in options if words.lower() in option.lower()), None)


def _by_model(rep: Rep, done: Sequence[Exchange], model: "BaseChatModel", names: StandIns) -> Turn | None:
    """A model plays the part. It sees replies alone, never the store."""
    talk = "\n".join(
        f"{who}: {text}" for one in done for who, text in (("You", one.said), ("Farley", _told(one.reply))) if text
    )
    prompt = names.mask(render("rep", goal=rep.goal, talk=talk))
    said = names.restore(str(model.invoke(prompt).text)).strip()
    return None if not said or said.upper().startswith(_DONE) else Turn(say=said.splitlines()[0])


def _told(reply: Json) -> str:
    rows = json.dumps(reply.get("rows") or [], ensure_ascii=False, default=str)
    return f"{reply.get('text') or ''} {rows if rows != '[]' else ''}".strip()
