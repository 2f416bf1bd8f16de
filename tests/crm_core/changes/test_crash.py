"""Killed under load: nothing that was acknowledged is lost, nothing is done twice, and the store is ready at once.

Each run kills three times; FARLEY_SOAK=1 kills 100 times, after at least 5,000 acknowledged commits.
"""

import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy import func, select

from crm_core.access import ADMIN
from crm_core.changes import Change, Op, check_audit, commit_changes
from crm_core.db import Store
from crm_core.models import Account, AuditEntry, ChangeDecision, ChangeSetRow
from tests.crm_core.changes.writing_process import THREADS
from tests.factories import make_account

KILLS, COMMITS = (100, 5000) if os.environ.get("FARLEY_SOAK") else (3, 15)
WRITER = Path(__file__).with_name("writing_process.py")
READY_S = 5.0


def work_and_be_killed(url: str, draw: random.Random) -> list[str]:
    """Ids of the change sets that the process acknowledged before it was killed."""
    with subprocess.Popen([sys.executable, str(WRITER), url], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(draw.randint(1, 2 * COMMITS // KILLS))]
        time.sleep(draw.uniform(0, 0.05))
        process.kill()
        return [line.decode().strip() for line in [*lines, *process.stdout] if line.endswith(b"\n")]


def open_and_write(url: str, mine: int) -> float:
    """Seconds until the store was open and had taken a write."""
    began = time.perf_counter()
    with closing(Store(url)) as store:
        with store.read() as connection:
            version = connection.execute(select(Account.version).where(Account.id == mine)).scalar_one()
        change = Change(Op.UPDATE, "account", mine, version, {"city": (None, f"city {version}")})
        commit_changes(store, [change], actor=ADMIN, kind="edit", summary="back", door="web")
        took = time.perf_counter() - began
        with store.read() as connection:
            assert list(check_audit(connection)) == []
    return took


def test_killed_at_any_moment_the_store_keeps_what_it_acknowledged(sqlite_store, capsys):
    url = sqlite_store.url.render_as_string()
    for number in range(10):
        make_account(sqlite_store, f"Acme {number}", employees=0)
    mine = make_account(sqlite_store, "Mine")
    sqlite_store.close()
    acknowledged: list[str] = []
    slowest, kills, draw = 0.0, 0, random.Random(1)

    while kills < KILLS or len(acknowledged) < COMMITS:
        kills += 1
        acknowledged += work_and_be_killed(url, draw)
        slowest = max(slowest, open_and_write(url, mine))
        with closing(sqlite3.connect(str(sqlite_store.path))) as file:
            assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]

    with sqlite_store.read() as connection:
        applied = select(ChangeDecision.change_set_id).join(
            ChangeSetRow, ChangeSetRow.id == ChangeDecision.change_set_id
        )
        wanted = (ChangeDecision.state == "applied", ChangeSetRow.summary == "one more")
        done = set(connection.execute(applied.where(*wanted)).scalars())
        raised = connection.execute(select(func.sum(Account.employees))).scalar_one()
        entries = connection.execute(select(func.count()).select_from(AuditEntry)).scalar_one()
    lost = set(acknowledged) - done
    with capsys.disabled():
        print(f"\n{kills} kills, {len(acknowledged):,} acknowledged commits: {len(lost)} lost, "
              f"{raised - len(done)} doubled, ready again after {slowest:.2f} s at most")  # fmt: skip
    assert not lost
    assert raised == len(done) == entries - kills
    assert len(acknowledged) == len(set(acknowledged))
    assert len(done) - len(acknowledged) <= kills * THREADS  # written, and killed before they could say so
    assert slowest < READY_S
