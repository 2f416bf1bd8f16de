"""The pages over a small company, in this process and without a browser: `visit` walks through them."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from nicegui import background_tasks, core
from nicegui.testing.general import prepare_simulation
from nicegui.testing.user import User

from copilot.agent import Copilot
from copilot.feedback import Feedback
from copilot.memory.engine import Conversations
from copilot.memory.transcripts import Transcripts
from copilot.models import offline_model
from crm_core.access import ADMIN, Actor
from crm_core.db import Store
from crm_core.signing_in import Sessions
from crm_core.users import actor_for
from integrations.settings import Settings
from integrations.web.desk import Desk
from integrations.web.mount import add_pages
from integrations.web.pages import PAGES
from integrations.web.people import COOKIE
from tests.conftest import TODAY
from tests.fresh_pages import fresh_pages
from tests.integrations.api.conftest import Company, company

__all__ = ["Visit", "company"]

Visit = Callable[..., None]


@pytest.fixture
def environment() -> dict[str, Any]:
    """What the environment sets."""
    return {}


@pytest.fixture
def desk(company: Company, tmp_path: Path, environment: dict[str, Any]) -> Desk:
    """The pages' parts over that company."""
    return make_desk(company.store, tmp_path / "home", settings=environment)


def make_desk(store: Store, home: Path, **given: Any) -> Desk:
    """The pages' parts over any store."""
    copilot = Copilot(offline_model(store), store.for_agent)
    kept = Conversations(f"sqlite:///{home}/conversations.db")
    settings = Settings(home=home, **given.get("settings", {}))
    said, pages = Transcripts(kept), given.get("pages", PAGES)
    return Desk(copilot, store, Sessions(store), settings, lambda: TODAY, pages, said, Feedback(kept))


@pytest.fixture
def visit(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Walk through the pages as somebody: `visit("Ada North", walk)` with `async def walk(user)`."""
    monkeypatch.setenv("NICEGUI_USER_SIMULATION", "true")

    def visited(name: str | None, walk: Callable[[User], Awaitable[None]]) -> None:
        asyncio.run(_walk(desk, None if name is None else _actor(desk, name), walk))

    return visited


def _actor(desk: Desk, name: str) -> Actor:
    return ADMIN if name == "admin" else actor_for(desk.store, name)


async def _walk(desk: Desk, actor: Actor | None, walk: Callable[[User], Awaitable[None]]) -> None:
    cookies = {COOKIE: desk.sessions.open(actor.id)} if actor else {}
    background_tasks.running_tasks.clear()  # of an event loop that is gone; its end would wait for them for ever
    background_tasks.lazy_tasks_running.clear()
    with _no_old_garbage(), fresh_pages():
        prepare_simulation()
        add_pages(desk)
        transport = httpx.ASGITransport(core.app)
        async with (
            core.app.router.lifespan_context(core.app),
            httpx.AsyncClient(transport=transport, base_url="http://test", cookies=cookies) as client,
        ):
            await walk(User(client))


@contextmanager
def _no_old_garbage() -> Iterator[None]:
    """NiceGUI collects garbage before and after: let it not look at all that lay there before, for half a second."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
