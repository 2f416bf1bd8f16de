"""The import wizard, from the files to the undo."""

import pytest
from nicegui import ui
from nicegui.elements.upload_files import SmallFileUpload

from crm_core.access import ADMIN
from crm_core.changes import State, list_changes
from crm_core.errors import Forbidden
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from integrations.web.importing.taking import Taking

ACCOUNTS = "account,industry,revenue\nFresh GmbH,retail,1000\nAcme,medical,abc\n"
MAIL = "From: Eve Hall <eve@acme.example>\nTo: ada@ours.example\nDate: Mon, 13 Nov 2017 10:00:00 +0000\n"
MAIL += "Message-ID: <1@acme.example>\nSubject: Offer\n\nThank you.\n"


async def drop(user, *files):
    upload = next(iter(user.find(kind=ui.upload).elements))
    with user.client:
        await upload.handle_uploads([SmallFileUpload(name, "text/csv", text.encode()) for name, text in files])


def accounts(company, today):
    found = run_query(company.store, QuerySpec(entity="account", columns=["name"]), actor=ADMIN, today=today)
    return sorted(str(row.values[0]) for row in found.rows)


def test_files_are_read_tried_out_taken_in_with_their_errors_told_and_undone(visit, company, today):
    async def walk(user):
        await user.open("/import")
        await user.should_see("Which files?", retries=150)
        await drop(user, ("accounts.csv", ACCOUNTS))
        await user.should_see("2 rows", retries=150)
        user.find("Try it out").click()
        await user.should_see("Nothing was changed yet.", retries=150)
        await user.should_see("accounts.csv, row 3", retries=150)
        await user.should_see("Download accounts.errors.csv", retries=150)
        assert accounts(company, today) == ["Acme", "Bolt"]
        user.find("Import 1 records").click()
        await user.should_see("The rows are in", retries=150)
        assert accounts(company, today) == ["Acme", "Bolt", "Fresh GmbH"]
        user.find("Undo the import").click()
        await user.should_see("The import is undone: 1 records", retries=150)

    visit("Di Admin", walk)
    assert accounts(company, today) == ["Acme", "Bolt"]
    kinds = [(one.head.kind, one.state, one.head.door) for one in list_changes(company.store, ADMIN)]
    assert ("import", State.UNDONE, "web") in kinds


def test_a_column_is_read_otherwise_when_a_person_says_so(visit):
    async def walk(user):
        await user.open("/import")
        await drop(user, ("accounts.csv", ACCOUNTS))
        await user.should_see("2 rows", retries=150)
        chosen = [
            one
            for one in user.find(kind=ui.select).elements
            if str(one.props.get("aria-label", "")).startswith("revenue")
        ]
        chosen[0].value = "-skip"
        await user.should_see("At work", retries=150)
        await user.should_see("2 rows", retries=150)
        user.find("Try it out").click()
        await user.should_see("Import 2 records", retries=150)

    visit("Di Admin", walk)


def test_what_nothing_is_known_of_is_read_as_a_person_says(visit):
    async def walk(user):
        await user.open("/import")
        await drop(user, ("x.csv", "qq,zz\n1,2\n"))
        await user.should_see("could not be understood", retries=150)
        next(iter(user.find(kind=ui.select).elements)).value = "account"
        user.find("Read them so").click()
        await user.should_see("1 rows", retries=150)

    visit("Di Admin", walk)


def test_files_that_cannot_be_taken_are_refused_in_words(visit):
    async def walk(user):
        await user.open("/import")
        await drop(user, ("virus.exe", "MZ"))
        await user.should_see("virus.exe cannot be imported", retries=150)

    visit("Di Admin", walk)


def test_importing_takes_somebody_who_may_read_all(visit, desk, company):
    async def walk(user):
        assert (await user.http_client.get("/import")).status_code == 404

    visit("Ada North", walk)
    taking = Taking(desk)
    for step in (taking.look, taking.try_out, taking.take):
        with pytest.raises(Forbidden):
            step(company.actor("Ada North"))
    taking.upload.close()


def test_mails_become_interactions_and_an_import_is_done_once(desk, company, today):
    taking = Taking(desk)
    taking.upload.add("mail.eml", MAIL.encode())

    taking.look(ADMIN)
    taking.try_out(ADMIN)
    taking.take(ADMIN)
    done = taking.done
    taking.take(ADMIN)

    assert [one.taken for one in taking.preview.sources.values()] == [1]
    assert done.change_set_id
    assert taking.done is done
    taking.upload.close()
