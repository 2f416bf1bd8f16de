"""The door of mail: a watched folder and a mailbox on a server. It hands messages to `crm_core.transfer.mail`.

It knows when a file is whole and which messages of a mailbox are new; it deletes, moves and marks nothing, and knows
nothing of what a mail says.
"""

from integrations.email.inbox import Account, Inbox, Portion
from integrations.email.watch import FolderWatch

__all__ = ["Account", "FolderWatch", "Inbox", "Portion"]
