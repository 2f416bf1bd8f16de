"""A page that a command asks for in words, made offline, as text or as JSON."""

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

import typer

from integrations.cli.asking import exit_code

if TYPE_CHECKING:
    from integrations.cli.session import Session


def print_answer(session: "Session", text: str, *, json: bool) -> None:
    """Ask `text` in a conversation of its own, without a language model, and end with its exit code."""
    from copilot.models import OFFLINE
    from copilot.serialise import reply_to_json
    from integrations.cli.show import print_json, show_reply

    plain = replace(session, settings=session.settings.model_copy(update={"model": OFFLINE}))
    key = uuid4().hex
    reply = plain.copilot(remembers=False).ask(text, thread=f"cli:{key}", actor=session.actor, today=session.today)
    if json:
        print_json(reply_to_json(reply, id=key))
    else:
        show_reply(reply)
    raise typer.Exit(exit_code(reply))
