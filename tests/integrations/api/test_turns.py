"""A few requests at once are worked on, the others wait their turn in the order in which they came."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from integrations.api.gate import TURNS, Gate


@dataclass
class Desk:
    """An app that works on a request until it is told to go on."""

    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    begun: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    fails: bool = False
    slow: asyncio.Event | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.begun.append(scope["path"])
        await self.go_on.wait()
        if self.fails:
            raise ValueError
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if self.slow is not None:
            await self.slow.wait()
        await send({"type": "http.response.body", "body": b""})
        self.answered.append(scope["path"])


async def visit(gate: Gate, path: str) -> None:
    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        pass

    await gate(scope, receive, send)


async def settle() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


def coming(gate: Gate, paths: list[str]) -> list[asyncio.Task[None]]:
    return [asyncio.ensure_future(visit(gate, path)) for path in paths]


PATHS = [f"/api/deals/{n}" for n in range(3 * TURNS)]


def test_only_so_many_begin_and_the_next_ones_follow_in_order():
    async def run() -> None:
        desk = Desk()
        waiting = coming(Gate(desk), PATHS)
        await settle()
        assert desk.begun == PATHS[:TURNS]
        desk.go_on.set()
        await asyncio.gather(*waiting)
        assert desk.begun == desk.answered == PATHS

    asyncio.run(run())


@pytest.mark.parametrize("path", ["/api/ask", "/api/query", "/api/export", "/api/import", "/mcp"])
def test_what_may_take_long_neither_waits_nor_keeps_others_waiting(path):
    async def run() -> None:
        desk = Desk()
        long = coming(Gate(desk), [path] * 2 * TURNS)
        short = coming(Gate(desk), PATHS)
        more = coming(Gate(desk), [path])
        await settle()
        assert desk.begun.count(path) == 2 * TURNS + 1
        assert desk.begun.count(PATHS[TURNS - 1]) == 1
        desk.go_on.set()
        await asyncio.gather(*long, *short, *more)

    asyncio.run(run())


def test_a_caller_who_reads_slowly_keeps_nobody_waiting():
    async def run() -> None:
        desk = Desk(slow=asyncio.Event())
        desk.go_on.set()
        waiting = coming(Gate(desk), PATHS)
        await settle()
        assert desk.begun == PATHS
        desk.slow.set()
        await asyncio.gather(*waiting)

    asyncio.run(run())


def test_a_request_that_fails_or_is_given_up_ends_its_turn():
    async def run() -> None:
        desk = Desk(fails=True)
        gate = Gate(desk)
        given_up = coming(gate, PATHS[:TURNS])
        waiting = coming(gate, PATHS)
        await settle()
        given_up[0].cancel()
        waiting[0].cancel()
        desk.go_on.set()
        ended = await asyncio.gather(*given_up, *waiting, return_exceptions=True)
        assert {type(one) for one in ended} == {ValueError, asyncio.CancelledError}
        assert len(desk.begun) == len(PATHS) + TURNS - 1

    asyncio.run(run())
