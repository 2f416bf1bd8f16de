"""What approving a large proposal costs beside the same updates by hand, and finding change sets among many (SQLite).

    python -m benchmarks.changes

Approving checks rights, versions and the hash, and writes records, decision, audit entry and outbox row; by hand
nothing but the records is written.
"""

import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, text

from benchmarks.timing import p50_ms
from crm_core.access import ADMIN
from crm_core.changes import Change, Op, Origin, approve, list_changes, list_waiting, propose
from crm_core.db import Store
from crm_core.models import Account, ChangeDecision, ChangeEvent, ChangeRow, ChangeSetRow
from crm_core.setup import create_store

SIZES, RUNS, MOST = (1_000, 5_000), 5, 40.0
OLD, WAITING, MOST_MS = 200_000, 50, 50


def approved_s(store: Store, ids: Sequence[int], version: int) -> float:
    """Seconds to approve a proposal that changes the city of each account."""
    changes = [Change(Op.UPDATE, "account", one, version, {"city": (str(version), str(version + 1))}) for one in ids]
    made = propose(store.for_agent, changes, actor=ADMIN, summary="move", origin=Origin("cli"))
    began = time.perf_counter()
    approve(store, made.id, sha256=made.sha256, actor=ADMIN, door="cli")
    return time.perf_counter() - began


def by_hand_s(store: Store, ids: Sequence[int]) -> float:
    """Seconds for the same updates as SQL, prepared once."""
    statement = text("UPDATE accounts SET city = :city, version = version + 1, updated_at = :at WHERE id = :of")
    rows = [{"city": "Bonn", "at": "2020-01-01T00:00:00.000Z", "of": one} for one in ids]
    began = time.perf_counter()
    with store.write() as connection:
        connection.execute(statement, rows)
    return time.perf_counter() - began


def add_old(store: Store) -> None:
    """Changes of a minute each until now, every one approved and applied; they change nothing."""
    began = datetime.now(UTC) - timedelta(minutes=OLD)
    by = {"actor": "Ada", "actor_id": 1, "note": None}
    for start in range(0, OLD, 20_000):
        some = [(n, f"{n:08x}-0000-4000-8000-000000000000", began + timedelta(minutes=n))
                for n in range(start + 1, start + 20_001)]  # fmt: skip
        head = {"kind": "edit", "summary": "old", "asked_by": "Ada", "asked_by_id": 1, "door": "web", "tainted": False,
                "sha256": "", "origin": {}}  # fmt: skip
        change = {"seq": 0, "op": "update", "entity": "account", "record_id": 1, "base_version": 1, "set": {}}
        with store.write() as connection:
            connection.execute(insert(ChangeRow), [{**change, "change_set_id": id} for _, id, _ in some])
            connection.execute(insert(ChangeSetRow), [{**head, "id": id, "created_at": at} for _, id, at in some])
            events = [{**by, "id": n, "change_set_id": id, "state": "proposed", "at": at} for n, id, at in some]
            connection.execute(insert(ChangeEvent), events)
            decided = [{**by, "id": 2 * n + k, "change_set_id": id, "state": state, "door": "web", "at": at}
                       for n, id, at in some for k, state in enumerate(("approved", "applied"))]  # fmt: skip
            connection.execute(insert(ChangeDecision), decided)


def among_old() -> bool:
    """Print how long what waits and the newest changes take to be found; whether it is quick enough."""
    with tempfile.TemporaryDirectory(prefix="farley-changes-") as folder:
        store = create_store(f"sqlite:///{folder}/farley.db")
        add_old(store)
        for n in range(WAITING):
            change = Change(Op.CREATE, "account", n + 1, None, {"name": (None, f"Acme {n}")})
            propose(store.for_agent, [change], actor=ADMIN, summary="make", origin=Origin("cli"))
        waiting = p50_ms(lambda: list_waiting(store, ADMIN))
        newest = p50_ms(lambda: list_changes(store, ADMIN, limit=30))
        assert len(list_waiting(store, ADMIN)) == WAITING
        store.close()
    print(f"changes: among {OLD:,} old ones, {WAITING} that wait are found in {waiting:.1f} ms, "
          f"the newest 30 in {newest:.1f} ms")  # fmt: skip
    return max(waiting, newest) <= MOST_MS


def main() -> int:
    """Print the medians and their ratio; 1 where approving or finding costs too much."""
    slow = not among_old()
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="farley-changes-") as folder:
            store = create_store(f"sqlite:///{folder}/farley.db")
            half, now = range(1, size + 1), datetime.now(UTC)
            rows = [{"id": one, "name": f"Acme {one}", "city": "1", "created_at": now, "updated_at": now}
                    for one in range(1, 2 * size + 1)]  # fmt: skip
            with store.write() as connection:
                connection.execute(insert(Account), rows)
            approved = statistics.median(approved_s(store, half, run) for run in range(1, RUNS + 1))
            by_hand = statistics.median(by_hand_s(store, range(size + 1, 2 * size + 1)) for _ in range(RUNS))
            store.close()
        ratio = approved / by_hand
        slow |= ratio > MOST
        print(f"changes: {size:,} records approved in {approved * 1000:.0f} ms, by hand {by_hand * 1000:.0f} ms: "
              f"{ratio:.1f} times")  # fmt: skip
    return int(slow)


if __name__ == "__main__":
    raise SystemExit(main())
