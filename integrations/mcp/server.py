"""The desk behind the official SDK, over standard streams and over HTTP."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import Any

import anyio
import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from copilot.toolbox import Offered
from crm_core.errors import CrmError, NotFound
from integrations.mcp.desk import GUIDES, Desk, Guide, Person
from prompts import render

Who = Callable[[Any], Person | None]  # the person behind a request of the SDK; raises CrmError, None: nobody


def build_server(desk: Desk, who: Who) -> "Server[Any]":
    """The protocol's server.

    Args:
        desk: answers.
        who: tells who is behind a request, on each one anew.
    """

    async def list_tools(ctx: Any, _: Any) -> types.ListToolsResult:
        person = await _person(who, ctx)
        return types.ListToolsResult(tools=[_tool(one) for one in desk.tools(person)])

    async def call_tool(ctx: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        person = await _person(who, ctx)
        told = await anyio.to_thread.run_sync(partial(desk.call, params.name, params.arguments or {}, person))
        text = types.TextContent(type="text", text=told.text)
        return types.CallToolResult(content=[text], is_error=told.is_error)

    async def list_prompts(ctx: Any, _: Any) -> types.ListPromptsResult:
        await _person(who, ctx)
        return types.ListPromptsResult(prompts=[_prompt(one) for one in GUIDES])

    async def get_prompt(ctx: Any, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        await _person(who, ctx)
        try:
            text = desk.guide(params.name, params.arguments or {})
        except NotFound as error:
            raise MCPError(types.INVALID_PARAMS, str(error)) from None
        said = types.TextContent(type="text", text=text)
        return types.GetPromptResult(messages=[types.PromptMessage(role="user", content=said)])

    return Server(
        "farley", version=version("farley"), title="Farley", instructions=render("mcp/instructions"),
        on_list_tools=list_tools, on_call_tool=call_tool, on_list_prompts=list_prompts, on_get_prompt=get_prompt,
    )  # fmt: skip


def run_stdio(server: "Server[Any]") -> None:
    """Answer on standard input and output until the client goes."""

    async def run() -> None:
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    anyio.run(run)


class HttpEndpoint:
    """The server at one address of an app: each request stands for itself and shows its token.

    Args:
        server: of the protocol.
        admit: the person behind the request, or the response that refuses it.
    """

    def __init__(self, server: "Server[Any]", admit: Callable[[Scope], Person | Response]) -> None:
        self._manager = StreamableHTTPSessionManager(server, json_response=True, stateless=True)
        self._admit = admit

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """What must go on around the app's life."""
        async with self._manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        admitted = await anyio.to_thread.run_sync(self._admit, scope)
        if isinstance(admitted, Response):
            await admitted(scope, receive, send)
            return
        scope.setdefault("state", {})["person"] = admitted
        await self._manager.handle_request(scope, receive, send)


def person_of(ctx: Any) -> Person | None:
    """The person whom `HttpEndpoint` let in."""
    found = getattr(ctx.request.state, "person", None) if ctx.request is not None else None
    return found if isinstance(found, Person) else None


async def _person(who: Who, ctx: Any) -> Person:
    try:
        found = await anyio.to_thread.run_sync(who, ctx)
    except CrmError as error:
        raise MCPError(types.INVALID_REQUEST, str(error)) from None
    if found is None:
        raise MCPError(types.INVALID_REQUEST, "Nobody stands behind this request.")
    return found


def _tool(one: Offered) -> types.Tool:
    hints = types.ToolAnnotations(
        read_only_hint=not one.proposes, destructive_hint=one.proposes and one.name.startswith("withdraw"),
        idempotent_hint=not one.proposes, open_world_hint=False,
    )  # fmt: skip
    return types.Tool(name=one.name, description=one.description, input_schema=one.parameters, annotations=hints)


def _prompt(one: Guide) -> types.Prompt:
    argument = types.PromptArgument(name=one.argument, description=one.said, required=False)
    return types.Prompt(name=one.name, description=one.description, arguments=[argument])
