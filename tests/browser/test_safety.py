"""What strangers wrote, and strangers themselves."""

import urllib.error
import urllib.request

import pytest

from integrations.web.people import COOKIE
from tests.browser.hostile import OUTPUTS


def test_hostile_text_is_shown_as_text(site, open_page):
    """All of them in one conversation, as answers, names in tables, sources, options and cards would be."""
    from copilot.memory.engine import Conversations
    from copilot.memory.transcripts import Transcripts
    from copilot.reply import Citation
    from crm_core.models import Kind
    from crm_core.query.result import Column, Row
    from integrations.web.shown import Sheet, Shown, Table, to_text

    said = Transcripts(Conversations(f"sqlite:///{site.home / 'conversations.db'}"))
    size = 30
    for start in range(0, len(OUTPUTS), size):
        some = tuple(OUTPUTS[start : start + size])
        rows = tuple(Row((one, one)) for one in some[:10])
        table = Table((Column("c", some[0], Kind.TEXT), Column("d", "d", Kind.LONG_TEXT)), rows, "deal", some[1])
        sheet = Sheet(some[0], (("h", tuple((one, None) for one in some), some[2]),), some[3], some[4])
        chart = {"data": {"values": [{"label": one, "value": 1} for one in some[:5]]}, "mark": "bar",
                 "encoding": {"x": {"title": some[0]}}, "height": {"step": 24}}  # fmt: skip
        cited = (Citation("deal", 1, some[0], some[1]),)
        shown = Shown(
            "answered", "\n\n".join(some), (table,), (sheet,), chart, cited, (), some[:2], some[:8], some[:3], some[3:5]
        )  # fmt: skip
        said.answer(said.ask(0, f"hostile{start}", "\n".join(some[:3])), to_text(shown))

    for start in range(0, len(OUTPUTS), size):
        page = open_page(f"/?thread=hostile{start}", "admin")
        page.wait_for_selector(".answer .how")
        assert page.evaluate("window.pwned") is None
        assert page.evaluate("document.querySelectorAll('.answer img, .answer iframe, .answer script').length") == 0
        links = page.evaluate("[...document.querySelectorAll('a')].map(a => a.getAttribute('href'))")
        assert [link for link in links if not link.startswith(("/", "#")) or link.startswith("//")] == []
        page.context.close()


def test_a_socket_of_another_person_reaches_no_page_of_mine(site, open_page):
    page = open_page("/")
    page.wait_for_selector(".composer")
    page.context.add_cookies([{"name": COOKIE, "value": site.session_of("Joanna Pike"), "url": site.url}])
    page.evaluate("window.socket.disconnect(); window.socket.connect()")
    page.wait_for_timeout(300)
    page.fill(".composer textarea", "How many deals are there?")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)

    assert page.locator(".answer").count() == 0


def test_a_request_from_another_site_is_refused(site):
    asked = urllib.request.Request(f"{site.url}/sign-out", method="POST", headers={"Origin": "https://evil.example"})

    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(asked, timeout=10)


def test_every_page_is_somebodys_alone(site):
    from integrations.web.pages import PAGES

    for page in PAGES:
        if "{" in page.path:
            continue
        with urllib.request.urlopen(site.url + page.path, timeout=10) as answered:
            assert answered.url.startswith(f"{site.url}/sign-in"), page.path
