"""`farley draft`: a mail to a contact, as a proposal."""

from dataclasses import replace
from typing import Annotated
from uuid import uuid4

import typer

from integrations.cli.asking import exit_code
from integrations.cli.options import AsUser, JsonFlag, Today


def draft(
    names: Annotated[list[str], typer.Argument(metavar="NAME", help="Of a contact, or of their account or deal.")],
    purpose: Annotated[
        str | None, typer.Option("--purpose", metavar="NAME", help="E.g. thank_you. [default: what fits the history]")
    ] = None,
    wishes: Annotated[
        str, typer.Option("--wishes", metavar="TEXT", help='E.g. "short, in Chinese, mention the pilot".')
    ] = "",
    user: AsUser = None,
    today: Today = None,
    json: JsonFlag = False,
) -> None:
    """Draft a mail from the history with a contact; it waits for your approval and is not sent."""
    from copilot.language import language_of
    from copilot.models import OFFLINE
    from copilot.serialise import reply_to_json
    from copilot.words import sentence
    from crm_core.models import Purpose
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json, show_reply

    name = " ".join(names).strip()
    if purpose is not None and purpose not in list(Purpose):
        raise typer.BadParameter(f"--purpose is one of {', '.join(Purpose)}")
    lang = language_of(name + wishes)
    text = ", ".join(filter(None, [sentence(f"draft_{purpose or 'me'}", lang, name=name), wishes]))
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
