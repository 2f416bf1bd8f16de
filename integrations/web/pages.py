"""The list of pages. The navigation, the addresses and the authorisation test read it."""

from integrations.web import chat
from integrations.web.page import Nav, Page

PAGES: tuple[Page, ...] = (Page("/", "chat", chat.build, icon="chat_bubble_outline", nav=Nav.MAIN, hotkey="c"),)
