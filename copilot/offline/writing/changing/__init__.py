"""Records that exist: what is to change about which of them."""

from copilot.offline.reader import Read
from copilot.offline.writing.context import Found, Saying


def read(clause: Read, saying: Saying) -> Found:
    """The steps of a clause that changes records."""
    return None
