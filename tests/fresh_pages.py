"""NiceGUI as if no page had been made in this process before."""

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import Client
from nicegui.testing.general import nicegui_reset_globals


@contextmanager
def fresh_pages() -> Iterator[None]:
    """No page of before within, none of these after; modules stay as they were imported.

    NiceGUI's own reset would forget the modules of all pages and their packages, `integrations` with them, for pages
    that are made when they are imported: ours are not, and what stands in them could not be patched any more.
    """
    with nicegui_reset_globals():
        try:
            yield
        finally:
            Client.page_routes.clear()
