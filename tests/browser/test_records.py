"""The board and record pages in a browser: a card is dragged and put back, two tabs edit one field, the phone fits."""

from tests.browser.conftest import PHONE


def counts(page):
    return [int(chip.inner_text()) for chip in page.locator(".lane-head .chip").all()]


def drag(page, card, place):
    """As a hand does it: press, move in steps, let go."""
    page.wait_for_timeout(300)  # until the lanes can be dragged between
    start, end = card.bounding_box(), place.bounding_box()
    page.mouse.move(start["x"] + 40, start["y"] + start["height"] - 8)
    page.mouse.down()
    page.mouse.move(end["x"] + 60, end["y"] + 30, steps=12)
    page.mouse.move(end["x"] + 64, end["y"] + 34, steps=3)
    page.mouse.up()


def test_a_card_that_is_dragged_moves_its_deal_and_the_undo_puts_it_back(open_page):
    page = open_page("/board", "admin")
    lanes = page.locator(".lane")
    lanes.first.locator(".deal").first.wait_for()
    page.wait_for_load_state("networkidle")
    before = counts(page)

    drag(page, lanes.nth(0).locator(".deal").first, lanes.nth(1).locator(".lane-cards"))
    page.locator(".toast", has_text="is in Discovery now.").wait_for()
    page.wait_for_function(f"document.querySelector('.lane-head .chip').innerText == '{before[0] - 1}'")
    moved = counts(page)
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function(f"document.querySelector('.lane-head .chip').innerText == '{before[0]}'")

    assert moved[:2] == [before[0] - 1, before[1] + 1]
    assert counts(page) == before


def test_two_tabs_that_edit_one_field_are_told_of_each_other(open_page):
    first = open_page("/deal", "admin")
    path = first.locator(".records .record-link").first.get_attribute("href")
    tabs = [open_page(path, "admin") for _ in range(2)]

    for tab, words in zip(tabs, ("call Ada", "call Bo"), strict=True):
        field = tab.locator(".field", has_text="Next step")
        field.hover()
        field.locator(".edit-button").click()
        tab.locator(".field input").fill(words)
        tab.get_by_role("button", name="Save").click()
        tab.locator(".toast, .clash").first.wait_for()

    assert "call Ada" in tabs[1].inner_text(".clash")
    tabs[1].get_by_role("button", name="Keep theirs").click()
    tabs[0].get_by_role("button", name="Undo").click()
    tabs[0].locator(".toast", has_text="It is undone.").wait_for()


def test_nothing_is_wider_than_a_phone(open_page):
    for path in ("/board", "/deal"):
        page = open_page(path, size=PHONE)
        page.wait_for_selector(".lane, .records")

        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
