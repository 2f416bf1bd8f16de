"""Mail in: files of mail and messages from a mailbox become interactions, as one change set.

It knows mail formats, people by address and threads; it opens no connection and watches nothing: whoever calls it
hands over the messages. All that stands in a mail was written by somebody outside: it becomes text in fields, it never
decides anything beyond which record the text belongs to.
"""

from crm_core.transfer.mail.report import MailCounts, MailReport, Waiting
from crm_core.transfer.mail.sources import MOST_BYTES, MailSource, MailTable, Raw, is_mail_file, open_mail
from crm_core.transfer.mail.take import preview_mail, take_mail

__all__ = [
    "MOST_BYTES", "MailCounts", "MailReport", "MailSource", "MailTable", "Raw", "Waiting", "is_mail_file", "open_mail",
    "preview_mail", "take_mail",
]  # fmt: skip
