"""`farley slack`: the door to Slack, its check, and who is who there."""

from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.options import AsUser

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from integrations.cli.session import Session
    from integrations.settings import Settings
    from integrations.slack.inbox import Inbox
    from integrations.slack.people import People
    from integrations.slack.process import WorkerProcess

app = typer.Typer(help="Farley in Slack.", no_args_is_help=False, rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def slack(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", help="Where to listen, over HTTP.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65_535, help="Where to listen, over HTTP.")] = 3000,
    check: Annotated[bool, typer.Option("--check", help="Look at tokens, scopes and address, and stop.")] = False,
    url: Annotated[
        str | None, typer.Option("--url", metavar="URL", help="With --check: the address that Slack is given.")
    ] = None,
) -> None:
    """Answer people in Slack: over Socket Mode where an app token is set, else over HTTP."""
    if context.invoked_subcommand is not None:
        return
    from integrations.cli.session import open_session

    if check:
        raise typer.Exit(_check(url))
    with open_session("admin") as session:
        _serve(session, host=host, port=port)


@app.command()
def work() -> None:
    """Work what Slack sent, until the standard input ends; `farley slack` starts this by itself."""
    import sys

    from integrations.cli.session import open_session
    from integrations.slack.process import work_until_closed
    from integrations.slack.start import build
    from integrations.slacking import open_slack

    with open_session("admin") as session:
        door, identity = open_slack(session.settings, session.store, session.copilot(remembers=True, stays=True))
        work_until_closed(build(door, identity).worker, sys.stdin.buffer)


@app.command()
def link(
    slack_id: Annotated[str, typer.Argument(metavar="SLACK-ID", help="Of the member, such as U0123ABCD.")],
    name: Annotated[str, typer.Argument(metavar="USER", help="Who that is here: a name or an email address.")],
    user: AsUser = None,
) -> None:
    """Say who somebody in Slack is here, where their address does not. It takes an administrator."""
    from crm_core.users import actor_for
    from integrations.cli.session import open_session
    from integrations.cli.show import say

    with open_session(user) as session:
        meant = actor_for(session.store, name)
        _people(session).link(slack_id, meant, by=session.actor)
        say(f"{slack_id} in Slack is {meant.name}.")


@app.command()
def unlink(
    slack_id: Annotated[str, typer.Argument(metavar="SLACK-ID", help="Of the member.")], user: AsUser = None
) -> None:
    """Take that back."""
    from integrations.cli.session import open_session
    from integrations.cli.show import say

    with open_session(user) as session:
        _people(session).unlink(slack_id, by=session.actor)
        say(f"{slack_id} in Slack is nobody in particular any more.")


def _people(session: "Session") -> "People":
    from integrations.slack.people import People
    from integrations.slack.start import identify
    from integrations.slacking import slack_client

    client = slack_client(session.settings)
    return People(session.store, client, team=session.settings.slack_team or identify(client).team)


def _secrets(settings: "Settings") -> tuple[str, str]:
    """The signing secret and the app token; empty where there is none."""
    held = (settings.slack_signing_secret, settings.slack_app_token)
    secret, app_token = (one.get_secret_value() if one else "" for one in held)
    return secret, app_token


def _check(url: str | None) -> int:
    from integrations.cli.show import say
    from integrations.settings import get_settings
    from integrations.slack.check import check
    from integrations.slacking import slack_client

    settings = get_settings()
    secret, app_token = _secrets(settings)
    client = slack_client(settings)
    is_right = True
    looked = check(
        client, team=settings.slack_team, secret=secret, app_token=app_token, url=url, web=settings.url,
        sends=bool(settings.smtp_host),
    )  # fmt: skip
    for finding in looked:
        is_right = is_right and finding.is_right
        say(("ok   " if finding.is_right else "WRONG ") + finding.text)
    return 0 if is_right else 1


def _serve(session: "Session", *, host: str, port: int) -> None:
    from crm_core.errors import Invalid
    from integrations.cli.show import say
    from integrations.slack.inbox import Inbox
    from integrations.slack.process import WorkerProcess, worker_command
    from integrations.slack.start import identify
    from integrations.slacking import slack_client

    settings = session.settings
    client = slack_client(settings)
    secret, app_token = _secrets(settings)
    if not (secret or app_token):
        raise Invalid("Set FARLEY_SLACK_SIGNING_SECRET (HTTP) or FARLEY_SLACK_APP_TOKEN (Socket Mode).")
    identity = identify(client, team=settings.slack_team)
    inbox, process = Inbox(session.store, worker="gate"), WorkerProcess(worker_command())
    process.start()
    say(f"Farley is in {identity.url}. Ctrl-C stops it.")
    try:
        if app_token:
            _listen(inbox, process, client, app_token)
        else:
            _listen_http(inbox, process, secret, host, port)
    finally:
        process.stop()


def _listen(inbox: "Inbox", process: "WorkerProcess", client: "WebClient", app_token: str) -> None:
    import contextlib
    import threading

    from integrations.slack.socket import connect

    socket = connect(inbox, client, app_token=app_token, came=process.wake)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
    finally:
        socket.close()


def _listen_http(inbox: "Inbox", process: "WorkerProcess", secret: str, host: str, port: int) -> None:
    import uvicorn

    from integrations.cli.show import say
    from integrations.slack.http import GateApp

    say(f"Slack's requests come to http://{host}:{port}/slack/events, behind your HTTPS address.", "dim")
    gate = GateApp(inbox, secret=secret.encode(), came=process.wake)
    uvicorn.run(gate, host=host, port=port, log_level="warning", access_log=False)
