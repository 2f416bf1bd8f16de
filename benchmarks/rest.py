"""How fast REST is: lists of 50 from one worker, beside the same endpoint written by hand in SQLAlchemy Core.

python -m benchmarks.rest [--deals 500000] [--seconds 300]

Then 20 clients that read and write at once, for so many seconds; and what the page of an account reads.
"""

import argparse
import http.client
import multiprocessing
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.rest_mixed import mixed
from benchmarks.rest_page import PageTimes, account_page

CLIENTS, SECONDS = 4, 6.0
LIMIT_PER_S, LIMIT_OF_HAND = 250, 0.7
BY_HAND = "/by-hand/deals?limit=50"
LISTS = ("/api/deals?limit=50", "/api/deals?limit=50&stage=Won", "/api/deals?limit=50&sort=-closed_on")
ONE = "/api/deals/1"


def main() -> int:
    """Print the figures; 1 where a list is too slow."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--deals", type=int, default=500_000)
    parser.add_argument("--seconds", type=float, default=10, help="of readers and writers at once; 0: none")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="farley-rest-") as folder:
        url = f"sqlite:///{Path(folder) / 'farley.db'}"
        token = make(url, asked.deals)
        context = multiprocessing.get_context("spawn")
        told = context.Queue()
        server = context.Process(target=serve, args=(url, told), daemon=True)
        server.start()
        port = told.get(timeout=120)
        rates = {path: measure(port, path, token) for path in (BY_HAND, *LISTS, ONE)}
        load = mixed(port, token, asked.seconds) if asked.seconds else None
        server.terminate()
        server.join()
        page = page_of(url)
    hand, lists = rates[BY_HAND], [rates[path] for path in LISTS]
    for path, rate in rates.items():
        print(f"rest: {path:40} {rate:7.0f}/s   {rate / hand:5.2f} of by hand", flush=True)
    if load is not None:
        print(f"rest: 20 clients, a fifth of it writes         {load}", flush=True)
    print(f"rest: the page of an account                   {page}", flush=True)
    is_fast = page.passes and all(rate >= max(LIMIT_PER_S, LIMIT_OF_HAND * hand) or rate >= hand for rate in lists)
    return 0 if is_fast and (load is None or load.passes) else 1


def make(url: str, deals: int) -> str:
    """A store with that many deals, and a token for it."""
    from benchmarks.world import Size, build_world
    from crm_core.access import ADMIN
    from crm_core.setup import create_store
    from crm_core.tokens import Right, create_token

    store = create_store(url)
    build_world(store, Size().scaled(deals / Size().deals))
    _, secret = create_token(store, ADMIN, name="bench", rights=[Right.READ, Right.WRITE], days=1)
    store.close()
    return secret


def page_of(url: str) -> PageTimes:
    """What the page of an account reads, in this process."""
    from crm_core.db import Store

    store = Store(url)
    try:
        return account_page(store)
    finally:
        store.close()


def serve(url: str, told: Any) -> None:
    """One worker with both endpoints."""
    import uvicorn

    from copilot.agent import Copilot
    from copilot.models import offline_model
    from crm_core.db import Store
    from integrations.api.app import build_app

    store = Store(url)
    app = build_app(Copilot(offline_model(store), store.for_agent), store)
    add_by_hand(app, store)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False))
    threading.Thread(target=lambda: told.put(_port(server)), daemon=True).start()
    server.run()


def _port(server: Any) -> int:
    while not server.started:
        time.sleep(0.05)
    return int(server.servers[0].sockets[0].getsockname()[1])


def add_by_hand(app: Any, store: Any) -> None:
    """What somebody would write for this one list: one statement, the token looked up by its hash, no paging."""
    import hashlib
    import json

    from fastapi import Request, Response
    from sqlalchemy import select

    from crm_core.models import AccessToken
    from crm_core.schema import build_schema

    tables = {name: entity.table for name, entity in build_schema().entities.items()}
    deal, links = tables["deal"], {name: tables[name].alias() for name in ("account", "product")}
    links |= {"stage": tables["stage"].alias(), "owner": tables["user"].alias()}
    source: Any = deal
    for name, table in links.items():
        source = source.outerjoin(table, deal.c[f"{name}_id"] == table.c.id)
    named = [table.c.name.label(f"{name}_label") for name, table in links.items()]
    listed = select(deal, *named).select_from(source).where(deal.c.deleted_at.is_(None)).order_by(deal.c.id)
    hidden = {"deleted_at", "custom", "amount_minor"} | {f"{name}_id" for name in links} | {c.name for c in named}

    def deals(request: Request, limit: int = 50) -> Response:
        digest = hashlib.sha256(request.headers["authorization"].split()[1].encode()).hexdigest()
        with store.read() as connection:
            token = select(AccessToken.expires_at).where(AccessToken.digest == digest)
            assert connection.execute(token).scalar_one() > datetime.now(UTC)
            rows = connection.execute(listed.limit(limit)).mappings().all()
        items = []
        for row in rows:
            item = {name: value for name, value in row.items() if name not in hidden}
            item["amount"] = None if row["amount_minor"] is None else row["amount_minor"] / 100
            item |= {name: {"id": row[f"{name}_id"], "label": row[f"{name}_label"]} for name in links}
            items.append(item)
        text = json.dumps({"items": items}, default=str, separators=(",", ":"))
        return Response(text, media_type="application/json")

    app.add_api_route("/by-hand/deals", deals, methods=["GET"])


def measure(port: int, path: str, token: str) -> float:
    """Requests a second that a few clients get answered, after warming up."""
    counts, ends = [0] * CLIENTS, time.perf_counter() + 1 + SECONDS
    begins = ends - SECONDS

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while time.perf_counter() < ends:
            connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status in (200, 404), body[:300]
            counts[number] += time.perf_counter() > begins

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


if __name__ == "__main__":
    sys.exit(main())
