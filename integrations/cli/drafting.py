"""`farley draft`: a mail to a contact, as a proposal."""

from dataclasses import replace
from datetime import date
from typing import Annotated
from uuid import uuid4

import typer

from integrations.cli.asking import exit_code
from integrations.cli.options import AsUser, JsonFlag, Today
from integrations.cli.rewriting import Edit, Sets, correct


def draft(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME", help="Of a contact, or of their account or deal; with --set or --edit: the ID of a draft."
        ),
    ],
    purpose: Annotated[
        str | None, typer.Option("--purpose", metavar="NAME", help="E.g. thank_you. [default: what fits the history]")
    ] = None,
    wishes: Annotated[
        str, typer.Option("--wishes", metavar="TEXT", help='E.g. "short, in Chinese, mention the pilot".')
    ] = "",
    sets: Sets = None,
    edit: Edit = False,
    user: AsUser = None,
    today: Today = None,
    json: JsonFlag = False,
) -> None:
    """Draft a mail from the history with a contact, or change one; it waits for your approval and is not sent."""
    from copilot.language import language_of
    from copilot.models import OFFLINE
    from copilot.serialise import reply_to_json
    from copilot.words import sentence
    from crm_core.models import Purpose
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json, show_reply

    name = " ".join(names).strip()
    if sets or edit:
        _change(name, sets or [], in_editor=edit, user=user, today=today, json=json)
        return
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


def _change(
    draft_id: str, sets: list[str], *, in_editor: bool, user: str | None, today: date | None, json: bool
) -> None:
    """Other words for a draft, as a proposal."""
    from crm_core.changes.draft import set_as_json
    from integrations.cli.changes import look_up
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json, say, show_diff

    with open_session(user, today) as session:
        found, diff = look_up(session, correct(session, draft_id, sets, in_editor=in_editor).id)
        if json:
            print_json({**set_as_json(found), "changes": diff})
            return
        show_diff(diff)
        say(f"It waits for approval: `farley approve {found.id[:8]}`.")
