"""`farley ask`: one question, or a file of requests."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from integrations.cli.options import AsUser, JsonFlag, Today

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copilot.offline.plan import PastTurn
    from copilot.reply import Reply
    from integrations.cli.session import Session

EXIT_NO_ANSWER = 3


def ask(
    words: Annotated[list[str] | None, typer.Argument(metavar="TEXT", help="What you want to know or log.")] = None,
    user: AsUser = None,
    today: Today = None,
    thread: Annotated[
        str | None, typer.Option("--thread", metavar="ID", help="Go on with this conversation, or begin it.")
    ] = None,
    json: JsonFlag = False,
    jsonl: Annotated[
        Path | None,
        typer.Option("--jsonl", metavar="FILE|-", help="Answer a file of requests, one JSON a line."),
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show how the question was read.")] = False,
) -> None:
    """Ask about the CRM, or say what happened. Nothing changes before a person approves it."""
    text = " ".join(words or ()).strip()
    if bool(text) == bool(jsonl) or (jsonl and (thread or explain)):
        raise typer.BadParameter("give either TEXT or --jsonl FILE; --thread and --explain go with TEXT")
    if jsonl:
        from integrations.cli.batch import answer_file

        answer_file(jsonl, user=user, today=today)
        return
    from integrations.cli.session import open_session

    with open_session(user, today) as session:
        raise typer.Exit(_ask(session, text, thread=thread, json=json, explain=explain))


def _ask(session: "Session", text: str, *, thread: str | None, json: bool, explain: bool) -> int:
    from copilot.serialise import reply_to_json
    from integrations.cli.show import print_json, say, show_reply

    copilot = session.copilot(remembers=thread is not None)
    reading = how_read(session, text) if explain else ()
    key = thread or uuid4().hex
    reply = copilot.ask(text, thread=f"cli:{key}", actor=session.actor, today=session.today)
    if json:
        print_json(reply_to_json(reply, id=key) | ({"explanation": reading} if explain else {}))
    else:
        for line in reading:
            say(line, "dim")
        show_reply(reply)
    return exit_code(reply)


def how_read(session: "Session", text: str, dialogue: "Sequence[PastTurn]" = ()) -> tuple[str, ...]:
    """How the offline planner reads `text` after the turns of `dialogue`, line by line."""
    from copilot.offline.planner import Planner

    planner = Planner(session.store)
    return planner.explain(text, dialogue=dialogue, actor=session.actor, today=session.today).lines


def exit_code(reply: "Reply") -> int:
    """0 answered or proposed, 1 error, 3 everything else."""
    from copilot.reply import Status

    if reply.status in (Status.ANSWERED, Status.PROPOSED):
        return 0
    return 1 if reply.status is Status.ERROR else EXIT_NO_ANSWER
