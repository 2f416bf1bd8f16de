"""A letter as the bytes of a mail (MIME). What goes into a header is one line, whatever a record holds."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from crm_core.sending import Letter, Mailbox
from crm_core.transfer.mail.headers import one_line

_POLICY = SMTP.clone(cte_type="7bit")  # every server takes it
_LONGEST_NAME, _LONGEST_SUBJECT, _LONGEST_IDS = 120, 500, 20


def to_bytes(letter: Letter, *, is_unsent: bool = False) -> bytes:
    """The whole mail with CRLF at the ends of lines.

    Args:
        letter: what to write.
        is_unsent: mark it as still to be sent, for a mail program that opens the file.
    """
    message = EmailMessage(policy=_POLICY)
    message["Date"] = format_datetime(letter.at)
    message["From"] = _address(letter.sender)
    message["To"] = _address(letter.recipient)
    if letter.reply_to is not None:
        message["Reply-To"] = _address(letter.reply_to)
    message["Subject"] = one_line(letter.subject)[:_LONGEST_SUBJECT]
    message["Message-ID"] = letter.message_id
    if letter.answers:
        message["In-Reply-To"] = letter.answers[-1]
        message["References"] = " ".join(letter.answers[-_LONGEST_IDS:])
    if is_unsent:
        message["X-Unsent"] = "1"
    message.set_content(_sound(letter.body), charset="utf-8")
    return message.as_bytes()


def _address(box: Mailbox) -> Address:
    return Address(one_line(box.name)[:_LONGEST_NAME], addr_spec=box.address)


def _sound(body: str) -> str:
    """Text with one kind of line ending, that any character set of mail can hold."""
    text = body.replace("\x00", "").encode("utf-8", "replace").decode()
    return "\n".join(text.splitlines()) + "\n"
