"""Sending an approved draft: who may, to whom, once. The row of a send is committed before the mail leaves.

It knows drafts, contacts, rights and approvals; it opens no connection. A door hands the letter over and says what
became of it. Nothing here is reachable by the agent.
"""

from crm_core.sending.claim import claim, export
from crm_core.sending.draft import Ready, find_ready
from crm_core.sending.letter import Letter, Mailbox
from crm_core.sending.listing import Sent, Unsent, find_send, list_sends, list_unsent
from crm_core.sending.settle import Delivery, settle

__all__ = [
    "Delivery", "Letter", "Mailbox", "Ready", "Sent", "Unsent", "claim", "export", "find_ready",
    "find_send", "list_sends", "list_unsent", "settle",
]  # fmt: skip
