"""`farley brief`: what to know before a talk."""

from typing import Annotated

import typer

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
    from copilot.words import sentence
    from integrations.cli.reporting import print_answer
    from integrations.cli.session import open_session

    name = " ".join(names or ()).strip()
    with open_session(user, today) as session:
        print_answer(session, sentence("brief_me", language_of(name), name=name or "today"), json=json)
