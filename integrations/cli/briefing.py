"""`farley brief`: what to know before a talk."""

from dataclasses import replace
from typing import Annotated
from uuid import uuid4

import typer

from integrations.cli.asking import exit_code
from integrations.cli.options import AsUser, JsonFlag, Today


def brief(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]", help="Of an account, contact, deal or lead. [default: whom the day holds]"),
    ] = None,
    user: AsUser = None,
    today: Today = None,
    json: JsonFlag = False,
) -> None:
    """Print the brief on a customer, or on the one that you have a task or a meeting with today."""
    from copilot.language import language_of
    from copilot.models import OFFLINE
    from copilot.serialise import reply_to_json
    from copilot.words import sentence
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json, show_reply

    name = " ".join(names or ()).strip()
    text = sentence("brief_me", language_of(name), name=name or "today")
    with open_session(user, today) as session:
        plain = replace(session, settings=session.settings.model_copy(update={"model": OFFLINE}))
        key = uuid4().hex
        copilot = plain.copilot(remembers=False)
        reply = copilot.ask(text, thread=f"cli:{key}", actor=session.actor, today=session.today)
        if json:
            print_json(reply_to_json(reply, id=key))
        else:
            show_reply(reply)
        raise typer.Exit(exit_code(reply))
