"""A page that a command asks for in words, made offline; and `farley report`, any ready report by its name."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from integrations.cli.asking import exit_code
from integrations.cli.options import AsUser, JsonFlag, Today

if TYPE_CHECKING:
    from copilot.reply import Reply
    from integrations.cli.session import Session


def report(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the report; a wrong one lists them all.")],
    scope: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SCOPE]", help='Of what and when: "for Q4 by owner", "in Germany last year".'),
    ] = None,
    user: AsUser = None,
    today: Today = None,
    json: JsonFlag = False,
    png: Annotated[Path | None, typer.Option("--png", metavar="FILE", help="Draw its chart into this file.")] = None,
) -> None:
    """Show a ready report: a forecast, a funnel, customers by what they buy and so on."""
    from copilot.reports import get_report
    from integrations.cli.session import open_session

    get_report(name)
    with open_session(user, today) as session:
        print_answer(session, " ".join(["report", name, *(scope or ())]), json=json, png=png)


def print_answer(session: "Session", text: str, *, json: bool, png: Path | None = None) -> None:
    """Ask `text` in a conversation of its own, without a language model, and end with its exit code.

    Args:
        session: as whom, and on which day.
        text: what a person could have typed.
        json: whether to print the JSON contract.
        png: the file that the chart is drawn into; None: none is.
    """
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
    if png:
        _draw(reply, png, is_told=not json)
    raise typer.Exit(exit_code(reply))


def _draw(reply: "Reply", path: Path, *, is_told: bool) -> None:
    from copilot.charts import is_drawn_in_boxes, to_png
    from crm_core.errors import Invalid
    from integrations.cli.show import say

    if reply.chart is None:
        raise Invalid("There is nothing in this report that a chart could show.")
    path.write_bytes(to_png(reply.chart))
    if is_told:
        say(f"The chart is in {path}.", "dim")
        if is_drawn_in_boxes(reply.chart):
            say("No font of this machine has Chinese characters: its names are boxes (Debian: fonts-noto-cjk).")
