"""A follow-up as an edit of the conversation before it: what it keeps, what it replaces, what its pointers mean."""

from copilot.offline.follow_up.context import Context, LookUp
from copilot.offline.follow_up.editing import edit
from copilot.offline.follow_up.leaning import is_follow_up

__all__ = ["Context", "LookUp", "edit", "is_follow_up"]
