"""`farley serve`: the doors that answer HTTP."""

from typing import Annotated

import typer


def serve(
    port: Annotated[int, typer.Option("--port", min=1, max=65_535, help="Where to listen.")] = 8000,
    host: Annotated[
        str, typer.Option("--host", help="On which address; others than this machine's want TLS before them.")
    ] = "127.0.0.1",
) -> None:
    """Answer over HTTP: REST under /api."""
    import uvicorn

    from integrations.cli.session import open_session
    from integrations.cli.show import say
    from integrations.server import build_server

    with open_session() as session:
        app = build_server(session.settings, session.store)
        say(f"REST at http://{host}:{port}/api; `farley token create` gives a program its key. Ctrl-C ends it.")
        uvicorn.run(app, host=host, port=port, log_config=None, access_log=False, server_header=False)
