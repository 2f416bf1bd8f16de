"""`farley report`: a ready report, with its table as bars and its chart as a picture."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from integrations.cli.asking import exit_code
from integrations.cli.options import AsUser, JsonFlag, Today


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
    from copilot.charts import to_png
    from copilot.models import OFFLINE
    from copilot.reports import get_report
    from copilot.serialise import reply_to_json
    from crm_core.errors import Invalid
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json, say, show_reply

    get_report(name)
    text = " ".join(["report", name, *(scope or ())])
    with open_session(user, today) as session:
        plain = replace(session, settings=session.settings.model_copy(update={"model": OFFLINE}))
        key = uuid4().hex
        copilot = plain.copilot(remembers=False)
        reply = copilot.ask(text, thread=f"cli:{key}", actor=session.actor, today=session.today)
    if json:
        print_json(reply_to_json(reply, id=key))
    else:
        show_reply(reply)
    if png and reply.chart is None:
        raise Invalid("There is nothing in this report that a chart could show.")
    if png and reply.chart is not None:
        png.write_bytes(to_png(reply.chart))
        if not json:
            say(f"The chart is in {png}.", "dim")
    raise typer.Exit(exit_code(reply))
