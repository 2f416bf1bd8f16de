"""Deal health in bulk: every warning of the open deals (a third) of 500,000 deals with 2,000,000 talks and a text each.

`--scale 0.1` for a quick look; SQLite.
"""

import argparse
import random
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.world import TODAY, Size, build_world
from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.setup import create_store

LIMIT_S = 60.0
BODY = "They asked about the rollout of the second site and who has to be there. "


def main() -> int:
    """Print the figures; 1 where it takes longer than it may."""
    from copilot.health import cues
    from crm_core.health import check_deals
    from crm_core.query.spec import Condition

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--scale", type=float, default=1.0)
    scale = asked.parse_args().scale
    with tempfile.TemporaryDirectory() as folder:
        store = _build(Path(folder), scale)
        taken = []
        for told, where in (
            ("all open deals", None),
            ("in Germany", Condition(field="account.country", value="Germany")),
        ):
            begun, worked = time.perf_counter(), time.process_time()
            found = check_deals(store.for_agent, actor=ADMIN, today=TODAY, cues=cues(), where=where)
            taken.append(time.perf_counter() - begun)
            count, of_cpu = sum(map(len, found.fired.values())), time.process_time() - worked
            print(f"health: {told}: {taken[-1]:.1f} s ({of_cpu:.1f} s of one core), {count:,} warnings of "
                  f"{len(found.points()):,} deals")  # fmt: skip
        store.close()
    print(f"{'ok' if taken[0] <= LIMIT_S else 'SLOW'} (limit {LIMIT_S:.0f} s)")
    return 0 if taken[0] <= LIMIT_S else 1


def _build(folder: Path, scale: float) -> Store:
    """The store of the other benchmarks, with texts, directions and moves from stage to stage."""
    store = create_store(f"sqlite:///{folder / 'farley.db'}")
    size = Size().scaled(scale)
    build_world(store, size)
    draw = random.Random(2)
    with store.write() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute(
            "UPDATE interactions SET body = ? || id, direction = CASE id % 2 WHEN 0 THEN 'in' ELSE 'out' END,"
            " contact_id = 1 + id % ?", (BODY * 3, size.contacts)
        )  # fmt: skip
        raw.executemany(
            "INSERT INTO stage_changes (id, changed_on, deal_id, to_stage_id, version, created_at, updated_at, custom)"
            " VALUES (?, ?, ?, ?, 1, '2015-01-01T00:00:00.000Z', '2015-01-01T00:00:00.000Z', '{}')",
            ((4 * deal + at, str(TODAY - timedelta(days=draw.randint(1, 200))), deal, at + 1)
             for deal in range(1, size.deals + 1) for at in range(3)),
        )  # fmt: skip
    return store


if __name__ == "__main__":
    sys.exit(main())
