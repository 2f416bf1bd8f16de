"""A message that may be a wish to change something: what to propose, ask or say; None for a question."""

from copilot.offline.plan import Plan, Propose
from copilot.offline.writing import changing, making
from copilot.offline.writing.clauses import cut
from copilot.offline.writing.context import Saying
from copilot.offline.writing.wishes import wish_of
from crm_core.changes.steps import Step


def plan_change(text: str, saying: Saying) -> Plan | None:
    """What a wish to change something comes to; None where the message is a question."""
    wish = wish_of(text, saying)
    if wish is None or isinstance(wish, Plan):
        return wish
    if "\n" in text.strip():
        notes = making.read(saying.read(text), saying)  # a pasted block is one card
        if notes is not None:
            return Propose(notes) if isinstance(notes, tuple) else notes
    steps: list[Step] = []
    for clause in cut(text, saying):
        found = (making if clause.is_new else changing).read(saying.read(clause.text), saying)
        if not isinstance(found, tuple):
            return found
        steps += found
    return Propose(tuple(steps)) if steps else None
