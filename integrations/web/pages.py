"""The list of pages. The navigation, the addresses and the authorisation test read it."""

from functools import partial

from crm_core.models import RECORDS
from integrations.web import board_page, chat, list_page
from integrations.web.page import Nav, Page

_LISTED = {"deal": "handshake", "account": "apartment", "contact": "people_outline", "lead": "person_search",
           "task": "task_alt"}  # fmt: skip
_KINDS = [model.__entity__.name for model in RECORDS]

RECORD_PAGES: tuple[Page, ...] = tuple(
    Page(
        f"/{kind}", f"{kind}s" if kind in _LISTED else "list_page", partial(list_page.build, entity=kind),
        icon=_LISTED.get(kind, "list"), nav=Nav.MORE if kind in _LISTED else Nav.NONE,
        query=("spec", "segment", "q", "page"),
    )
    for kind in sorted(_KINDS, key=lambda kind: [*_LISTED, kind].index(kind))
)  # fmt: skip

PAGES: tuple[Page, ...] = (
    Page("/", "chat", chat.build, icon="chat_bubble_outline", nav=Nav.MAIN, hotkey="c"),
    Page(
        "/board", "board", board_page.build, icon="view_kanban", nav=Nav.MAIN, hotkey="b",
        query=("q", "owner", "team", "soon", "risk", "pipeline"),
    ),
    *RECORD_PAGES,
)  # fmt: skip
