"""`farley egress`: what left for a language model, line by line."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.options import JsonFlag

if TYPE_CHECKING:
    from copilot.egress import Sent

FIELDS_SHOWN = 6


def egress(
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=1000, help="How many.")] = 20,
    json: JsonFlag = False,
) -> None:
    """Show what left for a language model: when, for whom, which fields, how much; never contents."""
    from copilot.egress import EgressLog
    from integrations.cli.show import print_json, say, show_table
    from integrations.settings import get_settings

    lines = EgressLog(get_settings().conversations).read(limit)
    if json:
        print_json({"sent": [asdict(line) for line in lines]})
    elif not lines:
        say("Nothing has left for a language model.")
    else:
        show_table(("when (UTC)", "user", "model", "characters", "stand-ins", "fields"), [_row(line) for line in lines])


def _row(sent: "Sent") -> tuple[str, ...]:
    stand_ins = ", ".join(f"{count} {kind}" for kind, count in sent.stand_ins.items())
    more = len(sent.fields) - FIELDS_SHOWN
    fields = ", ".join(sent.fields[:FIELDS_SHOWN]) + (f" and {more} more" if more > 0 else "")
    return (sent.at[:19], str(sent.actor), sent.model, f"{sent.characters:,}", stand_ins, fields)
