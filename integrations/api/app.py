"""The app: every address, behind the gate. Further doors (MCP) are mounted on it by whoever builds it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from fastapi import FastAPI, Response
from fastapi.openapi.utils import get_openapi

import integrations.api.shapes as shapes
from copilot.agent import Copilot
from crm_core.db import Store
from crm_core.schema import Schema
from crm_core.tokens import Doorman
from integrations.api.answers import answer
from integrations.api.asking import add_asking
from integrations.api.caller import PREFIX, STRANGERS_PER_MINUTE, Api, Reader
from integrations.api.changes import add_changes
from integrations.api.gate import Gate
from integrations.api.problems import SCHEMA, add_problems
from integrations.api.resources import add_resources
from integrations.api.transfer import add_transfer
from integrations.api.webhooks import add_webhooks
from integrations.rates import Rates

_SAID = """Records, questions and changes of a sales team's CRM.

Show a personal access token (`farley token create`) as `Authorization: Bearer farley_…`. Whatever is read or changed is
what the token's person may read or change. An edit is a change set that its person approves at once: it stands in the
audit and can be undone. What the copilot proposes waits under `/api/changes`.

Errors are problem+json and name the fields that were wrong. A record carries its version as ETag; changing it takes
`If-Match`. A request with an `Idempotency-Key` may be sent again and has its effect once."""


def build_app(
    copilot: Copilot,
    store: Store,
    *,
    today: Callable[[], date] | None = None,
    requests_per_minute: int = 0,
    webhooks_may_be_private: bool = False,
    lifespan: Any = None,
) -> FastAPI:
    """REST over one store.

    Args:
        copilot: answers questions in words.
        store: of the company.
        today: the day that it is; default: where this machine stands.
        requests_per_minute: that one token may make; 0: as many as it likes.
        webhooks_may_be_private: they may lead to machines of this network.
        lifespan: of what else runs beside the app, as FastAPI takes it.
    """
    app = FastAPI(
        title="Farley", version="1", description=_SAID, openapi_url=None, docs_url=None, redoc_url=None,
        lifespan=lifespan,
    )  # fmt: skip
    app.state.api = Api(
        copilot, store, Doorman(store), Rates(requests_per_minute), Rates(STRANGERS_PER_MINUTE), today or _this_day,
        webhooks_may_be_private,
    )  # fmt: skip
    add_asking(app)
    add_changes(app)
    add_transfer(app)
    add_webhooks(app)
    add_resources(app, store.schema)
    add_problems(app)
    app.add_middleware(Gate)
    _describe(app)
    return app


def _describe(app: FastAPI) -> None:
    """OpenAPI with the company's own fields, made anew when the registry changes; their names are not for strangers."""
    made: list[tuple[Schema, dict[str, Any]]] = []

    def openapi() -> dict[str, Any]:
        schema = app.state.api.store.schema
        if not made or made[0][0] is not schema:
            told = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            told["components"]["schemas"] |= {**shapes.components(schema), "Problem": SCHEMA}
            made[:] = [(schema, told)]
        return made[0][1]

    def show(_: Reader) -> Response:
        return answer(app.openapi())

    app.add_api_route(f"{PREFIX}/openapi.json", show, methods=["GET"], include_in_schema=False)
    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to extend it


def _this_day() -> date:
    return datetime.now().astimezone().date()
