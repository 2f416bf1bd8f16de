"""From steps to exact changes: which records, which old and new values, and what a change brings with it.

It reads as the actor and writes nothing. What cannot be done is refused here in words, and once more by the commit.
"""

from crm_core.changes.draft.drafting import Draft, draft
from crm_core.changes.draft.editing import edited
from crm_core.changes.draft.looks_alike import Alike
from crm_core.changes.draft.rewriting import Mail, read_mail, rewrite
from crm_core.changes.draft.showing import look_up, set_as_json, undo_as_json
from crm_core.changes.draft.telling import risk_of, summarise, told
from crm_core.changes.draft.tracing import Traced, trace

__all__ = [
    "Alike", "Draft", "Mail", "Traced", "draft", "edited", "look_up", "read_mail", "rewrite", "risk_of", "set_as_json",
    "summarise", "told", "trace", "undo_as_json",
]  # fmt: skip
