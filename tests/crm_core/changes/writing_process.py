"""A process that proposes and approves until it is killed: `python writing_process.py URL`.

Four threads raise the number of employees of random accounts by one. The id of each change set is written to the
standard output once its approval has come back.
"""

import os
import random
import sys
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from crm_core.access import ADMIN
from crm_core.changes import Change, Op, Origin, approve, propose
from crm_core.db import Store
from crm_core.errors import Conflict
from crm_core.models import Account

THREADS = 4


def raise_one(store: Store) -> str:
    """One acknowledged change."""
    with store.read() as connection:
        rows = connection.execute(
            select(Account.id, Account.version, Account.employees).where(Account.employees.is_not(None))
        ).all()
    row = random.choice(rows)
    change = Change(Op.UPDATE, "account", row.id, row.version, {"employees": (row.employees, row.employees + 1)})
    made = propose(store.for_agent, [change], actor=ADMIN, summary="one more", origin=Origin("cli"))
    return approve(store, made.id, sha256=made.sha256, actor=ADMIN, door="web").id


def work(store: Store) -> None:
    """Until the end."""
    while True:
        try:
            done = raise_one(store)
        except Conflict:
            continue
        os.write(1, f"{done}\n".encode())


if __name__ == "__main__":
    opened = Store(sys.argv[1])
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, [opened] * THREADS))
