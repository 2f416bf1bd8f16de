"""New messages of a folder on a mail server, over IMAP. The folder is opened for reading: nothing of it changes."""

import imaplib
import json
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError
from pydantic import SecretStr

from crm_core.errors import Invalid, Unavailable
from crm_core.transfer.mail import MOST_BYTES, MailSource, Raw
from integrations.email.security import Security, check_encrypted

TIMEOUT_S = 30.0
_MOST_MAILS, _MOST_HELD = 200, 50 * 1024 * 1024  # of one portion


@dataclass(frozen=True)
class Account:
    """A folder on a mail server, and who may read it.

    Raises:
        Invalid: it would be read without encryption over a network.
    """

    host: str
    user: str
    password: SecretStr
    port: int = 993
    folder: str = "INBOX"
    security: Security = "tls"

    def __post_init__(self) -> None:
        check_encrypted(self.host, self.security, setting="FARLEY_IMAP_SECURITY")

    @property
    def name(self) -> str:
        """What its mails are counted under, and its place remembered."""
        return f"{self.user}@{self.host}/{self.folder}"


@dataclass(frozen=True)
class Portion:
    """Some messages in the order in which they came, and the place after them."""

    source: MailSource
    uidvalidity: int
    last_uid: int


class Inbox:
    """Gives each message of a mailbox once, over many runs.

    Args:
        account: the mailbox.
        memory: the file that remembers how far it was read.
    """

    def __init__(self, account: Account, memory: Path) -> None:
        self.account = account
        self._memory = memory

    def portions(self) -> Iterator[Portion]:
        """What is new, in portions; say `done` after each that was taken in.

        Raises:
            Unavailable: the server cannot be reached, or breaks off.
            Invalid: it does not let the user in, or has no such folder.
        """
        with self._explained(), self._opened() as box:
            uidvalidity = _number(rb"(\d+)", box.client.response("UIDVALIDITY")[1])
            last = self._last_uid(uidvalidity)
            waiting = sorted(uid for uid in map(int, box.uids(f"UID {last + 1}:*", charset=None)) if uid > last)
            while waiting:
                portion = self._portion(box, waiting, uidvalidity)
                waiting = [uid for uid in waiting if uid > portion.last_uid]
                yield portion

    def done(self, portion: Portion) -> None:
        """Remember that a portion is in the store."""
        places = self._places()
        places[self.account.name] = [portion.uidvalidity, portion.last_uid]
        written = self._memory.with_suffix(".part")
        written.write_text(json.dumps(places, indent=1), encoding="utf-8")
        written.replace(self._memory)

    def _portion(self, box: BaseMailBox, waiting: list[int], uidvalidity: int) -> Portion:
        taken: list[Raw] = []
        held = 0
        for uid in waiting[:_MOST_MAILS]:
            raw = _fetch(box, uid)
            taken.append(raw)
            held += len(raw.data or b"")
            if held >= _MOST_HELD:
                break
        return Portion(MailSource.of_messages(self.account.name, taken), uidvalidity, waiting[len(taken) - 1])

    def _last_uid(self, uidvalidity: int) -> int:
        """The last message that was taken in; 0 where the server has numbered the folder anew."""
        known = self._places().get(self.account.name, [0, 0])
        return int(known[1]) if known[0] == uidvalidity else 0

    def _places(self) -> dict[str, list[int]]:
        try:
            read: dict[str, list[int]] = json.loads(self._memory.read_text(encoding="utf-8"))
        except (OSError, ValueError):  # without it all is read once more, and the store knows what it has
            return {}
        return read

    @contextmanager
    def _opened(self) -> Iterator[BaseMailBox]:
        one = self.account
        context = ssl.create_default_context()  # checks certificates, which imaplib by itself does not
        if one.security == "tls":
            box: BaseMailBox = MailBox(one.host, one.port, timeout=TIMEOUT_S, ssl_context=context)
        else:
            box = MailBoxUnencrypted(one.host, one.port, timeout=TIMEOUT_S)
        try:
            if one.security == "starttls":
                box.client.starttls(context)
            _log_in(box, one.user, one.password.get_secret_value())
            box.folder.set(one.folder, readonly=True)
            yield box
        finally:
            box.client.shutdown()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        at = f"{self.account.host}:{self.account.port}"
        try:
            yield
        except MailboxLoginError:
            raise Invalid(f"{at} does not let {self.account.user} in: see FARLEY_IMAP_USER and _PASSWORD.") from None
        except MailboxFolderSelectError:
            raise Invalid(f"{at} has no folder {self.account.folder!r}: see FARLEY_IMAP_FOLDER.") from None
        except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise Unavailable(f"The mailbox at {at} cannot be read: {reason[:200]}.") from error


def _log_in(box: BaseMailBox, user: str, password: str) -> None:
    login = box.login if (user + password).isascii() else box.login_utf8
    login(user, password, initial_folder=None)


def _fetch(box: BaseMailBox, uid: int) -> Raw:
    """One message, left as unread as it was."""
    label = f"message {uid}"
    size = _number(rb"RFC822\.SIZE (\d+)", _answer(box, uid, "(RFC822.SIZE)"))
    if size > MOST_BYTES:
        return Raw(label, None, f"it has more than {MOST_BYTES // 2**20} MB")
    parts = [part[1] for part in _answer(box, uid, "(BODY.PEEK[])") if isinstance(part, tuple)]
    return Raw(label, bytes(parts[0])) if parts else Raw(label, None, "the server has it no more")


def _answer(box: BaseMailBox, uid: int, what: str) -> list[Any]:
    status, data = box.client.uid("FETCH", str(uid), what)
    if status != "OK":
        raise imaplib.IMAP4.abort(f"it does not give message {uid}")
    return list(data)


def _number(pattern: bytes, answer: list[Any]) -> int:
    """The number that `pattern` finds in an answer; 0 without one."""
    found = re.search(pattern, b" ".join(part for part in answer if isinstance(part, bytes)))
    return int(found[1]) if found else 0
