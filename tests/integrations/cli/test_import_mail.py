"""`farley import` with mails: what a person sees, and a story from the first mail to the contact."""

import pytest
from sqlalchemy import func, select

from crm_core.db import Store
from crm_core.models import Contact, Interaction
from tests import factories
from tests.crm_core.transfer.mail.letters import letter

NEW = letter("We need 40 seats.", sender="Otto Berg <otto@new.example>", message_id="<9@new.example>")


@pytest.fixture
def mails(tmp_path, company):
    acme = factories.make_account(company, "Norrvik")
    factories.make_contact(company, "Eva Novak", email="eva@norrvik.example", account=acme)
    company.close()
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "known.eml").write_bytes(letter("We take it.", message_id="<1@norrvik.example>"))
    (folder / "new.eml").write_bytes(NEW)
    (folder / "broken.eml").write_bytes(b"")
    return folder


def test_a_folder_of_mails_says_what_was_taken_what_not_and_who_waits(farley, mails):
    ran = farley("import", mails, "--today", "2017-11-15")

    assert ran.code == 0
    assert "mails      3      2              0         0          1" in ran.out
    assert "broken.eml: not taken: it is empty" in ran.out
    assert "Otto Berg <otto@new.example> (1 mail)" in ran.out
    assert "farley undo" in ran.out


def test_the_report_is_json_on_request(farley, mails):
    found = farley("import", mails, "--json").json

    assert found["sources"]["mails"] == {"mails": 3, "taken": 2, "known": 0, "left_out": 0, "unreadable": 1}
    assert found["waiting"][0]["person"] == "Otto Berg <otto@new.example>"
    assert found["remarks"] == [{"mail": "broken.eml", "text": "not taken: it is empty"}]


def test_a_dry_run_of_mails_changes_nothing(farley, mails):
    ran = farley("import", mails, "--dry-run", "--json")

    assert (ran.json["dry_run"], ran.json["change_set_id"]) == (True, None)
    assert farley("changes", "--json").json["changes"] == []


def test_where_no_mail_can_be_read_the_command_fails(farley, mails):
    assert farley("import", mails / "broken.eml").code == 1


def test_from_a_strangers_mail_to_a_contact_and_back(farley, mails, company):
    taken = farley("import", mails, "--json").json
    proposal = taken["waiting"][0]["change_set_id"]
    assert contacts(company) == ["Eva Novak"]

    assert "create 1 contact, update 1 interaction" in farley("approve", proposal, "--yes").out
    assert contacts(company) == ["Eva Novak", "Otto Berg"]
    assert farley("import", mails, "--json").json["change_set_id"] is None

    assert farley("undo", proposal).code == 0
    assert contacts(company) == ["Eva Novak"]
    assert farley("undo", taken["change_set_id"], "--json").json["records"] == {"interaction": 1}


def contacts(company):
    with company.read() as connection:
        names = connection.execute(select(Contact.name).where(Contact.deleted_at.is_(None)).order_by(Contact.name))
        return list(names.scalars())


def test_a_mail_into_the_demo_company_is_part_of_what_is_asked_about_its_customer(farley, home, tmp_path):
    farley("init", "--demo")
    store = Store(f"sqlite:///{home / 'farley.db'}")
    with store.read() as connection:
        query = select(Contact.id, Contact.name, Contact.email).where(Contact.email.is_not(None))
        person = connection.execute(query.order_by(Contact.name)).first()
        theirs = (Interaction.contact_id == person.id, Interaction.kind == "email")
        before = connection.execute(select(func.count(Interaction.id)).where(*theirs)).scalar_one()
    store.close()
    (tmp_path / "a.eml").write_bytes(letter("Please call.", sender=f"Someone <{person.email.upper()}>"))

    found = farley("import", tmp_path / "a.eml", "--json").json

    assert (found["linked"]["contact"], found["linked"]["account"], found["waiting"]) == (1, 1, [])
    assert farley("ask", f"How many emails with {person.name}?", "--json").json["rows"] == [[before + 1]]
