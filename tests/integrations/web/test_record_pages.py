"""The board, lists and record pages, walked through without a browser."""

import os

from crm_core.changes import list_changes
from integrations.web.editing import save
from integrations.web.pages import RECORD_PAGES
from integrations.web.reader import Reader
from integrations.web.record import read_record
from tests.conftest import TODAY
from tests.factories import make_contact, stage_named

ALL_KINDS = bool(os.environ.get("FARLEY_SOAK"))


def test_every_list_form_and_record_page_opens(visit, company):
    make_contact(company.store, "Al Phare", account=company.acme)
    plain = [page.path for page in RECORD_PAGES if "{" not in page.path]

    async def walk(user):
        for path in plain if ALL_KINDS else ("/contact", "/interaction/new", "/deal_contact"):
            await user.open(path)
        for path in (f"/account/{company.acme}", f"/user/{company.ada}"):
            await user.open(path)

    visit("admin", walk)


def test_a_record_of_another_and_none_at_all_are_the_same_page(visit, company):
    async def walk(user):
        answers = [
            await user.http_client.get(path)
            for path in (
                f"/deal/{company.bos_deal}",
                "/deal/12345",
                "/deal/x1",
                f"/deal/new?of=account&id={company.bolt}",
            )
        ]
        assert [one.status_code for one in answers] == [404] * 4
        assert all("Beta secret" not in one.text and "Bolt" not in one.text for one in answers)

    visit("Ada North", walk)


def test_lists_the_board_and_the_search_show_what_is_ones_own(visit):
    async def walk(user):
        for path in ("/deal", "/board", "/search?q=alpha"):
            await user.open(path)
            await user.should_see("Alpha")
            await user.should_not_see("Beta secret")
        await user.open("/search?q=beta")
        await user.should_see("Nothing you may see fits", retries=150)

    visit("Ada North", walk)


def test_the_board_speaks_chinese(visit, company):
    from crm_core.signing_in import set_preferences

    set_preferences(company.store, company.ada, lang="zh")

    async def walk(user):
        await user.open("/board")
        await user.should_see("销售漏斗")

    visit("Ada North", walk)


def test_a_deal_is_moved_without_dragging_and_the_move_undone(visit, company):
    engaging = stage_named(company.store, "Engaging")

    def stage():
        reader = Reader(company.store, company.actor("Ada North"), TODAY, "en")
        return read_record(reader, "deal", company.adas_deal).shown("stage").cell.text

    async def walk(user):
        await user.open("/board")
        user.find(marker="move-deal").click()
        await user.should_see(marker=f"to-{engaging}", retries=100)
        user.find(marker=f"to-{engaging}").click()
        await user.should_see("Alpha is in Engaging now.", retries=100)
        assert stage() == "Engaging"
        user.find("Undo").click()
        await user.should_see("It is undone.", retries=100)
        assert stage() == "Prospecting"

    visit("Ada North", walk)


def test_a_field_is_changed_in_place_and_its_history_tells_it(visit, company):
    async def walk(user):
        await user.open(f"/deal/{company.adas_deal}")
        user.find(marker="change-amount").click()
        await user.should_see(marker="edit-amount", retries=100)
        user.find(marker="edit-amount").clear().type("2,500")
        user.find(marker="save-field").click()
        await user.should_see("$2,500", retries=100)
        await user.should_see("Saved: amount.", retries=100)
        user.find(marker="show-history").click()
        await user.should_see("1,000.5 USD", retries=100)
        await user.should_see("Ada North")

    visit("Ada North", walk)


def test_a_field_that_somebody_else_saved_meanwhile_is_decided_on(visit, company):
    async def walk(user):
        await user.open(f"/deal/{company.adas_deal}")
        reader = Reader(company.store, company.actor("admin"), TODAY, "en")
        save(reader, read_record(reader, "deal", company.adas_deal), {"amount": 700})
        user.find(marker="change-amount").click()
        await user.should_see(marker="edit-amount", retries=100)
        user.find(marker="edit-amount").clear().type("900")
        user.find(marker="save-field").click()
        await user.should_see("admin saved", retries=100)
        await user.should_see("$1,000.50")
        user.find("Save mine").click()
        await user.should_see("$900", retries=100)

    visit("Ada North", walk)


def test_a_deleted_record_says_so_and_comes_back(visit, company):
    async def walk(user):
        await user.open(f"/deal/{company.adas_deal}")
        user.find(marker="delete").click()
        await user.should_see(marker="delete-sure", retries=100)
        user.find(marker="delete-sure").click()
        await user.should_see("Undo", retries=100)
        assert (await user.http_client.get(f"/deal/{company.adas_deal}")).status_code == 404
        user.find("Undo").click()
        await user.should_see(marker="delete", retries=100)  # the record is shown again
        await user.should_see("It is undone.", retries=100)
        assert (await user.http_client.get(f"/deal/{company.adas_deal}")).status_code == 200

    visit("Ada North", walk)


def test_a_value_that_makes_no_sense_is_refused_in_words(visit, company):
    async def walk(user):
        await user.open(f"/deal/{company.adas_deal}")
        user.find(marker="change-amount").click()
        await user.should_see(marker="edit-amount", retries=100)
        user.find(marker="edit-amount").clear().type("plenty")
        user.find(marker="save-field").click()
        await user.should_see("plenty", retries=100)
        await user.should_see(marker="edit-amount")

    visit("Ada North", walk)


def test_a_new_record_is_made_and_a_twin_is_asked_about(visit, company):
    async def walk(user):
        await user.open("/account/new")
        user.find(marker="edit-name").type("Acme")
        user.find(marker="save-new").click()
        await user.should_see("This looks like one that is there:", retries=100)
        user.find(marker="save-anyway").click()
        await user.should_see("Record keeping", retries=100)

    visit("Ada North", walk)
    (newest, *_) = list_changes(company.store, company.actor("Ada North"))

    assert newest.head.summary == "create 1 account"


def test_a_person_without_the_right_is_offered_no_change(visit, company):
    async def walk(user):
        await user.open(f"/deal/{company.adas_deal}")
        await user.should_not_see(marker="change-amount")
        await user.should_not_see(marker="delete")
        await user.open("/deal")
        await user.should_not_see("New")

    visit("Cy Audit", walk)


def test_a_list_is_narrowed_kept_and_found_again(visit):
    def only(user, marker):
        (element,) = user.find(marker=marker).elements
        return element

    async def walk(user):
        await user.open("/account")
        user.find("Add a filter").click()
        await user.should_see(marker="condition-field", retries=100)
        only(user, "condition-field").set_value("industry")
        await user.should_see(marker="condition-value", retries=100)
        only(user, "condition-value").set_value("retail")
        user.find(marker="condition-use").click()
        await user.should_see("industry is retail", retries=100)
        await user.should_not_see("Bolt")
        user.find("Keep this list").click()
        await user.should_see(marker="list-name", retries=100)
        only(user, "list-name").set_value("Shops")
        user.find(marker="keep-list").click()
        await user.should_see("The list Shops is kept.", retries=100)
        await user.open("/account")
        await user.should_see("Shops")

    visit("admin", walk)
