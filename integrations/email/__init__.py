"""The door of mail: a watched folder and a mailbox on a server to read from, a server to send through.

What it reads it hands to `crm_core.transfer.mail`: it knows when a file is whole and which messages of a mailbox are
new; it deletes, moves and marks nothing, and knows nothing of what a mail says. What it sends is a letter that
`crm_core.sending` gave, as it is; it says what is known of it afterwards.
"""

from integrations.email.compose import to_bytes
from integrations.email.inbox import Account, Inbox, Portion
from integrations.email.send import SmtpServer
from integrations.email.watch import FolderWatch

__all__ = ["Account", "FolderWatch", "Inbox", "Portion", "SmtpServer", "to_bytes"]
