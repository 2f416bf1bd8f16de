"""Records that are new: deals, contacts, accounts, tasks, what was said; `parts_of` cuts a message for its readers."""

from copilot.offline.writing.context import Found, Saying
from copilot.offline.writing.making.before import Before
from copilot.offline.writing.making.facts import facts_of
from copilot.offline.writing.making.form import Doubt
from copilot.offline.writing.making.kinds import what_is_made
from copilot.offline.writing.making.notes import is_block, read_block
from copilot.offline.writing.making.parties import links
from copilot.offline.writing.making.parts import Part, is_told, parts_of
from copilot.offline.writing.making.records import read_record
from copilot.offline.writing.making.scan import scan
from copilot.offline.writing.making.talks import read_talk
from copilot.offline.writing.making.tasks import read_task

__all__ = ["Before", "Part", "facts", "is_block", "is_told", "parts_of", "read", "scan"]


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
        return read_block(text, saying)
    seen = scan(text, saying)
    made = what_is_made(seen, saying)
    if made is None:
        return None
    if made == "task":
        return read_task(seen, saying, before)
    if made == "talk":
        return read_talk(seen, saying, before)
    return read_record(seen, saying, before, made)
