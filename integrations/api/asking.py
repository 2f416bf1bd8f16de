"""Questions: in the typed language (`/query`), and in words (`/ask`), at once or as it goes on."""

from collections.abc import Iterator
from datetime import date
from queue import SimpleQueue
from threading import Thread
from typing import Annotated, Any
from uuid import uuid4

from fastapi import FastAPI, Header, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from copilot.reply import Reply
from copilot.serialise import reply_to_json, table_to_json
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from crm_core.query.words import spec_in_words
from integrations.api.answers import answer, as_text
from integrations.api.bodies import answered
from integrations.api.caller import DOOR, PREFIX, Asker, Reader
from integrations.api.contract import REPLY, RESULT
from integrations.api.once import Key, once
from integrations.api.problems import RESPONSES
from integrations.current import bring_up_to_date

MOST_ROWS = 1000  # of a question that states no limit
EVENTS = "text/event-stream"
Day = Annotated[date, Field(ge=date(1970, 1, 1), le=date(2200, 1, 1))]


class Question(BaseModel):
    """A question in the typed language."""

    model_config = ConfigDict(extra="forbid")

    spec: QuerySpec
    today: Day | None = Field(None, description="The day of the question; default: now.")


class Words(BaseModel):
    """A question, or what happened, in words."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(description="At most 4,000 characters.")
    thread: str | None = Field(None, min_length=1, max_length=200, description="Go on with this conversation.")
    today: Day | None = Field(None, description="The day that relative dates count from; default: now.")


def add_asking(app: FastAPI) -> None:
    """The addresses of questions."""
    app.add_api_route(
        PREFIX + "/query", query, methods=["POST"], tags=["questions"], operation_id="query",
        summary="Ask in the typed language",
        responses={**RESPONSES, 200: answered(RESULT, "Columns and rows.")},
    )  # fmt: skip
    asked = answered(REPLY, "The answer, as `farley ask --json` prints it.")
    asked["content"][EVENTS] = {"schema": {"type": "string"}}
    app.add_api_route(
        PREFIX + "/ask", ask, methods=["POST"], tags=["questions"], operation_id="ask", summary="Ask in words",
        description=_ASK, responses={**RESPONSES, 200: asked},
    )  # fmt: skip


_ASK = """The copilot answers and proposes; nothing changes before a person approves.

With `Accept: text/event-stream` the lines of what goes on come as events `step`, then the reply as event `reply`."""


def query(caller: Reader, question: Question) -> Response:
    """The answer to a typed question, as far as the caller may see."""
    today = question.today or caller.api.today()
    spec = _bounded(question.spec)
    found = run_query(caller.store, spec, actor=caller.actor, today=today)
    return answer({
        **table_to_json(found),
        "record_ids": [row.record_id for row in found.rows],
        "total": found.total,
        "missing": found.missing,
        "query_text": spec_in_words(spec, caller.store.schema, today=today),
    })  # fmt: skip


def ask(
    request: Request, caller: Asker, words: Words, accept: Annotated[str | None, Header()] = None, key: Key = None
) -> Response:
    """The copilot's answer."""
    bring_up_to_date(caller.store, caller.api.today())
    thread = words.thread or uuid4().hex
    if EVENTS in (accept or ""):
        return StreamingResponse(
            _events(caller, words, thread), media_type=EVENTS, headers={"Cache-Control": "no-store"}
        )
    return once(request, caller, key, lambda _: answer(reply_to_json(_ask(caller, words, thread), id=thread)))


def _ask(caller: Asker, words: Words, thread: str, **more: Any) -> Reply:
    today = words.today or caller.api.today()
    name = f"{DOOR}:{thread}"
    return caller.api.copilot.ask(words.text, thread=name, actor=caller.actor, today=today, door=DOOR, **more)


def _events(caller: Asker, words: Words, thread: str) -> Iterator[str]:
    """What goes on, line by line, then the reply; a listener who leaves does not stop the turn."""
    told: SimpleQueue[str | None] = SimpleQueue()

    def turn() -> None:
        try:
            reply = _ask(caller, words, thread, on_step=lambda line: told.put(_event("step", {"text": line})))
            told.put(_event("reply", reply_to_json(reply, id=thread)))
        finally:
            told.put(None)

    Thread(target=turn, daemon=True).start()
    return iter(told.get, None)


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {as_text(data)}\n\n"


def _bounded(spec: QuerySpec) -> QuerySpec:
    """A list of all there is would be endless; `total` tells that it was cut."""
    is_table = not spec.measures or bool(spec.group_by)
    if spec.limit is not None or spec.summary is not None or spec.top_per is not None or not is_table:
        return spec
    return spec.model_copy(update={"limit": MOST_ROWS})
