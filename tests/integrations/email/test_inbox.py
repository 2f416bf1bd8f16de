"""A mailbox over IMAP: each mail once, nothing changed on the server, clear words where it does not work."""

import json
import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import suppress

import pytest
from pydantic import SecretStr

from crm_core.errors import Invalid, Unavailable
from integrations.email import Account, inbox
from tests.crm_core.transfer.mail.letters import letter


def subjects(box, *, keeps=True):
    """Read what is new, and remember it."""
    found = []
    for portion in box.portions():
        found += [raw.data.split(b"Subject: ")[1].split(b"\r\n")[0].decode() for raw in portion.source.read()]
        if keeps:
            box.done(portion)
    return found


def test_each_mail_comes_once_over_many_runs(mailbox, open_inbox):
    mailbox.deliver(letter(subject="one"), letter(subject="two"))
    assert subjects(open_inbox()) == ["one", "two"]
    assert subjects(open_inbox()) == []

    mailbox.deliver(letter(subject="three"))

    assert subjects(open_inbox()) == ["three"]


def test_an_empty_mailbox_has_nothing_new(open_inbox):
    assert subjects(open_inbox()) == []


def test_what_was_not_taken_in_comes_again(mailbox, open_inbox):
    mailbox.deliver(letter(subject="one"))

    assert subjects(open_inbox(), keeps=False) == subjects(open_inbox()) == ["one"]


def test_reading_leaves_mails_unread(mailbox, open_inbox):
    mailbox.deliver(letter(), letter())

    subjects(open_inbox())

    assert mailbox.unread() == 2


def test_many_mails_come_in_portions_and_each_is_remembered(mailbox, open_inbox, monkeypatch):
    monkeypatch.setattr(inbox, "_MOST_MAILS", 2)
    mailbox.deliver(*(letter(subject=str(n)) for n in range(5)))
    first = next(box := open_inbox().portions())
    box.close()
    open_inbox().done(first)

    assert subjects(open_inbox()) == ["2", "3", "4"]


def test_a_folder_that_was_numbered_anew_is_read_from_its_beginning(mailbox, open_inbox):
    mailbox.deliver(letter(subject="one"), letter(subject="two"))
    subjects(open_inbox())

    mailbox.renumber()
    mailbox.deliver(letter(subject="three"))

    assert subjects(open_inbox()) == ["three"]


@pytest.mark.parametrize("memory", ["", "{not json", "{}"])
def test_a_lost_memory_means_that_all_is_read_once_more(mailbox, open_inbox, tmp_path, memory):
    mailbox.deliver(letter(subject="one"))
    subjects(open_inbox())

    (tmp_path / "mailboxes.json").write_text(memory)

    assert subjects(open_inbox()) == ["one"]


def test_the_memory_holds_places_and_no_secret(mailbox, open_inbox, tmp_path):
    mailbox.deliver(letter())
    subjects(open_inbox())

    ((name, place),) = json.loads((tmp_path / "mailboxes.json").read_text()).items()

    assert (name, len(place)) == (f"ada@127.0.0.1/{mailbox.folder}", 2)


def test_a_mail_that_is_too_large_is_told_and_not_fetched(mailbox, open_inbox, monkeypatch):
    monkeypatch.setattr(inbox, "MOST_BYTES", 1_000)
    mailbox.deliver(letter("x" * 2_000), letter("small"))

    (portion,) = open_inbox().portions()

    large, small = portion.source.read()
    assert (large.data, "more than" in large.problem) == (None, True)
    assert small.data.endswith(b"small")


def test_a_wrong_password_is_told_without_it(open_inbox):
    with pytest.raises(Invalid, match="does not let ada in") as caught:
        subjects(open_inbox(password="not-this-one"))

    assert "not-this-one" not in str(caught.value)


def test_a_folder_that_does_not_exist_is_named(open_inbox):
    with pytest.raises(Invalid, match="no folder 'Nowhere'"):
        subjects(open_inbox(folder="Nowhere"))


def test_a_server_that_is_not_there_is_told(open_inbox):
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:1 cannot be read"):
        subjects(open_inbox(port=1))


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_without_encryption_gets_no_password(open_inbox, security):
    with pytest.raises(Unavailable, match="cannot be read"):
        subjects(open_inbox(security=security))


@pytest.mark.parametrize("host", ["mail.example", "10.0.0.1", "localhost.example"])
def test_no_password_goes_over_a_network_in_the_open(host):
    with pytest.raises(Invalid, match="only with encryption"):
        Account(host, "ada", SecretStr("secret"), security="none")


@pytest.fixture
def forged_server(tmp_path):
    """A server with a certificate that nobody vouches for; what it is told after the handshake."""
    openssl = shutil.which("openssl") or pytest.skip("openssl makes the certificate, and is not here")
    names = [str(tmp_path / "key.pem"), str(tmp_path / "cert.pem")]
    asked = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"]
    subprocess.run([*asked, "-keyout", names[0], "-out", names[1]], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(names[1], names[0])
    told = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            caller, _ = server.accept()
            with caller, suppress(OSError), context.wrap_socket(caller, server_side=True) as talk:
                told.append(talk.recv(1))

        thread = threading.Thread(target=answer)
        thread.start()
        yield server.getsockname()[1], told
        thread.join()


def test_a_certificate_that_nobody_vouches_for_gets_no_password(open_inbox, forged_server):
    port, told = forged_server

    with pytest.raises(Unavailable, match="certificate"):
        subjects(open_inbox(port=port, security="tls"))

    assert told == []
