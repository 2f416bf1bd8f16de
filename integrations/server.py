"""What `farley serve` runs: every door that answers HTTP, on one app."""

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from crm_core.db import Store
from integrations.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from copilot.agent import Copilot
    from copilot.toolbox import Toolbox

MCP_PATH = "/mcp"


def build_server(settings: Settings, store: Store) -> "FastAPI":
    """The app over `store`, for a process that lives long."""
    from integrations.bootstrap import build_copilot, build_toolbox, open_index

    index = open_index(settings, store)
    copilot = build_copilot(settings, store, remembers=True, index=index)
    toolbox = build_toolbox(settings, store, index=index)
    is_private = settings.private_webhooks == "on"
    app = assemble(
        copilot, toolbox, store, requests_per_minute=settings.api_rate, webhooks_may_be_private=is_private
    )  # fmt: skip
    add_web(app, settings, copilot, store)
    return app


def add_web(app: "FastAPI", settings: Settings, copilot: "Copilot", store: Store) -> None:
    """The pages for people, at every address that is no other door's."""
    from copilot.feedback import Feedback
    from copilot.memory.transcripts import Transcripts
    from crm_core.signing_in import Sessions
    from integrations.bootstrap import build_mailer, open_conversations
    from integrations.web.desk import Desk
    from integrations.web.mount import mount
    from integrations.web.pages import PAGES

    kept = open_conversations(settings)
    mount(
        app,
        Desk(
            copilot,
            store,
            Sessions(store),
            settings,
            _this_day,
            PAGES,
            Transcripts(kept, days=settings.conversation_days),
            Feedback(kept),
            build_mailer(settings),
            _provider(settings),
        ),
    )


def _provider(settings: Settings) -> Any:
    """Where people may sign in by OpenID Connect; None: nowhere."""
    from integrations.web.oidc import Provider

    secret = settings.oidc_client_secret
    if not (settings.oidc_issuer and settings.oidc_client_id and secret):
        return None
    return Provider(settings.oidc_issuer, settings.oidc_client_id, secret.get_secret_value())


def assemble(
    copilot: "Copilot",
    toolbox: "Toolbox",
    store: Store,
    *,
    requests_per_minute: int,
    webhooks_may_be_private: bool = False,
    today: Callable[[], date] | None = None,
) -> "FastAPI":
    """REST and MCP on one app, and webhooks beside it; see `build_app` for what is given."""
    import anyio
    from starlette.routing import Route

    from integrations.api.app import build_app
    from integrations.mcp.desk import Desk
    from integrations.mcp.server import HttpEndpoint, build_server, person_of
    from integrations.webhooks.send import run_webhooks

    today = today or _this_day
    mcp = HttpEndpoint(build_server(Desk(store, toolbox, today=today), person_of), lambda scope: _admit(app, scope))

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        ends = threading.Event()
        told = threading.Thread(
            target=run_webhooks, args=(store, ends), kwargs={"may_be_private": webhooks_may_be_private}
        )  # fmt: skip
        told.start()
        try:
            async with mcp.running():
                yield
        finally:
            ends.set()
            await anyio.to_thread.run_sync(told.join)

    app = build_app(
        copilot, store, today=today, requests_per_minute=requests_per_minute,
        webhooks_may_be_private=webhooks_may_be_private, lifespan=lifespan,
    )  # fmt: skip
    app.router.routes.append(Route(MCP_PATH, mcp))
    return app


def _admit(app: "FastAPI", scope: Any) -> Any:
    """The person behind an MCP request, by the same tokens and limits as over REST."""
    from starlette.exceptions import HTTPException
    from starlette.requests import Request

    from integrations.api.caller import admit
    from integrations.api.problems import problem
    from integrations.mcp.desk import Person

    request = Request(scope)
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    host = request.client.host if request.client else "?"
    try:
        found = admit(app.state.api, secret.strip() if kind.lower() == "bearer" else None, host=host)
    except HTTPException as refused:
        return problem(refused.status_code, str(refused.detail), headers=refused.headers)
    request.state.token = found.token.id
    return Person(found.actor, found.token.rights)


def _this_day() -> date:
    return datetime.now().astimezone().date()
