"""A draft is approved and sent from the command line, through a real server on this machine."""

import email

import pytest
from sqlalchemy import select, update

from crm_core.changes import Change, Op, Origin, propose
from crm_core.ids import new_id
from crm_core.models import Contact, Send
from crm_core.users import actor_for
from integrations.settings import get_settings
from tests import factories
from tests.integrations.email.post_office import open_post_office


@pytest.fixture
def office(company, monkeypatch):
    """The mail server of the settings; who asks is a rep with an address."""
    with open_post_office() as opened:
        monkeypatch.setenv("FARLEY_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("FARLEY_SMTP_PORT", str(opened.port))
        monkeypatch.setenv("FARLEY_SMTP_SECURITY", "none")
        monkeypatch.setenv("FARLEY_USER", "Ada North")
        get_settings.cache_clear()
        yield opened


@pytest.fixture
def proposal(company):
    """A draft that waits for approval."""
    ada = actor_for(company, "Ada North")
    grace = factories.make_contact(company, "Grace Hopper", email="grace@acme.example", consent="granted")
    values = {"subject": "The pilot", "body": "Hello Grace", "contact": grace, "user": ada.id}
    draft = Change(Op.CREATE, "draft", new_id(), None, {name: (None, value) for name, value in values.items()})
    return propose(company.for_agent, [draft], actor=ada, summary="a draft", origin=Origin("cli")).id


def test_a_draft_is_sent_once_it_is_approved_and_only_once(farley, proposal, office):
    early = farley("send", proposal[:8], "--yes")
    farley("approve", proposal[:8], "--yes")
    listed = farley("send")
    sent = farley("send", proposal[:8], "--yes")
    again = farley("send", proposal[:8], "--yes")

    assert (early.code, sent.code, again.code) == (1, 0, 1)
    assert "approved first" in early.err
    assert "The pilot" in listed.out
    assert "Sent to Grace Hopper <grace@acme.example>" in sent.out
    assert "sent already" in again.err
    assert [message["To"] for message in office.messages] == ["Grace Hopper <grace@acme.example>"]


def test_a_draft_is_sent_by_its_record_id_too(farley, company, proposal, office):
    farley("approve", proposal[:8], "--yes")
    draft = farley("send", "--json").json["to_send"][0]["id"]

    sent = farley("send", draft, "--json").json

    assert sent["state"] == "sent"
    assert [one["state"] for one in farley("send", "--json").json["sends"]] == ["sent"]


def test_nothing_is_sent_without_a_yes(farley, proposal, office):
    farley("approve", proposal[:8], "--yes")

    ran = farley("send", proposal[:8], stdin="n\n")

    assert "Nothing was sent" in ran.out
    assert office.taken == []


def test_a_refused_mail_fails_and_may_be_sent_again(farley, proposal, office):
    farley("approve", proposal[:8], "--yes")
    office.to_recipient = "550 no such person"
    failed = farley("send", proposal[:8], "--yes")
    office.to_recipient = "250 OK"

    assert failed.code == 1
    assert "no such person" in failed.out
    assert farley("send", proposal[:8], "--yes").code == 0


def test_an_unknown_mail_is_told_by_the_doctor_and_not_sent_again(farley, proposal, office):
    farley("approve", proposal[:8], "--yes")
    office.hangs_up = True

    unknown = farley("send", proposal[:8], "--yes")
    again = farley("send", proposal[:8], "--yes")

    assert (unknown.code, again.code) == (1, 1)
    assert "Nobody knows whether it was sent" in unknown.out
    assert "no answer" in again.err
    assert len(office.taken) == 1
    assert "of 1 mail nobody knows" in farley("doctor").out
    assert "grace@acme.example" in farley("send", "--unknown").out


def test_without_a_server_it_says_how_to_write_a_file(farley, proposal, monkeypatch):
    monkeypatch.setenv("FARLEY_USER", "Ada North")
    farley("approve", proposal[:8], "--yes")

    assert "--eml" in farley("send", proposal[:8], "--yes").err


def test_a_file_holds_the_whole_mail(farley, company, proposal, monkeypatch, tmp_path):
    monkeypatch.setenv("FARLEY_USER", "Ada North")
    farley("approve", proposal[:8], "--yes")

    ran = farley("send", proposal[:8], "--yes", "--eml", tmp_path / "mail.eml")

    message = email.message_from_bytes((tmp_path / "mail.eml").read_bytes())
    assert ran.code == 0
    assert (message["To"], message["Subject"]) == ("Grace Hopper <grace@acme.example>", "The pilot")
    with company.read() as connection:
        assert connection.scalars(select(Send.state)).all() == ["exported"]


def test_a_contact_who_is_blocked_after_the_approval_gets_nothing(farley, company, proposal, office):
    farley("approve", proposal[:8], "--yes")
    with company.write() as connection:
        connection.execute(update(Contact).values(do_not_contact=True))

    ran = farley("send", proposal[:8], "--yes")

    assert ran.code == 1
    assert "does not want" in ran.err
    assert office.taken == []


def test_a_change_that_made_no_draft_cannot_be_sent(farley, company, monkeypatch):
    farley("init")
    ada = actor_for(company, "Ada North")
    task = Change(Op.CREATE, "task", new_id(), None, {"title": (None, "Call"), "owner": (None, ada.id)})
    made = propose(company.for_agent, [task], actor=ada, summary="a task", origin=Origin("cli"))

    assert "made no draft" in farley("send", made.id[:8], "--yes").err


def test_a_blank_is_filled_before_the_mail_is_approved(farley, company, blank, office):
    ran = farley("approve", blank[:8], "--set", "price=4,500 EUR", "--yes")
    sent = farley("send", "--json").json["to_send"][0]["id"]

    assert ran.code == 0, ran.err
    assert farley("send", sent, "--yes").code == 0
    assert "It costs 4,500 EUR." in office.messages[0].get_payload()


def test_an_approved_mail_is_changed_by_its_id_and_approved_anew(farley, blank, office, tmp_path, monkeypatch):
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/Grace/Ms Hopper/' \"$1\"\n")
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    farley("approve", blank[:8], "--yes")
    draft = farley("send", "--json").json["to_send"][0]["id"]

    changed = farley("draft", str(draft), "--edit", "--set", "price=4,500 EUR", "--json").json

    assert changed["state"] == "proposed"
    old, new = changed["changes"][0]["set"]["body"]
    assert (old, new) == ("Hello Grace\n\nIt costs […: price].", "Hello Ms Hopper\n\nIt costs 4,500 EUR.")


def test_other_values_name_a_field_or_a_blank_that_is_there(farley, blank):
    ran = farley("approve", blank[:8], "--set", "scope=40 sites", "--yes")

    assert ran.code == 1
    assert "no blank “scope”" in ran.err


@pytest.fixture
def blank(company):
    """A draft with a blank in it."""
    ada = actor_for(company, "Ada North")
    grace = factories.make_contact(company, "Grace Hopper", email="grace@acme.example", consent="granted")
    body = "Hello Grace\n\nIt costs […: price]."
    values = {"subject": "The pilot", "body": body, "contact": grace, "user": ada.id}
    draft = Change(Op.CREATE, "draft", new_id(), None, {name: (None, value) for name, value in values.items()})
    return propose(company.for_agent, [draft], actor=ada, summary="a draft", origin=Origin("cli")).id
