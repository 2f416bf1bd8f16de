"""Records that are new: deals, contacts, accounts, tasks, what was said; `parts_of` cuts a message for its readers."""

from collections.abc import Sequence

from copilot.offline.writing.context import Found, Saying
from copilot.offline.writing.making.before import Before
from copilot.offline.writing.making.beside_talk import told_beside
from copilot.offline.writing.making.facts import facts_of
from copilot.offline.writing.making.form import Doubt
from copilot.offline.writing.making.kinds import what_is_made
from copilot.offline.writing.making.notes import is_block, is_spoken, merged, read_block
from copilot.offline.writing.making.parties import links
from copilot.offline.writing.making.parts import Part, is_told, parts_of
from copilot.offline.writing.making.records import read_record
from copilot.offline.writing.making.scan import scan
from copilot.offline.writing.making.talks import read_talk
from copilot.offline.writing.making.tasks import read_task
from crm_core.changes.steps import Step

__all__ = ["Before", "Part", "facts", "is_block", "is_told", "only_logged", "parts_of", "read", "scan"]


def facts(text: str, saying: Saying) -> Found:
    """What a part beside new records says of those that exist, as in notes: "lost the Hottechi GTX Basic"."""
    seen = scan(text, saying)
    linked = links(seen, saying)
    try:
        return None if linked.ask else tuple(facts_of(seen, saying, linked)) or None
    except Doubt as doubt:
        return doubt.question


def read(text: str, saying: Saying, before: Before | None = None) -> Found:
    """The steps of one part of a message, in the light of those before it; None where it makes nothing."""
    before = before or Before()
    if is_block(text, saying):
        return _with_changes(read_block(text, saying), text, saying) if is_spoken(text) else read_block(text, saying)
    seen = scan(text, saying)
    made = what_is_made(seen, saying)
    if made is None:
        return None
    if made == "task":
        return read_task(seen, saying, before)
    if made == "talk":
        return _with_changes(read_talk(seen, saying, before), text, saying)
    return read_record(seen, saying, before, made)


def _with_changes(found: Found, text: str, saying: Saying) -> Found:
    """A talk with what its story settles besides."""
    if not isinstance(found, tuple) or not found or (found[0].set.get("kind") == "note" and not is_block(text, saying)):
        return found
    return merged([*found, *told_beside(text, saying, found[0]).steps])


def only_logged(text: str, saying: Saying, steps: Sequence[Step]) -> list[str]:
    """The clauses of a talk that would set something, and are only logged: somebody thinks so, or not all is read."""
    talk = next((step for step in steps if (step.op, step.entity) == ("create", "interaction")), None)
    is_note = talk is not None and talk.set.get("kind") == "note"
    if talk is None or is_note or (is_block(text, saying) and not is_spoken(text)):
        return []
    proposed = {name for step in steps if step.op == "update" for name in step.set}
    clauses = told_beside(text, saying, talk).only_logged
    return [clause.words for clause in clauses if clause.is_of_another or not proposed.issuperset(clause.fields)]
