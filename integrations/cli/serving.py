"""`farley serve` and `farley mcp`: the doors for programs."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli.options import AsUser

if TYPE_CHECKING:
    from integrations.cli.session import Session
    from integrations.mcp.desk import Person


def serve(
    port: Annotated[int, typer.Option("--port", min=1, max=65_535, help="Where to listen.")] = 8000,
    host: Annotated[
        str, typer.Option("--host", help="On which address; others than this machine's want TLS before them.")
    ] = "127.0.0.1",
) -> None:
    """Answer over HTTP: the pages for people, REST under /api, MCP at /mcp."""
    from integrations.cli.session import open_session

    with open_session() as session:
        run_server(session, host=host, port=port)


def run_server(session: "Session", *, host: str, port: int) -> None:
    """Answer until Ctrl-C.

    Raises:
        Unavailable: something else listens there.
    """
    import socket

    import uvicorn

    from crm_core.errors import Unavailable
    from integrations.cli.show import say
    from integrations.server import MCP_PATH, build_server

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            raise Unavailable(f"Port {port} cannot be used ({error.strerror}); `--port` takes another one.") from error
    app = build_server(session.settings, session.store)
    say(f"The page: http://{host}:{port}/ (`farley user password NAME` lets somebody in). Ctrl-C ends it.")
    say(f"REST: http://{host}:{port}/api, MCP: http://{host}:{port}{MCP_PATH}; their keys: `farley token create`.")
    uvicorn.run(app, host=host, port=port, log_config=None, access_log=False, server_header=False)


def mcp(user: AsUser = None) -> None:
    """Answer an MCP client on standard input and output, for the person of FARLEY_TOKEN, or of --as."""
    from integrations.bootstrap import build_toolbox
    from integrations.cli.session import open_session, this_day
    from integrations.mcp.desk import Desk
    from integrations.mcp.server import build_server, run_stdio

    with open_session(user) as session:
        who = _who(session, user)
        who(None)  # a token that is good for nothing is told at once
        desk = Desk(session.store, build_toolbox(session.settings, session.store), today=this_day)
        run_stdio(build_server(desk, who))


def _who(session: "Session", user: str | None) -> "Callable[[Any], Person]":
    """Tells who asks, looked up anew on each request."""
    from crm_core.errors import Forbidden
    from crm_core.tokens import Doorman, Right
    from crm_core.users import actor_for
    from integrations.mcp.desk import Person

    token = session.settings.token
    doorman = Doorman(session.store)

    def by_token(_: Any) -> Person:
        found = doorman.admit(token.get_secret_value()) if token else None
        if found is None:
            raise Forbidden("FARLEY_TOKEN holds no good access token; `farley token create` makes one.")
        return Person(found.actor, found.token.rights)

    def by_name(_: Any) -> Person:
        return Person(actor_for(session.store, user or session.settings.user), frozenset({Right.READ, Right.ASK}))

    return by_token if token and user is None else by_name
