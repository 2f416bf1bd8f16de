"""The planner by itself, without the SQL of answers, among 100,000 names: `python -m benchmarks.planner [--scale 0.1]`.

A store of 500,000 deals with made-up names of companies, contacts and colleagues; questions that name them whole, in
part, misspelt, and not at all. What the planner asks of the database is left out of its time and told beside it. The
memory of the names is what a planner holds of this store and not of an empty one.
"""

import argparse
import gc
import random
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import event, text

from benchmarks.ask import at
from benchmarks.world import Size, build_world
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.setup import create_store

TODAY = date(2017, 11, 15)
SIZE = Size(users=200, accounts=60_000, contacts=39_800, deals=500_000, interactions=10)
LIMIT_MS, LIMIT_MB = 120, 150
ROUNDS = 20  # of the questions, with other names
SYLLABLES = (
    "ka", "ro", "mi", "ten", "lor", "va", "dex", "sol", "ran", "pi", "zu", "mor", "tel", "fin", "gra", "hub", "jo",
    "quen", "bel", "tas", "wy", "nor", "li", "stra", "chen", "ox", "bri", "dun", "fal",
)  # fmt: skip
HEADS = (
    "North", "Blue", "Silver", "Green", "Iron", "Stone", "Bright", "Clear", "Red", "Golden", "Swift", "Prime",
    "Cedar", "Maple", "Harbor",
)  # fmt: skip
KINDS = (
    "Systems", "Labs", "Logistics", "Foods", "Medical", "Energy", "Group", "Partners", "Textiles", "Motors",
    "Software", "Supply", "Works", "Media",
)  # fmt: skip
QUESTIONS = (
    "how many open deals do we have at {account}", "total won amount for {account} this year", "who owns {account}",
    "deals of {user} closing this month", "win rate of {user} last quarter", "list the lost deals at {misspelt}",
    "what is the annual revenue of {misspelt}", "how many open deals does {user} have in the East",
    "win rate by region", "top 5 accounts by won amount this year", "average deal size by industry",
    "email of {contact}",
    "which accounts have no open deals", "how many deals did {first} win last month", "{account}有多少个未成交的商机",
    "{user}今年赢了多少", "各区域的赢单率", "compare {account} and {other} by won amount",
    "biggest open deal of {user}", "deals over 50k at {account} that started since the summer",
    "how many calls did we log last week",
)  # fmt: skip


def main() -> int:
    """Print the figures; 1 where a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0)
    scale = parser.parse_args().scale
    with tempfile.TemporaryDirectory(prefix="farley-bench-") as folder:
        draw = random.Random(1)
        small, large = _store(Path(folder) / "small.db", 0.0, draw), _store(Path(folder) / "large.db", scale, draw)
        questions = list(_questions(large, draw))
        _ask(small, questions)
        times, sql = _ask(large, questions)
        named, mb, p95 = sum(map(len, _names(large).values())), _held_mb(large) - _held_mb(small), at(times, 95)
        print(
            f"planner: {len(times)} questions over {named:,} names: p50 {at(times, 50):.0f} ms, p95 {p95:.0f} ms of CPU"
        )
        print(f"planner: limit {LIMIT_MS} ms; of the database besides p95 {at(sql, 95):.0f} ms")
        print(f"planner: the names take {mb:.0f} MB; limit {LIMIT_MB}")
        for store in (small, large):
            store.close()
    return 0 if p95 <= LIMIT_MS and mb <= LIMIT_MB else 1


def _store(path: Path, scale: float, draw: random.Random) -> Store:
    store = create_store(f"sqlite:///{path}")
    build_world(store, SIZE.scaled(scale))
    people = [(_word(draw, 2), _word(draw, 3)) for _ in range(4000)]
    with store.write() as connection:
        for table in ("accounts", "contacts", "users"):
            ids = connection.execute(text(f"SELECT id FROM {table}")).scalars().all()
            named = (_company(draw) if table == "accounts" else _person(draw, people) for _ in ids)
            rows = [{"id": each, "name": name} for each, name in zip(ids, named, strict=True)]
            connection.execute(text(f"UPDATE {table} SET name = :name WHERE id = :id"), rows)
        connection.execute(text("UPDATE deals SET name = NULL"))
    return store


def _word(draw: random.Random, syllables: int) -> str:
    return "".join(draw.choice(SYLLABLES) for _ in range(syllables)).title()


def _company(draw: random.Random) -> str:
    head = f"{draw.choice(HEADS)} " if draw.random() < 0.3 else ""
    return f"{head}{_word(draw, draw.randint(2, 4))} {draw.choice(KINDS)}"


def _person(draw: random.Random, people: Sequence[tuple[str, str]]) -> str:
    return f"{draw.choice(people)[0]} {draw.choice(people)[1]}"


def _names(store: Store) -> dict[str, list[str]]:
    with store.read(ADMIN) as connection:
        tables = {"account": "accounts", "contact": "contacts", "user": "users"}
        return {k: list(connection.execute(text(f"SELECT name FROM {t}")).scalars()) for k, t in tables.items()}


def _questions(store: Store, draw: random.Random) -> Iterator[str]:
    names = _names(store)
    for question in QUESTIONS * ROUNDS:
        told = {kind: draw.choice(known) for kind, known in names.items()}
        cut = draw.randrange(1, len(told["account"]) - 1)
        misspelt = told["account"][:cut] + told["account"][cut + 1 :]
        other, first = draw.choice(names["account"]), told["user"].split(" ")[0]
        yield question.format(**told, misspelt=misspelt, other=other, first=first)


def _ask(store: Store, questions: Sequence[str]) -> tuple[list[float], list[float]]:
    """Ms of CPU of each without the database, and of the database, after some to warm up."""
    planner, spent, times, sql = Planner(store), _Spent(store), [], []
    for question in (*QUESTIONS, *questions):
        spent.seconds = 0.0
        begun = time.process_time()
        planner.plan(question, actor=ADMIN, today=TODAY)
        times.append((time.process_time() - begun - spent.seconds) * 1000)
        sql.append(spent.seconds * 1000)
    return times[len(QUESTIONS) :], sql[len(QUESTIONS) :]


class _Spent:
    """CPU seconds in the statements of a store."""

    def __init__(self, store: Store) -> None:
        self.seconds, self._begun = 0.0, 0.0
        with store.read(ADMIN) as connection:
            engine = connection.engine
        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "after_cursor_execute", self._after)

    def _before(self, *_: Any) -> None:
        self._begun = time.process_time()

    def _after(self, *_: Any) -> None:
        self.seconds += time.process_time() - self._begun


def _held_mb(store: Store) -> float:
    """What a planner holds that was asked something of each kind."""
    tracemalloc.start()
    planner = Planner(store)
    for question in QUESTIONS:
        planner.plan(question, actor=ADMIN, today=TODAY)
    gc.collect()
    held = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    return held


if __name__ == "__main__":
    sys.exit(main())
