"""The tour of the README in a browser."""

import re

from crm_core.access import ADMIN
from crm_core.changes import list_changes
from crm_core.signing_in import Purpose, make_link, set_password
from tests.browser.conftest import PHONE, ask, wait_for_answers


def test_a_link_signs_in_and_a_wrong_password_does_not(site, open_page):
    page = open_page("/", None)
    page.wait_for_selector("form")
    page.fill("input[name=email]", "priya.raman@brackenlight.example")
    page.fill("input[name=password]", "not it at all")
    page.click("button[type=submit]")
    page.wait_for_selector("[role=alert]")
    page.goto(f"{site.url}/sign-in/link?key={make_link(site.store, 0, Purpose.SIGN_IN, by=ADMIN)}")
    page.wait_for_selector(".composer")

    assert page.title() == "Chat · Farley"


def test_a_password_signs_in_and_signing_out_ends_it(site, open_page):
    from crm_core.users import actor_for

    set_password(site.store, actor_for(site.store, "Joanna Pike").id, "a long enough one")
    page = open_page("/me", None)
    page.fill("input[name=email]", "joanna.pike@brackenlight.example")
    page.fill("input[name=password]", "a long enough one")
    page.click("button[type=submit]")
    page.wait_for_url("**/me")
    page.click(".me")
    page.click("text=Sign out")
    page.wait_for_url("**/sign-in**")

    assert "You are signed out" in page.inner_text("[role=alert]")


def test_a_question_shows_its_figures_its_query_and_a_chart(open_page):
    page = open_page("/")

    answer = ask(page, "What is our pipeline by stage?")

    assert answer.locator("tbody tr").count() == 5
    assert "How I read it: pipeline" in answer.inner_text()
    assert answer.locator(".chart canvas, .chart svg").count() == 1


def test_a_source_opens_with_its_words_marked(open_page):
    page = open_page("/")

    answer = ask(page, "What did Alder Valley say about the price?")
    answer.locator(".source").first.click()
    page.wait_for_selector(".source-body")

    assert "price" in page.inner_text(".source-body mark").lower()


def test_a_proposal_is_edited_approved_and_undone(site, open_page):
    page = open_page("/")
    name = "Alder Valley - Rounds Dispatch, call-out team"

    card = ask(page, f"set the amount of the deal {name} to 95000").locator(".change-card")
    card.locator("ins", has_text="95,000").wait_for()
    card.get_by_role("button", name="Edit").click()
    card.locator("input").fill("96000")
    card.get_by_role("button", name="Save").click()
    card.locator("ins", has_text="96,000").wait_for()
    card.get_by_role("button", name="Approve").click()
    card.locator(".chip", has_text="Done").wait_for()
    card.get_by_role("button", name="Undo").click()
    card.locator(".chip", has_text="Undone").wait_for()

    states = [one.state for one in list_changes(site.store, ADMIN, limit=3)]
    assert sorted(map(str, states)) == ["applied", "superseded", "undone"]


def test_an_answer_is_there_when_its_browser_comes_back(site, open_page):
    page = open_page("/")
    ask(page, "How many open deals are there?")
    page.wait_for_url(re.compile(r"thread="))
    address = page.url
    page.fill(".composer textarea", "What is our win rate by product?")
    page.keyboard.press("Enter")
    page.wait_for_selector(".said >> nth=1")
    page.goto("about:blank")
    page.goto(address)

    wait_for_answers(page, 2)
    assert "win rate" in page.locator(".answer").last.inner_text()


def test_an_answer_is_there_when_its_browser_was_offline_meanwhile(open_page):
    cut_off = ("ERR_INTERNET_DISCONNECTED", "WebSocket", "dynamically imported module", "update_method")
    page = open_page("/", expects=cut_off)  # the answer's chart may be on its way just then
    ask(page, "How many open deals are there?")
    page.fill(".composer textarea", "What is our win rate by product?")
    page.keyboard.press("Enter")
    page.wait_for_selector(".said >> nth=1")
    page.context.set_offline(True)
    page.wait_for_timeout(500)
    page.context.set_offline(False)
    page.reload()

    wait_for_answers(page, 2)
    assert "How I read it: win rate" in page.locator(".answer").last.inner_text()


def test_a_brief_grows_piece_by_piece_and_is_whole_also_where_its_browser_was_offline_amid_it(open_page):
    cut_off = ("ERR_INTERNET_DISCONNECTED", "WebSocket", "dynamically imported module", "update_method")
    page = open_page("/", expects=cut_off)
    page.wait_for_selector(".composer textarea")
    page.fill(".composer textarea", "brief me on Alder Valley")
    page.keyboard.press("Enter")
    page.wait_for_selector(".answer[aria-busy] .sheet section")
    seen = page.locator(".sheet section").count()
    page.context.set_offline(True)
    page.wait_for_timeout(1_000)
    page.context.set_offline(False)

    wait_for_answers(page, 1)
    whole = page.locator(".answer").inner_text()
    assert seen < page.locator(".sheet section").count()
    page.reload()
    wait_for_answers(page, 1)
    assert page.locator(".answer").inner_text() == whole


def test_a_phone_logs_a_call_in_two_taps_and_reaches_all_conversations(site, open_page):
    page = open_page("/me", size=PHONE)
    page.wait_for_selector(".day-card")
    page.click(".bottom button")
    page.click("text=Log a call")
    page.wait_for_selector(".form")
    page.goto(site.url)
    page.click(".chat-bar button")

    page.wait_for_selector(".threads-window")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_my_day_proposes_a_step_on_the_phone(open_page):
    page = open_page("/me", size=PHONE)

    page.wait_for_selector(".day-card")
    page.locator(".day-card").first.locator(".primary").click()
    page.wait_for_selector(".change-card .primary")

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_keys_lead_to_the_chat_and_the_search(open_page):
    page = open_page("/me")
    page.wait_for_selector(".day-card")
    page.keyboard.press("/")
    page.wait_for_function("document.activeElement.getAttribute('type') == 'search'")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("c")

    page.wait_for_selector(".composer")
