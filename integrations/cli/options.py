"""Options that several commands share."""

from contextvars import ContextVar
from datetime import date
from typing import Annotated

import typer

as_json: ContextVar[bool] = ContextVar("as_json", default=False)  # the command was given --json


def _remember(value: bool) -> bool:
    if value:
        as_json.set(True)
    return value


def parse_day(text: str) -> date:
    """A day as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day; write it like 2026-03-31") from None


JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON.", callback=_remember)]
AsUser = Annotated[
    str | None,
    typer.Option("--as", metavar="USER", help="As whom: a name, an email address or admin. [default: FARLEY_USER]"),
]
Today = Annotated[
    date | None,
    typer.Option("--today", metavar="YYYY-MM-DD", parser=parse_day, help="The day of the question. [default: now]"),
]
Scale = Annotated[
    int, typer.Option("--scale", metavar="N", min=1, help="N times the conversations in the cases under load.")
]
