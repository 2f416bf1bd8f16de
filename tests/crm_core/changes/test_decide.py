"""Proposals: what changes and when, who may decide, and what no approval can be made to do."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DatabaseError

from crm_core.access import ADMIN, Actor, Scope
from crm_core.changes import (
    Change,
    Op,
    Origin,
    State,
    approve,
    check_audit,
    list_changes,
    propose,
    reject,
    undo,
    undo_turn,
    withdraw,
)
from crm_core.db import Store
from crm_core.errors import Conflict, Forbidden, Invalid, NotFound
from crm_core.ids import new_id
from crm_core.models import Account, AuditEntry, ChangeRow, OutboxRow
from tests.factories import actor_for, make_account, make_deal, make_user

CLI = Origin("cli", "turn-1")


def grown(account: int, employees: int, *, version: int = 1, old: int | None = None) -> Change:
    return Change(Op.UPDATE, "account", account, version, {"employees": (old, employees)})


def proposed(store: Store, *changes: Change, actor: Actor = ADMIN, **given: object):
    return propose(store.for_agent, changes, actor=actor, summary="grow", origin=CLI, **given)


def effect(change_set: str, seq: int) -> dict[str, object]:
    return {"change_set_id": change_set, "op": "create", "entity": "stage_change", "record_id": new_id(),
            "base_version": None, "set": {}, "seq": seq}  # fmt: skip


def employees_of(store: Store, account: int) -> int | None:
    with store.read() as connection:
        return connection.execute(select(Account.employees).where(Account.id == account)).scalar_one()


def test_nothing_changes_before_approval_and_all_of_it_after(store):
    account = make_account(store)
    proposal = proposed(store, grown(account, 50))
    before = employees_of(store, account)

    applied = approve(store, proposal.id, sha256=proposal.sha256, actor=ADMIN, door="cli")

    assert (before, employees_of(store, account)) == (None, 50)
    assert applied.state is State.APPLIED
    with store.read() as connection:
        assert connection.execute(select(OutboxRow.change_set_id)).scalars().all() == [proposal.id]
        assert connection.execute(select(AuditEntry.change_set_id)).scalars().all() == [proposal.id]
        assert list(check_audit(connection)) == []


def test_a_proposal_is_approved_once(store):
    proposal = proposed(store, grown(make_account(store), 50))
    approve(store, proposal.id, sha256=proposal.sha256, actor=ADMIN, door="cli")

    with pytest.raises(Conflict, match="approved already"):
        approve(store, proposal.id, sha256=proposal.sha256, actor=ADMIN, door="cli")


@pytest.mark.parametrize("end", [State.REJECTED, State.WITHDRAWN, State.SUPERSEDED, State.EXPIRED])
def test_what_waits_no_longer_is_not_approved(store, end):
    account = make_account(store)
    at = datetime.now(UTC) - timedelta(days=2 if end is State.EXPIRED else 0)
    proposal = proposed(store, grown(account, 50), at=at)
    if end is State.REJECTED:
        reject(store, proposal.id, actor=ADMIN, door="cli")
    if end is State.WITHDRAWN:
        withdraw(store.for_agent, proposal.id, actor=ADMIN)
    if end is State.SUPERSEDED:
        proposed(store, grown(account, 60), instead_of=proposal.id)

    with pytest.raises(Conflict, match=f"is {end}"):
        approve(store, proposal.id, sha256=proposal.sha256, actor=ADMIN, door="cli")
    assert employees_of(store, account) is None


def test_a_record_that_moved_on_ends_the_proposal_in_conflict(store):
    account = make_account(store)
    first, second = proposed(store, grown(account, 50)), proposed(store, grown(account, 60))
    approve(store, second.id, sha256=second.sha256, actor=ADMIN, door="cli")

    with pytest.raises(Conflict, match="has changed since"):
        approve(store, first.id, sha256=first.sha256, actor=ADMIN, door="cli")

    assert employees_of(store, account) == 60
    assert {one.id: one.state for one in list_changes(store, ADMIN)}[first.id] is State.CONFLICTED


def test_another_hash_than_the_one_shown_approves_nothing(store):
    proposal = proposed(store, grown(make_account(store), 50))

    with pytest.raises(Conflict, match="not what was shown"):
        approve(store, proposal.id, sha256="0" * 64, actor=ADMIN, door="cli")


def test_all_of_a_set_is_applied_or_nothing(store):
    account, gone = make_account(store), make_account(store, "Borg", deleted_at=datetime.now(UTC))
    proposal = proposed(store, grown(account, 50), grown(gone, 60))

    with pytest.raises(Conflict):
        approve(store, proposal.id, sha256=proposal.sha256, actor=ADMIN, door="cli")

    assert employees_of(store, account) is None


class TestWho:
    def test_the_asker_without_the_right_is_refused_at_approval(self, store):
        rep, other = make_user(store, "Ann"), make_user(store, "Bob")
        asker = actor_for(rep)
        deal = make_deal(store, owner=other)
        proposal = proposed(store, Change(Op.UPDATE, "deal", deal, 1, {"next_step": (None, "call")}), actor=asker)

        with pytest.raises(Forbidden):
            approve(store, proposal.id, sha256=proposal.sha256, actor=asker, door="cli")

    def test_a_rep_decides_nothing_for_another_one(self, store):
        ann, bob = make_user(store, "Ann"), make_user(store, "Bob")
        deal = make_deal(store, owner=bob)
        change = Change(Op.UPDATE, "deal", deal, 1, {"next_step": (None, "call")})
        proposal = proposed(store, change, actor=actor_for(ann))

        for decide in (lambda **k: approve(store, proposal.id, sha256=proposal.sha256, **k),
                       lambda **k: reject(store, proposal.id, **k)):  # fmt: skip
            with pytest.raises(Forbidden, match="may not decide"):
                decide(actor=actor_for(bob), door="cli")

    def test_the_manager_approves_what_the_rep_asked_for(self, store):
        rep, boss = make_user(store, "Ann"), make_user(store, "Bea", role="manager")
        deal = make_deal(store, owner=rep)
        change = Change(Op.UPDATE, "deal", deal, 1, {"next_step": (None, "call")})
        proposal = proposed(store, change, actor=actor_for(rep))
        manager = Actor(boss, "Bea", "manager", writes=Scope.TEAM, team=frozenset({boss, rep}))

        assert approve(store, proposal.id, sha256=proposal.sha256, actor=manager, door="cli").state is State.APPLIED

    def test_nobody_takes_back_what_another_proposed(self, store):
        ann, bob = actor_for(make_user(store, "Ann")), actor_for(make_user(store, "Bob"))
        proposal = proposed(store, grown(make_account(store), 50), actor=ann)

        with pytest.raises(Forbidden, match="only they may"):
            withdraw(store.for_agent, proposal.id, actor=bob)
        with pytest.raises(Forbidden, match="only they may"):
            proposed(store, grown(make_account(store), 60), actor=bob, instead_of=proposal.id)


class TestTheAgentsStore:
    FORBIDDEN = (
        "UPDATE accounts SET name = 'x'",
        "DELETE FROM accounts",
        "INSERT INTO accounts (id, name) VALUES (1, 'x')",
        "DROP TABLE accounts",
        "CREATE TABLE mine (a int)",
        "UPDATE change_sets SET summary = 'x'",
        "DELETE FROM changes",
        "INSERT INTO change_decisions (id, change_set_id, state, actor, actor_id, door, at)"
        " VALUES (1, 'x', 'approved', 'a', 0, 'cli', '2020-01-01')",
        "INSERT INTO outbox (seq, change_set_id, at) VALUES (1, 'x', '2020-01-01')",
    )
    ON_SQLITE = (
        "ATTACH ':memory:' AS other",
        "PRAGMA user_version = 3",
        "INSERT OR REPLACE INTO change_sets SELECT * FROM change_sets",
        "INSERT OR REPLACE INTO change_events SELECT * FROM change_events",
        "INSERT OR REPLACE INTO changes SELECT * FROM changes",
    )

    @pytest.mark.parametrize("statement", FORBIDDEN)
    def test_it_can_neither_write_records_nor_decide(self, store, statement):
        proposed(store, grown(make_account(store), 50))

        for transaction in (store.for_agent.read, store.for_agent.proposals):
            with pytest.raises(DatabaseError), transaction() as connection:
                connection.execute(text(statement))

    @pytest.mark.parametrize("statement", ON_SQLITE)
    def test_it_cannot_reach_around_on_sqlite(self, sqlite_store, statement):
        proposed(sqlite_store, grown(make_account(sqlite_store), 50))

        for transaction in (sqlite_store.for_agent.read, sqlite_store.for_agent.proposals):
            with pytest.raises(DatabaseError), transaction() as connection:
                connection.execute(text(statement))

    def test_core_writes_are_refused_too(self, store):
        account = make_account(store)

        with pytest.raises(DatabaseError), store.for_agent.proposals(ADMIN) as connection:
            connection.execute(update(Account).where(Account.id == account).values(name="x"))

    def test_nothing_is_added_to_a_set_that_was_proposed(self, store):
        proposal = proposed(store, grown(make_account(store), 50))
        row = {"change_set_id": proposal.id, "op": "delete", "entity": "account", "record_id": 1,
               "base_version": 1, "set": {}}  # fmt: skip

        with pytest.raises(DatabaseError, match="closed"), store.for_agent.proposals(ADMIN) as connection:
            connection.execute(insert(ChangeRow), [{**row, "seq": 1}])

    def test_it_can_smuggle_no_effect_into_a_set(self, store):
        proposal = proposed(store, grown(make_account(store), 50))

        for at, set_id in ((-1, proposal.id), (-1, "of its own")):
            with pytest.raises(DatabaseError), store.for_agent.proposals(ADMIN) as connection:
                connection.execute(insert(ChangeRow), [effect(set_id, at)])

    def test_an_effect_that_stands_in_a_set_all_the_same_stops_the_approval(self, sqlite_store):
        store = sqlite_store
        account = make_account(store)
        proposal = proposed(store, grown(account, 50))
        with store.write() as connection:
            connection.exec_driver_sql("DROP TRIGGER changes_guard_1")
            connection.execute(insert(ChangeRow), [effect(proposal.id, -1)])

        with pytest.raises(Conflict, match="Something was added"):
            approve(store, proposal.id, sha256=proposal.sha256, actor=ADMIN, door="cli")
        assert employees_of(store, account) is None

    def test_an_applied_set_takes_no_further_effect_and_no_other_undo(self, sqlite_store):
        store = sqlite_store
        account = make_account(store)
        proposal = proposed(store, grown(account, 50))
        approve(store, proposal.id, sha256=proposal.sha256, actor=ADMIN, door="cli")

        with pytest.raises(DatabaseError, match="being approved"), store.write() as connection:
            connection.execute(insert(ChangeRow), [effect(proposal.id, -1)])
        with store.write() as connection:
            connection.exec_driver_sql("DROP TRIGGER changes_guard_0")
            connection.execute(insert(ChangeRow), [effect(proposal.id, 1)])
        with pytest.raises(Conflict, match="not what was approved"):
            undo(store, proposal.id, actor=ADMIN, door="cli")
        assert employees_of(store, account) == 50

    def test_a_state_is_only_ever_the_askers_to_set(self, store):
        asker = actor_for(make_user(store, "Ann"))
        proposal = proposed(store, grown(make_account(store), 50), actor=asker)
        row = {"id": new_id(), "set": proposal.id, "at": "2020-01-01T00:00:00.000Z"}
        statement = text(
            "INSERT INTO change_events (id, change_set_id, state, actor, actor_id, at)"
            " VALUES (:id, :set, :state, 'x', :by, :at)"
        )

        for state, by in (("approved", asker.id), ("applied", asker.id), ("withdrawn", 12345)):
            with pytest.raises(DatabaseError), store.for_agent.proposals(asker) as connection:
                connection.execute(statement, {**row, "state": state, "by": by})

    def test_trees_may_be_asked_about(self, store):
        with store.for_agent.read() as connection:
            numbers = connection.execute(
                text("WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT n FROM t")
            )
            assert [row.n for row in numbers] == [1, 2, 3]


class TestTheTrail:
    def test_a_line_that_was_altered_is_named(self, sqlite_store):
        store = sqlite_store
        for employees in (50, 60):
            one = proposed(store, grown(make_account(store), employees))
            approve(store, one.id, sha256=one.sha256, actor=ADMIN, door="cli")
        with store.write() as connection:
            connection.exec_driver_sql("DROP TRIGGER audit_entries_no_update")
            connection.execute(update(AuditEntry).where(AuditEntry.seq == 1).values(approved_by="Mallory"))

        with store.read() as connection:
            assert list(map(str, check_audit(connection))) == ["Line 1 of the audit trail was altered."]

    def test_a_change_that_was_altered_is_named(self, sqlite_store):
        store = sqlite_store
        one = proposed(store, grown(make_account(store), 50))
        approve(store, one.id, sha256=one.sha256, actor=ADMIN, door="cli")
        with store.write() as connection:
            connection.exec_driver_sql("DROP TRIGGER changes_no_update")
            connection.execute(update(ChangeRow).values(set={"employees": [None, 5000]}))

        with store.read() as connection:
            assert "not what was approved" in str(next(check_audit(connection)))

    @pytest.mark.parametrize("table", ["change_sets", "changes", "change_events", "change_decisions", "audit_entries"])
    def test_it_only_grows_even_for_the_committer(self, store, table):
        one = proposed(store, grown(make_account(store), 50))
        approve(store, one.id, sha256=one.sha256, actor=ADMIN, door="cli")

        for statement in (
            f"DELETE FROM {table}",
            f"UPDATE {table} SET {'sha256' if 'audit' in table else 'id'} = NULL",
        ):
            with pytest.raises((DatabaseError, Conflict)), store.write() as connection:
                connection.execute(text(statement.replace(" id =", " op =") if table == "changes" else statement))


def test_all_that_a_turn_led_to_is_undone(store):
    accounts = [make_account(store), make_account(store, "Borg")]
    for account in accounts:
        one = proposed(store, grown(account, 50))
        approve(store, one.id, sha256=one.sha256, actor=ADMIN, door="cli")

    results = undo_turn(store, "turn-1", actor=ADMIN, door="cli")

    assert [result.records for result in results] == [{"account": 1}, {"account": 1}]
    assert [employees_of(store, account) for account in accounts] == [None, None]
    with pytest.raises(NotFound):
        undo_turn(store, "turn-1", actor=ADMIN, door="cli")


def test_what_was_approved_is_undone_like_any_change(store):
    account = make_account(store)
    proposal = proposed(store, grown(account, 50))
    approve(store, proposal.id, sha256=proposal.sha256, actor=ADMIN, door="cli")

    undo(store, proposal.id, actor=ADMIN, door="cli")

    assert employees_of(store, account) is None
    with store.read() as connection:
        assert connection.execute(select(func.count()).select_from(AuditEntry)).scalar_one() == 2


def test_an_empty_proposal_is_refused(store):
    with pytest.raises(Invalid, match="1 to 10,000"):
        proposed(store)
