"""What approving a large proposal costs, beside the same updates written by hand in one transaction (SQLite).

    python -m benchmarks.changes

Approving checks rights, versions and the hash, and writes records, decision, audit entry and outbox row; by hand
nothing but the records is written.
"""

import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import insert, text

from crm_core.access import ADMIN
from crm_core.changes import Change, Op, Origin, approve, propose
from crm_core.db import Store
from crm_core.models import Account
from crm_core.setup import create_store

SIZES, RUNS, MOST = (1_000, 5_000), 5, 40.0


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


def main() -> int:
    """Print the medians and their ratio; 1 where approving costs too much."""
    slow = False
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
