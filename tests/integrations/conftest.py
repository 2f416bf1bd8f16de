"""A real IMAP server on this machine (pymap, with mail in memory), one for all tests of a worker."""

import imaplib
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from integrations.email import Account, Inbox

# pymap as it is, but for its slow hash of passwords
_SERVER = """
from pymap.config import IMAPConfig
from pymap.main import main
from pysasl.hashing import Cleartext
IMAPConfig._get_hash_context = classmethod(lambda *_: Cleartext())
main()
"""
USER, PASSWORD = "ada", 'pa"ss\\word'


@pytest.fixture(scope="session")
def imap_port() -> Iterator[int]:
    """The port of a running server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-W", "ignore", "-c", _SERVER]
    command += ["--host", "127.0.0.1", "--port", str(port), "--no-tls", "--no-service", "managesieve", "dict"]
    server = subprocess.Popen([*command, "--demo-user", USER, "--demo-password", PASSWORD], stderr=subprocess.DEVNULL)
    for _ in range(200):
        try:
            imaplib.IMAP4("127.0.0.1", port, timeout=5).shutdown()
            break
        except OSError:
            time.sleep(0.05)
    yield port
    server.kill()
    server.wait()


class Mailbox:
    """A folder of that server as its owner sees it."""

    def __init__(self, port: int, folder: str) -> None:
        self.port = port
        self.folder = folder
        self._client = imaplib.IMAP4("127.0.0.1", port, timeout=5)
        self._client.login(USER, PASSWORD)
        self._client.create(folder)

    def deliver(self, *letters: bytes) -> None:
        """New mails come."""
        for one in letters:
            assert self._client.append(self.folder, None, None, one.replace(b"\n", b"\r\n"))[0] == "OK"

    def unread(self) -> int:
        """How many mails nobody has looked at."""
        self._client.select(self.folder, readonly=True)
        return len(self._client.search(None, "UNSEEN")[1][0].split())

    def renumber(self) -> None:
        """Make the folder anew and empty: another UIDVALIDITY."""
        self._client.delete(self.folder)
        self._client.create(self.folder)

    def close(self) -> None:
        self._client.shutdown()


@pytest.fixture
def mailbox(imap_port: int) -> Iterator[Mailbox]:
    """An empty folder of its own."""
    made = Mailbox(imap_port, f"box-{uuid.uuid4().hex}")
    yield made
    made.close()


@pytest.fixture
def open_inbox(mailbox: Mailbox, tmp_path: Path) -> Callable[..., Inbox]:
    """The door's view of the folder, each time as after a new start."""

    def opened(**given: object) -> Inbox:
        password = SecretStr(str(given.pop("password", PASSWORD)))
        settings = {"port": mailbox.port, "folder": mailbox.folder, "security": "none", **given}
        return Inbox(Account("127.0.0.1", USER, password, **settings), tmp_path / "mailboxes.json")  # type: ignore[arg-type]

    return opened
