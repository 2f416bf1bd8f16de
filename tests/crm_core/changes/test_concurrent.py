"""Many at once: no update is lost, and a proposal comes to exactly one end.

Each run works with small numbers; FARLEY_SOAK=1 with 32 writers x 100 writes and 200 rounds of 50 approvals.
"""

import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle
from threading import Barrier

import pytest
from sqlalchemy import func, select

from crm_core.access import ADMIN
from crm_core.changes import (
    Change,
    ChangeSet,
    Op,
    Origin,
    State,
    approve,
    check_audit,
    commit_changes,
    find_change_set,
    propose,
    reject,
    undo,
    withdraw,
)
from crm_core.db import Store
from crm_core.errors import Conflict, Unavailable
from crm_core.models import Account, AuditEntry, ChangeDecision, ChangeEvent
from tests.factories import make_account

IN_SOAK = bool(os.environ.get("FARLEY_SOAK"))
WRITERS, WRITES = (32, 100) if IN_SOAK else (8, 4)
APPROVERS, ROUNDS = (50, 200) if IN_SOAK else (20, 4)
RACES = 100 if IN_SOAK else 4


@pytest.fixture
def stores(store):
    """The same store opened four times, as four processes would, each with connections and a lock of its own."""
    more = [Store(store.url.render_as_string(hide_password=False)) for _ in range(3)]
    yield [store, *more]
    for one in more:
        one.close()


def grown(store: Store, account: int) -> Change:
    with store.read() as connection:
        row = connection.execute(select(Account.employees, Account.version).where(Account.id == account)).one()
    return Change(Op.UPDATE, "account", account, row.version, {"employees": (row.employees, row.employees + 1)})


def edit(store: Store, change: Change) -> None:
    commit_changes(store, [change], actor=ADMIN, kind="edit", summary="one more", door="web")


def proposed(store: Store, change: Change, *, instead_of: str | None = None) -> ChangeSet:
    return propose(
        store.for_agent, [change], actor=ADMIN, summary="one more", origin=Origin("cli"), instead_of=instead_of
    )


def approves(store: Store, made: ChangeSet) -> None:
    approve(store, made.id, sha256=made.sha256, actor=ADMIN, door="web")


def propose_and_approve(store: Store, change: Change) -> None:
    approves(store, proposed(store, change))


def at_once(tasks: Sequence[Callable[[], object]]) -> list[str]:
    """How each of the tasks ended when all began together: "done", or "conflict"."""
    together = Barrier(len(tasks))

    def run(task: Callable[[], object]) -> str:
        together.wait()
        while True:
            try:
                task()
            except Unavailable:  # another program held the file for too long: nothing changed, try again
                continue
            except Conflict:
                return "conflict"
            return "done"

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def whole(store: Store) -> bool:
    with store.read() as connection:
        return list(check_audit(connection)) == []


def test_no_update_is_lost(stores, capsys):
    accounts = [make_account(stores[0], f"Acme {n}", employees=0) for n in range(10)]
    tries: Counter[str] = Counter()

    def write(number: int) -> None:
        store, draw = stores[number % len(stores)], random.Random(number)
        for _ in range(WRITES):
            account, way = draw.choice(accounts), draw.choice([edit, propose_and_approve])
            while not _succeeds(way, store, account, tries):
                pass

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))

    with stores[0].read() as connection:
        total, versions = connection.execute(select(func.sum(Account.employees), func.sum(Account.version))).one()
        entries = connection.execute(select(func.count()).select_from(AuditEntry)).scalar_one()
    wanted = WRITERS * WRITES
    with capsys.disabled():
        print(f"\n{WRITERS} writers x {WRITES}: {wanted - int(total)} updates lost, {tries.total()} writes tried again")
    assert (total, versions, entries) == (wanted, wanted + len(accounts), wanted)
    assert whole(stores[0])


def _succeeds(way: Callable[[Store, Change], None], store: Store, account: int, tries: Counter[str]) -> bool:
    try:
        way(store, grown(store, account))
    except (Conflict, Unavailable) as error:
        tries[type(error).__name__] += 1
        return False
    return True


def test_one_card_approved_by_many_at_once_is_applied_once(stores, capsys):
    account = make_account(stores[0], employees=0)
    some = [store for store, _ in zip(cycle(stores), range(APPROVERS), strict=False)]
    for done in range(1, ROUNDS + 1):
        made = proposed(stores[0], grown(stores[0], account))

        ends = at_once([partial(approves, store, made) for store in some])

        assert Counter(ends) == {"done": 1, "conflict": APPROVERS - 1}
        assert grown(stores[0], account).set["employees"][0] == done
    with capsys.disabled():
        print(f"\n{APPROVERS} approvals at once x {ROUNDS}: each card applied once")
    assert whole(stores[0])


ENDINGS = {
    State.REJECTED: lambda store, made: reject(store, made.id, actor=ADMIN, door="web"),
    State.WITHDRAWN: lambda store, made: withdraw(store.for_agent, made.id, actor=ADMIN),
    State.SUPERSEDED: lambda store, made: proposed(store, NEW, instead_of=made.id),
}
NEW = Change(Op.CREATE, "account", 1, None, {"name": (None, "New")})


@pytest.mark.parametrize("end", ENDINGS)
def test_a_card_comes_to_one_end(stores, end):
    """Approved and at the same moment rejected, withdrawn or replaced: one succeeds, and the state is its."""
    account = make_account(stores[0], employees=0)
    for _ in range(RACES):
        change = grown(stores[0], account)
        made = proposed(stores[0], change)

        ends = at_once([partial(approves, store, made) for store in stores[:2]]
                       + [partial(ENDINGS[end], store, made) for store in stores[2:]])  # fmt: skip

        assert Counter(ends) == {"done": 1, "conflict": 3}
        with stores[0].read() as connection:
            state = find_change_set(connection, ADMIN, made.id).state
        assert state is (State.APPLIED if "done" in ends[:2] else end)
        assert (state is State.APPLIED) is (grown(stores[0], account) != change)
        assert _ends(stores[0], made.id) == 1
    assert whole(stores[0])


def _ends(store: Store, proposal: str) -> int:
    """How many ends a proposal came to."""
    with store.read() as connection:
        events = select(func.count()).where(ChangeEvent.change_set_id == proposal, ChangeEvent.state != "proposed")
        decisions = select(func.count()).where(
            ChangeDecision.change_set_id == proposal, ChangeDecision.state.in_(["applied", "rejected", "conflicted"])
        )
        return int(connection.execute(events).scalar_one() + connection.execute(decisions).scalar_one())


def test_one_change_undone_by_many_at_once_is_undone_once(stores):
    account = make_account(stores[0], employees=0)
    made = proposed(stores[0], grown(stores[0], account))
    approves(stores[0], made)

    ends = at_once([partial(undo, store, made.id, actor=ADMIN, door="web") for store in stores * 3])

    assert Counter(ends) == {"done": 1, "conflict": 11}
    assert grown(stores[0], account).set["employees"][0] == 0
    assert whole(stores[0])
