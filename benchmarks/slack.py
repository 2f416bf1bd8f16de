"""Slack under load: how soon events are acknowledged, whether each is answered once, and how soon what waits is done.

python -m benchmarks.slack [--seconds 120] [--rate 50]

The gate, and the worker with the offline planner, run in processes of their own over the demo store. This one is Slack:
it sends questions of 40 people, one in fifty to a model that takes ten seconds, and takes the answers.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

SECRET = b"benchmark"
PEOPLE, SLOW_EVERY, SLOW_S, THREADS = 40, 50, 10, 12
ACK_P99_MS, DRAIN_S = 500, 300
SLOW_WORD = "slowly"
QUESTIONS = ("How many open deals are there?", "What is our win rate by rep?", "Which of my tasks are open?")


def main() -> int:
    """Print the figures; 1 where one is worse than it may be."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.slack")
    asked.add_argument("--seconds", type=int, default=120)
    asked.add_argument("--rate", type=int, default=50)
    asked.add_argument("--serve", nargs=3, metavar=("STORE", "API", "PORT"), help=argparse.SUPPRESS)
    asked.add_argument("--work", nargs=2, metavar=("STORE", "API"), help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.work:
        work(*given.work)
        return 0
    if given.serve:
        serve(*given.serve)
        return 0
    with tempfile.TemporaryDirectory(prefix="farley-bench-") as folder:
        return asyncio.run(measure(Path(folder), given.seconds, given.rate))


def serve(store: str, api: str, port: str) -> None:
    """Farley's gate, as `farley slack` runs it."""
    import uvicorn

    from crm_core.db import Store
    from integrations.slack.http import GateApp
    from integrations.slack.inbox import Inbox
    from integrations.slack.process import WorkerProcess

    inbox = Inbox(Store(f"sqlite:///{store}"), worker="gate")
    process = WorkerProcess([sys.executable, "-m", "benchmarks.slack", "--work", store, api])
    process.start()
    try:
        gate = GateApp(inbox, secret=SECRET, came=process.wake)
        uvicorn.run(gate, host="127.0.0.1", port=int(port), log_level="error", access_log=False)
    finally:
        process.stop()


def work(store: str, api: str) -> None:
    """Farley's worker, with a model that is slow where a question says so."""
    from copilot.agent import Copilot
    from copilot.models import offline_model
    from crm_core.db import Store
    from integrations.slack.process import work_until_closed
    from integrations.slack.start import build, identify, open_door, web_client

    class SlowAtTimes(Copilot):
        def ask(self, text: str, **told: Any) -> Any:
            if text.startswith(SLOW_WORD):
                time.sleep(SLOW_S)
            return super().ask(text.removeprefix(SLOW_WORD).strip(), **told)

    opened = Store(f"sqlite:///{store}")
    client = web_client("xoxb-benchmark", api_url=api)
    copilot = SlowAtTimes(offline_model(opened.for_agent), opened.for_agent)
    identity = identify(client)
    door = open_door(opened, copilot, client, identity)
    work_until_closed(build(door, identity, threads=THREADS).worker, sys.stdin.buffer)


class Workspace:
    """Slack's side: its Web API, as far as it is called, counting what is posted."""

    def __init__(self, emails: list[str]) -> None:
        self.emails = emails
        self.posted: Counter[str] = Counter()

    async def answer(self, request: Any) -> Any:
        """One call of the Web API."""
        from aiohttp import web

        method = request.path.removeprefix("/api/")
        told: dict[str, Any] = {"ok": True}
        if method == "auth.test":
            told |= {"team_id": "T0", "user_id": "U0BOT", "bot_id": "B0", "url": "https://benchmark/"}
        elif method == "users.info":
            user = (await request.post())["user"]
            email = self.emails[int(user.removeprefix("U0")) % len(self.emails)]
            told["user"] = {"id": user, "team_id": "T0", "profile": {"email": email}, "is_email_confirmed": True}
        elif method in ("chat.postMessage", "chat.startStream"):
            self.posted[(await request.json())["thread_ts"]] += 1
            told["ts"] = "1.1"
        elif method == "files.getUploadURLExternal":
            told |= {"upload_url": f"{request.url.origin()}/api/upload", "file_id": "F1"}
        elif method == "files.completeUploadExternal":
            told["files"] = [{"id": "F1"}]
        return web.json_response(told)


async def measure(folder: Path, seconds: int, rate: int) -> int:
    """Send, wait until all is answered, and tell."""
    from aiohttp import ClientSession, web

    slack = Workspace(make_store(folder / "farley.db"))
    application = web.Application()
    application.router.add_route("*", "/api/{method}", slack.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.slack", "--serve", str(folder / "farley.db"), api, str(port)]
    process = subprocess.Popen(command)
    try:
        async with ClientSession() as session:
            url = f"http://127.0.0.1:{port}/"
            await until_it_answers(session, url)
            await send(session, url, -1)  # one question to warm up
            await until(lambda: bool(slack.posted), 60)
            slack.posted.clear()
            number = seconds * rate
            acks = await send_all(session, url, number, rate)
            began = time.perf_counter()
            await until(lambda: len(slack.posted) >= number, DRAIN_S)
            drained = time.perf_counter() - began
            await asyncio.sleep(2)  # for what might come twice
    finally:
        process.terminate()
        process.wait()
        await runner.cleanup()
    return tell(acks, slack.posted, number, drained)


def make_store(path: Path) -> list[str]:
    """The demo store; the addresses of its people."""
    from sqlalchemy import select

    from crm_core.models import User
    from crm_core.setup import create_store
    from integrations.cli.making import fill_with_demo
    from integrations.cli.session import this_day

    store = create_store(f"sqlite:///{path}")
    fill_with_demo(store, this_day())
    with store.read() as connection:
        emails = list(connection.execute(select(User.email).where(User.email.is_not(None), User.is_active)).scalars())
    store.close()
    return [str(one) for one in emails]


async def send_all(session: Any, url: str, number: int, rate: int) -> list[float]:
    """Events at an even rate, whatever the answers take; milliseconds of each acknowledgement."""
    started, tasks = time.perf_counter(), []
    for at in range(number):
        await asyncio.sleep(max(0.0, started + at / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(send(session, url, at)))
    return list(await asyncio.gather(*tasks))


async def send(session: Any, url: str, at: int) -> float:
    """One event, signed; milliseconds until it is acknowledged."""
    from integrations.slack.gate import sign

    text = QUESTIONS[at % len(QUESTIONS)]
    text = f"{SLOW_WORD} {text}" if at >= 0 and at % SLOW_EVERY == 0 else text
    user = f"U0{at % PEOPLE}"
    event = {"type": "message", "channel_type": "im", "channel": f"D{user}", "user": user, "text": text,
             "thread_ts": str(at), "ts": str(at)}  # fmt: skip
    told = {"type": "event_callback", "team_id": "T0", "event_id": f"Ev{at + 1}", "event": event}
    body, stamp = json.dumps(told).encode(), str(int(time.time())).encode()
    headers = {"Content-Type": "application/json", "X-Slack-Request-Timestamp": stamp.decode(),
               "X-Slack-Signature": sign(body, stamp, SECRET).decode()}  # fmt: skip
    started = time.perf_counter()
    async with session.post(url, data=body, headers=headers) as answer:
        if answer.status != 200:
            raise RuntimeError(f"an event was answered with {answer.status}")
    return (time.perf_counter() - started) * 1000


def tell(acks: list[float], posted: Counter[str], number: int, drained: float) -> int:
    """Print what was measured; 1 where it is worse than it may be."""
    acks = sorted(acks)
    p50, p99 = acks[len(acks) // 2], acks[int(len(acks) * 0.99)]
    lost, doubled = number - len(posted), sum(times > 1 for times in posted.values())
    print(f"slack: {number} events, one in {SLOW_EVERY} to a model of {SLOW_S} s: acknowledged p50 {p50:.0f} ms, "
          f"p99 {p99:.0f} ms, most {acks[-1]:.0f} ms; lost {lost}, answered twice {doubled}; all answered "
          f"{drained:.0f} s after the last")  # fmt: skip
    return 0 if p99 <= ACK_P99_MS and not lost and not doubled and drained <= DRAIN_S else 1


async def until_it_answers(session: Any, url: str) -> None:
    """Wait for the process."""
    from aiohttp import ClientError

    for _ in range(600):
        try:
            async with session.get(url):
                return
        except ClientError:
            await asyncio.sleep(0.1)
    raise RuntimeError("Farley did not start")


async def until(is_so: Any, timeout_s: float) -> None:
    """Wait until something is so, or for that long."""
    end = time.perf_counter() + timeout_s
    while not is_so() and time.perf_counter() < end:
        await asyncio.sleep(0.05)


def free_port() -> int:
    """A port that nobody listens on."""
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
