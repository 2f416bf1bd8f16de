"""A message that may be a wish to change something: what to propose, ask or say; None for a question."""

from copilot.offline.plan import Clarify, Plan, Propose, Say, Withdraw
from copilot.offline.writing import changing, making
from copilot.offline.writing.clauses import cut
from copilot.offline.writing.context import Saying
from copilot.offline.writing.correcting import corrected
from copilot.offline.writing.telling import tell
from copilot.offline.writing.wishes import is_question, measures, says_only
from crm_core.changes.steps import Step


def plan_change(text: str, saying: Saying) -> Plan | None:
    """What a wish to change something comes to; None where the message is a question."""
    prepared, tags = saying.cover(text)
    lang = "zh" if any(token.script == "cjk" for token in prepared.tokens) else "en"
    if not tags or is_question(tags) or (measures(tags) and not changing.orders(tags, saying)):
        return None
    last = saying.dialogue[-1] if saying.dialogue else None
    waiting = next((turn.proposal for turn in reversed(saying.dialogue) if turn.proposal), None)
    if says_only(tags, "withdraw"):
        return Withdraw(waiting) if waiting else None
    if says_only(tags, "approve") and waiting and last is not None and last.proposal:
        return Say(tell("approve", lang, id=waiting))
    notes = tuple(f"{typed} → {right}" for typed, right in prepared.repairs)
    edited = corrected(tags, saying, lang)
    if edited is not None:
        return edited if not isinstance(edited, Propose) else Propose(edited.steps, notes, edited.instead_of)
    if "\n" in text.strip():
        block = making.read(saying.read(text), saying)  # a pasted block is one card
        if block is not None:
            return Propose(block, notes) if isinstance(block, tuple) else block
    steps: list[Step] = []
    clauses = cut(text, tags)
    for clause in clauses:
        found = making.read(saying.read(clause.text), saying) if clause.is_new else changing.read(clause.text, saying)
        if found is None and clause.is_told:
            return _all_changed(text, saying, notes)
        if found is None and steps:
            return Clarify(tell("what", lang))
        if not isinstance(found, tuple):
            return found
        steps += found
    return Propose(tuple(steps), notes) if steps else None


def _all_changed(text: str, saying: Saying, notes: tuple[str, ...]) -> Plan | None:
    """The whole message as changes: what was told in it is no record of its own."""
    found = changing.read(text, saying)
    return Propose(found, notes) if isinstance(found, tuple) else found
