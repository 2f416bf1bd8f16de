"""A real client of OpenAI's protocol against a server on loopback: what goes over the wire, and every way to fail."""

import json
import time
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from copilot.agent import Copilot
from copilot.offline.model import OfflineModel
from copilot.offline.plan import Query
from copilot.reply import Reply, Status
from crm_core.access import ADMIN
from crm_core.query.spec import QuerySpec
from integrations.model import build_chat_model
from integrations.settings import Settings
from tests.copilot.wire.conftest import Act, Server
from tests.factories import make_account, make_interaction
from tests.scripted import COUNT, ScriptedPlanner

USAGE = {"prompt_tokens": 50, "completion_tokens": 5, "total_tokens": 55}
QUESTION = "How many deals are there?"


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, *, length: int | None = None) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.end_headers()
    handler.wfile.write(body)


def message(finish: str = "stop", **parts: Any) -> Act:
    """Answers with one message."""
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": None, **parts}}
    body = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": USAGE}
    return lambda handler, _request: send(handler, 200, json.dumps(body).encode())


def call(name: str, arguments: str) -> Act:
    """Answers with a tool call whose arguments are this text."""
    made = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}
    return message("tool_calls", tool_calls=[made])


def fails(status: int, text: str) -> Act:
    return lambda handler, _request: send(handler, status, json.dumps({"error": {"message": text}}).encode())


def dies(handler: BaseHTTPRequestHandler, _request: object) -> None:
    """Half an answer, then nothing."""
    send(handler, 200, b'{"id": "1", "choices": [{"mess', length=5_000)
    handler.close_connection = True
    handler.connection.close()


def hangs(handler: BaseHTTPRequestHandler, _request: object) -> None:
    time.sleep(0.6)
    send(handler, 200, b"{}")


def drivel(handler: BaseHTTPRequestHandler, _request: object) -> None:
    send(handler, 200, b"<html>not what you asked for</html>")


def ask(server: Server, store: Any, home: Any, today: Any, **given: Any) -> Reply:
    """One question to a model behind `server`; where it fails, a planner counts the deals."""
    chosen = {"model": "openai:gpt-5-mini", "model_url": server.url, "model_retries": 0, "home": home} | given
    model = build_chat_model(Settings(_env_file=None, **chosen), store)
    planner = OfflineModel(planner=ScriptedPlanner(Query(QuerySpec.model_validate(COUNT), "scalar")))
    return Copilot(model, store, fallback=planner).ask(QUESTION, thread="t", actor=ADMIN, today=today)


def test_a_turn_with_a_tool_call_goes_over_the_wire(server, deals, today, tmp_path):
    server.acts += [call("query_crm", json.dumps({"spec": COUNT})), message(content="There are 3 deals.")]

    reply = ask(server, deals, tmp_path, today, model_max_tokens=321)

    assert (reply.status, reply.text) == (Status.ANSWERED, "There are 3 deals.")
    first, second = server.requests
    assert [m["role"] for m in second["messages"]] == ["system", "user", "assistant", "tool"]
    assert first["max_completion_tokens"] == 321
    spec = next(t["function"] for t in first["tools"] if t["function"]["name"] == "query_crm")
    assert "QuerySpec" in spec["parameters"]["$defs"]  # bound as it is, not inlined
    assert len(json.dumps(first["tools"])) < 14_000


@pytest.mark.parametrize(
    ("acts", "line"),
    [
        ([dies], "not available now"),
        ([drivel], "nothing that could be used"),
        ([fails(500, "out of order")], "not available now"),
        ([fails(429, "slow down")], "not available now"),
        ([fails(401, "who are you")], "not available now"),
        ([fails(400, "context length exceeded")], "not available now"),
        ([hangs], "did not answer in time"),
        ([message(content="")], "nothing that could be used"),
        ([message(content=None, refusal="I will not.")], "declined"),
        ([message("content_filter", content="I")], "declined"),
        ([call("query_crm", '{"spec": {"ent')] * 2, "nothing that could be used"),
        ([call("query_crm", "[" * 100_000)] * 2, "nothing that could be used"),
        ([call("query_crm", json.dumps({"spec": COUNT})), dies], "not available now"),
        ([message("length", content="x" * 30_000)], "nothing that could be used"),
    ],
)
def test_each_way_to_fail_ends_with_the_planners_answer(server, deals, today, tmp_path, acts, line):
    server.acts += acts

    reply = ask(server, deals, tmp_path, today, model_timeout_s=0.3)

    assert reply.status is Status.ANSWERED
    assert reply.answers[-1].result.rows[0].values == (3,)
    assert [line in told and "The offline planner answered." in told for told in reply.receipt] == [False, True]


def test_a_passing_failure_is_tried_again_by_the_vendors_own_client(server, deals, today, tmp_path):
    server.acts += [fails(503, "busy"), message(content="Hello.")]

    reply = ask(server, deals, tmp_path, today, model_retries=1)

    assert (reply.status, reply.text) == (Status.ANSWERED, "Hello.")
    assert len(server.requests) == 2


def test_a_server_that_takes_no_tools_is_asked_in_json(server, deals, today, tmp_path):
    step = {"tool": "query_crm", "arguments": {"spec": COUNT}}
    server.acts += [
        fails(500, "tools param requires --jinja flag"),
        message(content=json.dumps(step)), message(content=json.dumps({"answer": "There are 3 deals."})),
    ]  # fmt: skip

    reply = ask(server, deals, tmp_path, today, model="openai:own")

    assert (reply.status, reply.text) == (Status.ANSWERED, "There are 3 deals.")
    assert "tools" not in server.requests[1]
    assert server.requests[1]["response_format"]["type"] == "json_schema"
    assert [m["role"] for m in server.requests[2]["messages"]] == ["system", "user", "assistant", "user"]


def test_json_that_the_token_limit_cuts_off_is_a_bad_answer_and_no_outage(server, deals, today, tmp_path):
    server.acts += [message("length", content='{"answer": "There are')] * 2

    reply = ask(server, deals, tmp_path, today, model_tools="json")

    assert len(server.requests) == 2
    assert any("nothing that could be used" in line for line in reply.receipt)


def test_no_key_of_a_vendor_goes_to_a_server_of_ones_own(server, deals, today, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "secret-of-the-vendor")
    seen: list[str | None] = []

    def looks(handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
        seen.append(handler.headers["Authorization"])
        message(content="Hello.")(handler, request)

    server.acts.append(looks)
    ask(server, deals, tmp_path, today)

    assert seen == ["Bearer none"]


def test_a_part_of_a_long_history_goes_over_the_wire_without_tools(server, deals, today, tmp_path):
    account = make_account(deals, "Acme")
    for number in range(20):
        told = " ".join(
            f"Pump {number}{letter} ran well all week and nobody there had more to tell." for letter in "abcdefghi"
        )
        make_interaction(deals, today, body=told, account=account)
    server.acts += [
        call("summarise", json.dumps({"about": "account:Acme"})),
        *[message(content="The pumps ran well [1].")] * 7,
    ]

    reply = ask(server, deals, tmp_path, today)

    _, *parts, last = server.requests
    assert parts
    assert all([m["role"] for m in one["messages"]] == ["system", "user"] and "tools" not in one for one in parts)
    assert "The pumps ran well" in last["messages"][-1]["content"]
    assert "- The pumps ran well [1]." in reply.text
