"""Drafts of mails to contacts and leads, composed from parts and facts to read like a person's; no model is asked.

It knows facts with their sources, voices and wordings; it sends nothing, and a draft changes nothing until a person
approves it. What customers wrote is quoted to themselves alone and never obeyed.
"""

from copilot.drafts.drafting import Drafted, make_draft, reworded
from copilot.drafts.recipient import pick_recipient
from copilot.drafts.wishes import Wishes, read_lines, read_wishes

__all__ = ["Drafted", "Wishes", "make_draft", "pick_recipient", "read_lines", "read_wishes", "reworded"]
