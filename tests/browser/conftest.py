"""A real server on the demo company, and a page of Debian's chromium that is signed in to it.

Every page is watched: a message of error on its console, a fault in a script, or a request to another host fails the
test that opened it. Screenshots lie in the folder of FARLEY_SCREENSHOTS, where that is set.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.setup import create_store
from crm_core.signing_in import Sessions
from crm_core.users import actor_for
from integrations.web.people import COOKIE

CHROMIUM = shutil.which("chromium")
ARGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESKTOP, PHONE = (1440, 900), (390, 844)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (`make browser`)")


@dataclass(frozen=True)
class Site:
    """A running server.

    Attributes:
        url: of its pages.
        home: its home folder.
        store: the same store as it has.
    """

    url: str
    home: Path
    store: Store

    def session_of(self, name: str) -> str:
        """What the browser of somebody who is signed in shows."""
        person = ADMIN if name == "admin" else actor_for(self.store, name)
        return Sessions(self.store).open(person.id)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The server, one for all tests of a worker: a test leaves the records as it found them, or makes its own."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed (`make browser`)")
    home = tmp_path_factory.mktemp("site")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = {"PATH": os.environ["PATH"], "FARLEY_HOME": str(home), "FARLEY_EMBEDDER": "off"}
    store = _demo(home)
    command = [sys.executable, "-c", "from integrations.cli import main; main()", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[2])
    url = f"http://localhost:{port}"
    _wait(url)
    yield Site(url, home, store)
    server.terminate()
    server.wait(20)
    store.close()


def _demo(home: Path) -> Store:
    from datetime import datetime

    from integrations.cli.making import fill_with_demo

    store = create_store(f"sqlite:///{home / 'farley.db'}")
    fill_with_demo(store, datetime.now().astimezone().date())
    return store


def _wait(url: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{url}/sign-in", timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One chromium for all tests of a file; its event loop must be gone before other tests run in this worker."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed (`make browser`)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as played:
        opened = played.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield opened
        opened.close()


Open = Callable[..., Any]


@pytest.fixture
def open_page(site: Site, browser: Any, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens a watched page: `open_page("/me", "Priya Raman", size=PHONE)`; without a name nobody is signed in."""
    contexts, found = [], list[str]()

    def opened(
        path: str = "/", name: str | None = "Priya Raman", *, size: tuple[int, int] = DESKTOP, lang: str = "en-US",
        scheme: str = "light", expects: tuple[str, ...] = (),
    ) -> Any:  # fmt: skip
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale=lang, color_scheme=scheme
        )  # fmt: skip
        contexts.append(context)
        if name:
            context.add_cookies([{"name": COOKIE, "value": site.session_of(name), "url": site.url}])
        page = context.new_page()
        page.set_default_timeout(30_000)
        _watch(page, site.url, found, expects)
        page.goto(site.url + path)
        return page

    yield opened
    pictures = os.environ.get("FARLEY_SCREENSHOTS")
    for at, context in enumerate(contexts):
        if pictures and context.pages:
            context.pages[0].screenshot(path=Path(pictures) / f"{request.node.name}-{at}.png")
        context.close()
    assert found == []


def _watch(page: Any, url: str, found: list[str], expects: tuple[str, ...]) -> None:
    ours = (url, url.replace("http", "ws", 1), "data:", "blob:")

    def on_console(message: Any) -> None:
        if message.type == "error" and not any(one in message.text for one in expects):
            found.append(f"console: {message.text}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: found.append(f"script: {error}"))
    page.on("request", lambda asked: None if asked.url.startswith(ours) else found.append(f"request: {asked.url}"))


def ask(page: Any, question: str) -> Any:
    """Ask in the chat and wait for the answer; gives its element."""
    page.wait_for_selector(".composer textarea")
    before = page.locator(".answer").count()
    page.fill(".composer textarea", question)
    page.keyboard.press("Enter")
    wait_for_answers(page, before + 1)
    return page.locator(".answer").last


def wait_for_answers(page: Any, number: int) -> None:
    """Until so many stand there, said to their end."""
    going = ".working, .answer[aria-busy]"
    page.wait_for_function(
        "([n, going]) => document.querySelectorAll('.answer').length >= n && !document.querySelector(going)",
        arg=[number, going],
    )
