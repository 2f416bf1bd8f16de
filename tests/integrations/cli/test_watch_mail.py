"""`farley import --watch` and `--imap`: mails as they come, until Ctrl-C."""

import json

import pytest

from integrations.cli import mailing
from tests.crm_core.transfer.mail.letters import letter
from tests.integrations.conftest import PASSWORD, USER, Mailbox


@pytest.fixture
def folder(tmp_path, company):
    company.close()
    made = tmp_path / "drop"
    made.mkdir()
    return made


@pytest.fixture
def rounds(monkeypatch):
    """What happens between two looks, each five seconds after the other; then Ctrl-C."""

    def happens(*steps):
        clock, waiting = [0.0], list(steps)

        def pause(_seconds):
            clock[0] += 5
            if not waiting:
                raise KeyboardInterrupt
            waiting.pop(0)()

        monkeypatch.setattr(mailing, "pause", pause)
        monkeypatch.setattr(mailing.time, "monotonic", lambda: clock[0])

    return happens


@pytest.fixture
def imap(mailbox, monkeypatch):
    settings = {"HOST": "127.0.0.1", "PORT": mailbox.port, "USER": USER, "PASSWORD": PASSWORD, "SECURITY": "none"}
    for name, value in {**settings, "FOLDER": mailbox.folder}.items():
        monkeypatch.setenv(f"FARLEY_IMAP_{name}", str(value))
    return mailbox


def nothing():
    """A round in which nothing comes."""


def reports(ran):
    return [json.loads(line) for line in ran.out.splitlines() if line.startswith("{")]


def test_a_mail_that_comes_into_a_watched_folder_is_taken_in_once_it_is_whole(farley, folder, rounds):
    path, whole = folder / "a.eml", letter("All of it.", message_id="<1@x>")
    rounds(lambda: path.write_bytes(whole[:40]), lambda: path.write_bytes(whole), nothing, nothing)

    found = reports(farley("import", "--watch", folder, "--json"))

    assert [one["sources"]["drop"]["taken"] for one in found] == [1]
    assert path.read_bytes() == whole


def test_a_second_watch_takes_nothing_twice_and_says_nothing_of_it(farley, folder, rounds):
    (folder / "a.eml").write_bytes(letter(message_id="<1@x>"))
    rounds(nothing, nothing)
    farley("import", "--watch", folder)

    rounds(nothing, nothing)
    ran = farley("import", "--watch", folder)

    assert ran.out.splitlines() == [f"Watching {folder}. Ctrl-C ends it."]
    assert len(farley("changes", "--json").json["changes"]) == 2  # the mail, and its sender who waits


def test_a_store_that_is_busy_is_told_and_the_mail_is_taken_the_next_time(farley, folder, rounds, monkeypatch):
    from crm_core.errors import Unavailable
    from crm_core.transfer import mail

    take, busy = mail.take_mail, iter([True])

    def first_busy(*args, **given):
        if next(busy, False):
            raise Unavailable("The store is busy.")
        return take(*args, **given)

    monkeypatch.setattr(mail, "take_mail", first_busy)
    (folder / "a.eml").write_bytes(letter())
    rounds(nothing, nothing, nothing)

    ran = farley("import", "--watch", folder)

    assert "The store is busy. It is tried again." in ran.out
    assert "farley undo" in ran.out


def test_new_mails_of_a_mailbox_are_taken_in_once(farley, folder, imap):
    imap.deliver(letter("one", message_id="<1@x>"), letter("two", message_id="<2@x>"), b"\x00")

    (first,) = reports(farley("import", "--imap", "--json"))
    again = farley("import", "--imap")

    name = f"ada@127.0.0.1/{imap.folder}"
    assert first["sources"][name] == {"mails": 3, "taken": 2, "known": 0, "left_out": 0, "unreadable": 1}
    assert first["remarks"][0]["text"] == "not taken: it is empty" or "no mail" in first["remarks"][0]["text"]
    assert again.out == f"Nothing new in {name}.\n"


def test_several_folders_of_a_mailbox_are_read_and_remembered_apart(farley, folder, imap, imap_port, monkeypatch):
    sent = Mailbox(imap_port, f"{imap.folder}-sent")
    monkeypatch.setenv("FARLEY_IMAP_FOLDER", f"{imap.folder}, {sent.folder}")
    imap.deliver(letter("in", message_id="<1@x>"))
    sent.deliver(letter("out", sender="ada@farley.example", to="eva@norrvik.example", message_id="<2@farley.example>"))
    sent.close()

    found = reports(farley("import", "--imap", "--json"))

    assert [name for one in found for name in one["sources"]] == [
        f"ada@127.0.0.1/{imap.folder}",
        f"ada@127.0.0.1/{sent.folder}",
    ]
    assert farley("import", "--imap").out.count("Nothing new in") == 2


def test_a_folder_and_a_mailbox_are_watched_together(farley, folder, rounds, imap):
    imap.deliver(letter("from the server", message_id="<1@x>"))
    (folder / "a.eml").write_bytes(letter("from the folder", message_id="<2@x>"))
    rounds(nothing, nothing)

    ran = farley("import", "--watch", "--imap", folder, "--json")

    assert sorted(sum(c["taken"] for c in one["sources"].values()) for one in reports(ran)) == [1, 1]


def test_without_a_mailbox_in_the_settings_the_command_names_them(farley, folder):
    ran = farley("import", "--imap")

    assert ran.code == 1
    assert "FARLEY_IMAP_HOST" in ran.err


@pytest.mark.parametrize("arguments", [[], ["--imap", "--dry-run"], ["--watch"], ["--imap", "a.csv"]])
def test_what_makes_no_sense_is_a_usage_error(farley, folder, arguments):
    assert farley("import", *arguments).code == 2
