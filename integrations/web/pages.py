"""The list of pages. The navigation, the addresses and the authorisation test read it."""

from functools import partial

from crm_core.models import RECORDS
from integrations.web import board_page, chat, list_page, my_day, new_page, record_page, search_page
from integrations.web.office import OFFICE
from integrations.web.page import Nav, Page

_LISTED = {"deal": "handshake", "account": "apartment", "contact": "people_outline", "lead": "person_search",
           "task": "task_alt"}  # fmt: skip
_KINDS = [model.__entity__.name for model in RECORDS]


def _pages_of(kind: str) -> tuple[Page, ...]:
    """The list of a kind of record, the form of a new one, and the page of each."""
    return (
        Page(
            f"/{kind}", f"{kind}s" if kind in _LISTED else "list_page", partial(list_page.build, entity=kind),
            icon=_LISTED.get(kind, "list"), nav=Nav.MORE if kind in _LISTED else Nav.NONE,
            query=("spec", "segment", "q", "page"),
        ),
        Page(f"/{kind}/new", "list_new", partial(new_page.build, entity=kind), query=("of", "id", "kind")),
        Page(f"/{kind}/{{record_id}}", "record_page", partial(record_page.build, entity=kind)),
    )  # fmt: skip


RECORD_PAGES: tuple[Page, ...] = tuple(
    page for kind in sorted(_KINDS, key=lambda kind: [*_LISTED, kind].index(kind)) for page in _pages_of(kind)
)

PAGES: tuple[Page, ...] = (
    Page("/", "chat", chat.build, icon="chat_bubble_outline", nav=Nav.MAIN, hotkey="c", query=("thread", "ask")),
    Page("/me", "my_day", my_day.build, icon="today", nav=Nav.MAIN, hotkey="m"),
    Page(
        "/board", "board", board_page.build, icon="view_kanban", nav=Nav.MAIN, hotkey="b",
        query=("q", "owner", "team", "soon", "risk", "pipeline"),
    ),
    Page("/search", "search_page", search_page.build, icon="search", query=("q",)),
    *OFFICE,
    *RECORD_PAGES,
)  # fmt: skip
