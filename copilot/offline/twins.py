"""The answer to "this looks like …": update the one that is there, or make a new one anyway."""

import re
from collections.abc import Sequence
from functools import cache
from unicodedata import normalize

import prompts
from copilot.cards import choices
from copilot.offline.plan import PastTurn, Plan, Propose, Withdraw
from copilot.reply import Twin
from crm_core.changes.steps import Given, Step
from crm_core.models import Role
from crm_core.schema import build_schema

NEW = None  # no record that is there


def answer_twins(text: str, dialogue: Sequence[PastTurn]) -> Plan | None:
    """What picking one of them comes to; None where the message says anything else.

    An option itself may be picked later in the conversation, a number and other words for it only at once.
    """
    proposed = next((turn for turn in reversed(dialogue) if turn.steps), None)
    if proposed is None or proposed.proposal is None:
        return None
    picks = [*proposed.twins, NEW] if proposed.twins else []
    at = _position(text, proposed.twins, at_once=proposed is dialogue[-1])
    if at is None or at >= len(picks):
        return None
    twin = picks[at]
    steps = _anyway(proposed) if twin is NEW else _instead(proposed.steps, twin)
    return Propose(steps, instead_of=proposed.proposal) if steps else Withdraw(proposed.proposal)


def _position(text: str, twins: Sequence[Twin], *, at_once: bool) -> int | None:
    wanted = text.strip().rstrip(".。)").lstrip("#(")
    for options in (choices(twins, "en"), choices(twins, "zh")):
        if wanted in options:
            return options.index(wanted)
    if not at_once:
        return None
    if wanted.isascii() and wanted.isdigit():
        return int(wanted) - 1 if int(wanted[:3]) > 0 else None
    head, *rest = re.split(r"[,，.。!！;；]\s*", wanted, maxsplit=1)
    leads_in = bool(rest) and head.casefold() in prompts.load_yaml("twins")["before"]
    return _said(_plain(rest[0] if leads_in else wanted), twins)


def _said(said: str, twins: Sequence[Twin]) -> int | None:
    """What other words pick; several that are there are told apart by name only."""
    if said in _phrases("new"):
        return len(twins)
    for at, twin in enumerate(twins):
        name = _plain(twin.label)
        if name and {said.replace(name, "it"), said.replace(name, "它")} & _phrases("existing") and name in said:
            return at
    return 0 if len(twins) == 1 and said in _phrases("existing") else None


def _anyway(proposed: PastTurn) -> tuple[Step, ...]:
    at = proposed.twins[0].step
    return tuple(step.model_copy(update={"is_new": True}) if i == at else step for i, step in enumerate(proposed.steps))


def _instead(steps: Sequence[Step], twin: Twin) -> tuple[Step, ...]:
    """The steps with an update of the twin in the place of the new record. It keeps its name."""
    new = steps[twin.step]
    titles = [field.name for field in build_schema().entities[twin.entity].fields.values() if field.role is Role.TITLE]
    kept = {name: value for name, value in new.set.items() if name not in titles}
    changed = new.model_copy(update={"op": "update", "records": [twin.record_id], "set": kept, "name": None})
    moved = [changed if step is new else _meaning(step, new.name, twin.record_id) for step in steps]
    return tuple(step for step in moved if step is not changed or kept)


def _meaning(step: Step, name: str | None, record_id: int) -> Step:
    """The step with the record that is there wherever it named the new one."""
    if name is None:
        return step
    called = f"@{name.removeprefix('@')}"

    def real(value: Given) -> Given:
        return record_id if value == called else value

    records = [record_id if one == called else one for one in step.records]
    return step.model_copy(
        update={"records": records, "set": {field: real(value) for field, value in step.set.items()}}
    )


@cache
def _phrases(kind: str) -> frozenset[str]:
    return frozenset(_plain(phrase) for phrase in prompts.load_yaml("twins")[kind])


def _plain(text: str) -> str:
    """Without case, signs, spaces and idle words at both ends."""
    words = re.sub(r"[\W_]+", " ", normalize("NFKC", text).casefold()).split()
    idle = prompts.load_yaml("twins")["idle"]
    while len(words) > 1 and words[0] in idle:
        words.pop(0)
    while len(words) > 1 and words[-1] in idle:
        words.pop()
    return _without_particles("".join(words), [word for word in idle if not word.isascii()])


def _without_particles(text: str, idle: Sequence[str]) -> str:
    for word in idle:
        if len(text) > len(word):
            text = text.removeprefix(word).removesuffix(word) or text
    return text
