"""Records that are new: deals, contacts, tasks, what was said."""

from copilot.offline.reader import Read
from copilot.offline.writing.context import Found, Saying


def read(clause: Read, saying: Saying) -> Found:
    """The steps of a clause that makes records."""
    return None
