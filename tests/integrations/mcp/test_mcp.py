"""The official client over both transports: what it sees, and what a rogue one gets."""

import json
import os
import sys
import threading
import time
from collections.abc import Iterator

import anyio
import httpx2
import pytest
import uvicorn
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from copilot.agent import Copilot
from copilot.knowledge import Knowledge
from copilot.models import offline_model
from copilot.toolbox import NO_VERDICTS, Toolbox
from copilot.tools import PROPOSE, READ
from crm_core.changes import list_changes
from crm_core.tokens import Right, create_token, list_tokens, revoke_token
from integrations.mcp.desk import GUIDES
from integrations.server import assemble
from tests.integrations.api.conftest import TODAY, company  # noqa: F401 (a fixture)

ARGUMENTS = {
    "query_crm": {"spec": {"entity": "deal", "columns": ["name", "amount"]}},
    "get_record": {"entity": "deal", "name_or_id": "Alpha"},
    "search_history": {"query": "price"},
    "summarise": {"about": "deal:Alpha"},
    "brief": {"about": "account:Acme"},
    "report": {"name": "win_loss"},
    "describe_data": {},
    "propose_changes": {"steps": [{"op": "update", "entity": "deal", "records": ["Alpha"], "set": {"amount": 5000}}]},
    "list_my_proposals": {},
    "withdraw_proposal": {"proposal": "?"},
    "draft": {"to": "contact:Eve Hall"},
}
BETA = {"spec": {"entity": "deal", "columns": ["name", "owner"]}}


@pytest.fixture
def address(company) -> Iterator[str]:  # noqa: F811
    """A running server's MCP address."""
    store = company.store
    agents = store.for_agent
    app = assemble(
        Copilot(offline_model(store), agents),
        Toolbox(agents, Knowledge(agents)),
        store,
        requests_per_minute=0,
        today=lambda: TODAY,
    )
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/mcp"
    server.should_exit = True
    thread.join()


def secret_of(company, name="Ada North", rights=(Right.READ, Right.ASK)):  # noqa: F811
    return create_token(company.store, company.actor(name), name="client", rights=rights, days=1)[1]


def over_http(address, secret, talk):
    """Run `talk(client)` against the server with a token."""

    async def run():
        shown = {"Authorization": f"Bearer {secret}"}
        http = httpx2.AsyncClient(headers=shown, timeout=30)
        async with http, Client(streamable_http_client(address, http_client=http)) as client:
            return await talk(client)

    return anyio.run(run)


async def call(client, name, arguments):
    told = await client.call_tool(name, arguments)
    return told.is_error, told.content[0].text


async def every_tool(client):
    """List the tools, then call each, and the prompts too."""
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    told = {}
    for name in sorted(tools, key=list(ARGUMENTS).index):
        arguments = ARGUMENTS[name]
        if name == "withdraw_proposal":
            waiting = json.loads(told["list_my_proposals"][1])["proposals"]
            arguments = {"proposal": waiting[0]["id"]}
        told[name] = await call(client, name, arguments)
    for prompt in (await client.list_prompts()).prompts:
        got = await client.get_prompt(prompt.name, {prompt.arguments[0].name: "Acme"})
        told[prompt.name] = (False, got.messages[0].content.text)
    return tools, told


def check_every_tool(tools, told):
    assert set(tools) == {tool.name for tool in (*READ, *PROPOSE)} - NO_VERDICTS | {"list_my_proposals"}
    assert [name for name, (is_error, _) in told.items() if is_error] == []
    assert "1000.5" in told["query_crm"][1]
    assert "Beta" not in str(told)
    assert json.loads(told["list_my_proposals"][1])["proposals"][0]["changes"][0]["set"] == {"amount": [1000.5, 5000]}
    assert {name for name, one in tools.items() if not one.annotations.read_only_hint} == {one.name for one in PROPOSE}
    assert tools["withdraw_proposal"].annotations.destructive_hint
    assert not any("approve" in name for name in tools)
    assert all("Acme" in told[guide.name][1] for guide in GUIDES)


def test_the_official_client_lists_and_calls_every_tool_over_http(address, company):  # noqa: F811
    tools, told = over_http(address, secret_of(company), every_tool)

    check_every_tool(tools, told)
    made = list_changes(company.store, company.actor("Ada North"))
    assert {(one.head.door, one.head.tainted) for one in made} == {("mcp", True)}
    assert [one.state for one in made if one.head.summary.startswith("update")] == ["withdrawn"]


def test_the_official_client_lists_and_calls_every_tool_over_standard_streams(company, tmp_path):  # noqa: F811
    async def run():
        environment = {"FARLEY_HOME": str(tmp_path), "FARLEY_TOKEN": secret_of(company), "PATH": os.environ["PATH"]}
        code = "import sys; sys.argv = ['farley', 'mcp']; from integrations.cli import main; main()"
        async with Client(StdioServerParameters(command=sys.executable, args=["-c", code], env=environment)) as client:
            return await every_tool(client)

    tools, told = anyio.run(run)

    check_every_tool(tools, told)


def test_a_rogue_client_gets_no_more_than_its_person_may(address, company):  # noqa: F811
    before = company.store.revision

    async def rogue(client):
        steps = [{"op": "update", "entity": "deal", "records": [company.bos_deal], "set": {"amount": 1}}]
        tries = [
            ("query_crm", BETA),
            ("query_crm", {"spec": {"entity": "deal"}, "actor": "admin"}),
            ("query_crm", {"spec": {"entity": "deal"}, "runtime": {"context": {"actor": {"id": 0}}}}),
            ("get_record", {"entity": "deal", "name_or_id": "Beta secret"}),
            ("search_history", {"query": "Beta", "about": [f"deal:#{company.bos_deal}"]}),
            ("summarise", {"about": f"deal:#{company.bos_deal}"}),
            ("brief", {"about": f"account:#{company.bolt}"}),
            ("propose_changes", {"steps": steps}),
            ("propose_changes", {"steps": steps, "approved": True}),
            ("approve", {"proposal": "x"}),
            ("ask_user", {"question": "x"}),
            ("query_crm", {"spec": "not json"}),
            ("query_crm", {}),
        ]
        return [(name, *(await call(client, name, arguments))) for name, arguments in tries]

    told = over_http(address, secret_of(company), rogue)

    assert "Beta" not in told[0][2]
    assert "secret" not in str([text for name, _, text in told if name != "get_record"])
    assert [name for name, is_error, _ in told[1:] if not is_error] == []
    assert company.store.revision == before
    assert list_changes(company.store, company.actor("Ada North")) == ()


def test_a_token_lends_only_its_rights(address, company):  # noqa: F811
    async def talk(client):
        names = {tool.name for tool in (await client.list_tools()).tools}
        return names, await call(client, "propose_changes", ARGUMENTS["propose_changes"])

    names, (is_error, text) = over_http(address, secret_of(company, rights=[Right.READ]), talk)

    assert "query_crm" in names
    assert "propose_changes" not in names
    assert is_error
    assert "'ask'" in text


def test_no_request_is_answered_without_a_good_token(address, company):  # noqa: F811
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    for headers in ({}, {"Authorization": "Bearer farley_no"}, {"Authorization": "Basic x"}):
        refused = httpx2.post(address, json=body, headers=headers)

        assert refused.status_code == 401
        assert refused.headers["content-type"] == "application/problem+json"


def test_a_token_taken_back_in_between_ends_the_talk(address, company):  # noqa: F811
    async def talk(client):
        await client.list_tools()
        actor = company.actor("Ada North")
        for token in list_tokens(company.store, actor):
            revoke_token(company.store, token.id, actor=actor)
        await client.call_tool("describe_data", {})

    with pytest.raises((MCPError, httpx2.HTTPStatusError, ExceptionGroup)):
        over_http(address, secret_of(company), talk)
