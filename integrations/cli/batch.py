"""`farley ask --jsonl`: one request a line in, one JSON object a line out."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crm_core.errors import Invalid
from integrations.cli.session import Session, open_session

if TYPE_CHECKING:
    from copilot.agent import Copilot


class Request(BaseModel):
    """One conversation. What else stands on the line is left alone.

    Attributes:
        id: given back with the answer.
        turns: said in order.
        user: as whom (`as` on the line).
        today: the clock.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str | int | None = None
    turns: list[str] = Field(min_length=1)
    user: str | None = Field(None, alias="as")
    today: date | None = None


def answer_file(path: Path, *, user: str | None, today: date | None) -> None:
    """Answer each line of `path` (`-`: standard input) as it is read.

    A line that is no request gets an error object and the rest goes on.

    Raises:
        Invalid: the file cannot be read.
    """
    from integrations.cli.show import print_json

    with open_session(user, today) as session, _lines(path) as lines:
        copilot = session.copilot(remembers=False)
        for line in lines:
            if line.strip():
                print_json(_answer(line, session, copilot))


def _answer(line: str, session: Session, copilot: "Copilot") -> dict[str, Any]:
    from integrations.cli.edge import error_reply

    try:
        found = _converse(_read(line), session, copilot)
    except Exception as error:  # the edge of one line: the next one must still be answered
        found = error_reply(error)
    return {**found, "id": _id_of(line)}


def _converse(request: Request, session: Session, copilot: "Copilot") -> dict[str, Any]:
    from copilot.serialise import reply_to_json
    from crm_core.users import actor_for

    actor = actor_for(session.store, request.user) if request.user else session.actor
    thread = f"jsonl:{uuid4().hex}"
    replies = [
        copilot.ask(turn, thread=thread, actor=actor, today=request.today or session.today) for turn in request.turns
    ]
    return reply_to_json(replies[-1], id=thread)


def _read(line: str) -> Request:
    try:
        return Request.model_validate_json(line)
    except ValidationError as error:
        found = error.errors()[0]
        where = ".".join(map(str, found["loc"]))
        raise Invalid(f"This line is no request: {f'{where}: ' if where else ''}{found['msg']}.") from error


def _id_of(line: str) -> Any:
    """The id on a line exactly as it stands there, also where the line is no whole request."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found.get("id") if isinstance(found, dict) else None


@contextmanager
def _lines(path: Path) -> Iterator[Iterator[str]]:
    if str(path) == "-":
        yield iter(sys.stdin.readline, "")
        return
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            yield file
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from error
