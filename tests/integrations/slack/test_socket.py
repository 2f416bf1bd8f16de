"""Socket Mode against a real websocket on this machine."""

import asyncio
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import WSMsgType, web

from integrations.rehearsal import payloads as slack_payloads
from integrations.rehearsal.workspace import FakeSlack
from integrations.slack.socket import connect
from integrations.slack.start import web_client
from tests.integrations.slack.conftest import ANNA, COUNT
from tests.waiting import wait_until


class SocketServer:
    """Slack's end of the connection."""

    def __init__(self) -> None:
        self.acknowledged: list[str] = []
        self.connections: list[web.WebSocketResponse] = []
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._started = threading.Event()
        self._thread.start()
        self._started.wait(10)

    def send(self, envelope_id: str, kind: str, payload: Any) -> None:
        told = {"envelope_id": envelope_id, "type": kind, "payload": payload, "accepts_response_payload": False}
        asyncio.run_coroutine_threadsafe(self.connections[-1].send_str(json.dumps(told)), self._loop).result(5)

    def drop(self) -> None:
        asyncio.run_coroutine_threadsafe(self.connections[-1].close(), self._loop).result(5)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        self._started.set()
        self._loop.run_forever()

    async def _start(self) -> None:
        application = web.Application()
        application.router.add_get("/link", self._serve)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"ws://127.0.0.1:{port}/link"

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        connection = web.WebSocketResponse()
        await connection.prepare(request)
        self.connections.append(connection)
        await connection.send_str(json.dumps({"type": "hello"}))
        async for message in connection:
            if message.type is WSMsgType.TEXT:
                self.acknowledged.append(json.loads(message.data)["envelope_id"])
        return connection


@pytest.fixture
def server(slack: FakeSlack) -> Iterator[SocketServer]:
    made = SocketServer()
    slack.socket_url = made.url
    yield made
    made.close()


def test_events_come_over_a_connection_that_is_opened_again_when_it_breaks(workspace, server):
    running, slack = workspace.running, workspace.slack
    client = web_client(slack.token, api_url=slack.api_url)
    socket = connect(running.inbox, client, app_token="xapp-fake", came=running.worker.wake)
    running.worker.start()
    try:
        message = slack_payloads.message(ANNA, COUNT)
        wait_until(lambda: bool(server.connections))
        for envelope in ("e1", "e1", "e2"):  # delivered again under the same and another envelope
            server.send(envelope, "events_api", message)
        server.send("e3", "slash_commands", slack_payloads.command(slack, ANNA, ""))
        server.send("e4", "events_api", {"type": "surprise"})
        wait_until(lambda: len(server.acknowledged) == 5 and len(slack.messages) == 2, timeout_s=60)

        server.drop()
        wait_until(lambda: len(server.connections) == 2, timeout_s=30)
        server.send("e5", "slash_commands", slack_payloads.command(slack, ANNA, "help"))
        wait_until(lambda: len(slack.messages) == 3, timeout_s=30)
    finally:
        socket.close()
        running.worker.stop()

    assert sorted(server.acknowledged) == ["e1", "e1", "e2", "e3", "e4", "e5"]
    assert any("2" in one.shown for one in slack.messages)
