"""The list of pages. The navigation, the addresses and the authorisation test read it."""

from integrations.web import chat, my_day
from integrations.web.office import OFFICE
from integrations.web.page import Nav, Page

PAGES: tuple[Page, ...] = (
    Page("/", "chat", chat.build, icon="chat_bubble_outline", nav=Nav.MAIN, hotkey="c", query=("thread", "ask")),
    Page("/me", "my_day", my_day.build, icon="today", nav=Nav.MAIN, hotkey="m"),
    *OFFICE,
)
