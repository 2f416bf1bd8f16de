"""Finding change sets by what they changed, who asked and when; and what waits for whom."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from crm_core.access import ADMIN, Actor, Scope
from crm_core.changes import (
    Change,
    Op,
    Origin,
    Sought,
    State,
    approve,
    commit_changes,
    find_change_set,
    list_changes,
    list_waiting,
    propose,
    read_events,
    reject,
    undo,
)
from crm_core.models import UserRole
from crm_core.setup import create_store
from tests import factories

MONDAY = datetime(2017, 11, 13, 23, 30, tzinfo=UTC)


def rename(account, before="Acme", after="Acme AG", version=1):
    return Change(Op.UPDATE, "account", account, version, {"name": (before, after)})


def commit(store, change, *, door="web", at=MONDAY):
    return commit_changes(store, [change], actor=ADMIN, kind="edit", summary="a test", door=door, at=at)


def found(store, actor=ADMIN, **sought):
    return [one.id for one in list_changes(store, actor, sought=Sought(**sought))]


@pytest.fixture
def acme(store):
    return factories.make_account(store)


def test_changes_are_found_by_the_record_that_they_changed(store, acme):
    other = factories.make_account(store, "Bolt")
    mine = commit(store, rename(acme))
    commit(store, rename(other, "Bolt", "Bolt AG"))

    assert found(store, record=("account", acme)) == [mine]


def test_the_changes_of_a_record_that_one_may_not_see_are_those_of_none(store):
    bo = factories.make_user(store, "Bo South")
    hidden = factories.make_account(store, owner=bo)
    ada = Actor(id=factories.make_user(store, "Ada"), name="Ada", role=UserRole.REP, reads=Scope.OWN)
    commit(store, rename(hidden))

    assert found(store, ada, record=("account", hidden)) == []
    assert found(store, ada, record=("account", 12345)) == []


def test_changes_are_found_by_person_door_kind_and_period(store, acme):
    made = commit(store, rename(acme))
    later = commit(store, rename(acme, "Acme AG", "Acme", 2), door="cli", at=MONDAY + timedelta(hours=1))

    assert found(store, door="cli") == [later]
    assert found(store, until=date(2017, 11, 13)) == [made]
    assert found(store, since=date(2017, 11, 14)) == [later]
    assert found(store, asked_by_id=77) == found(store, kind="import") == []
    assert found(store, asked_by_id=0, kind="edit") == [later, made]


def test_what_became_of_a_change_is_told_in_order_with_who_and_where(store, acme):
    rep = Actor(id=factories.make_user(store, "Ada"), name="Ada", role=UserRole.REP, writes=Scope.ALL)
    asked = propose(store.for_agent, [rename(acme)], actor=rep, summary="a test", origin=Origin("slack"))
    approve(store, asked.id, sha256=asked.sha256, actor=ADMIN, door="web")
    undo(store, asked.id, actor=ADMIN, door="cli")

    with store.read() as connection:
        events = read_events(connection, find_change_set(connection, ADMIN, asked.id))

    assert [(one.state, one.by, one.door) for one in events] == [
        (State.PROPOSED, "Ada", "slack"), (State.APPROVED, "admin", "web"), (State.APPLIED, "admin", "web"),
        (State.UNDONE, "admin", "cli"),
    ]  # fmt: skip


def test_what_waits_for_somebody_is_what_they_may_decide_on(store, acme):
    ada, bo = (factories.make_user(store, name) for name in ("Ada", "Bo"))
    rep = Actor(id=ada, name="Ada", role=UserRole.REP, team=frozenset({ada}))
    peer = Actor(id=bo, name="Bo", role=UserRole.REP, team=frozenset({bo}))
    boss = Actor(id=9, name="Cy", role=UserRole.MANAGER, writes=Scope.TEAM, team=frozenset({9, ada}))
    asked = propose(store.for_agent, [rename(acme)], actor=rep, summary="a test", origin=Origin("web"))

    waits = [[one.id for one in list_waiting(store, actor)] for actor in (rep, peer, boss, ADMIN)]

    assert waits == [[asked.id], [], [asked.id], [asked.id]]
    reject(store, asked.id, actor=rep, door="web")
    assert list_waiting(store, ADMIN) == ()


def test_what_waits_is_found_by_until_when_it_waits_and_not_among_all_that_was_changed(sqlite_store):
    sent = []
    event.listen(sqlite_store._reader, "before_cursor_execute", lambda _, c, sql, given, *__: sent.append((sql, given)))

    list_changes(sqlite_store, ADMIN, waiting=True)

    sql, given = next(one for one in sent if "FROM change_sets" in one[0])
    with sqlite_store.read(ADMIN) as connection:
        plan = connection.connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {sql}", given).fetchall()
    told = " ".join(row[3] for row in plan)
    assert "ix_change_sets_expires_at (expires_at>?)" in told
    assert "SCAN" not in told


def test_the_newest_that_wait_are_shown_though_older_ones_have_expired(store, acme):
    now = datetime.now(UTC)
    for hours in (30, 26, 2, 1):
        propose(store.for_agent, [rename(acme)], actor=ADMIN, summary=str(hours), origin=Origin("cli"),
                at=now - timedelta(hours=hours))  # fmt: skip

    waiting = list_changes(store, ADMIN, waiting=True, limit=1, offset=1)

    assert [one.head.summary for one in waiting] == ["2"]


def test_what_waited_in_an_older_store_still_waits_and_its_table_still_only_grows(store, acme):
    made = propose(store.for_agent, [rename(acme)], actor=ADMIN, summary="a test", origin=Origin("cli"))
    with store.write() as connection:
        for column in ("created_at", "expires_at"):
            connection.execute(text(f"DROP INDEX ix_change_sets_{column}"))
        connection.execute(text("ALTER TABLE change_sets DROP COLUMN expires_at"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0019'"))

    create_store(store.url.render_as_string(hide_password=False)).close()

    assert [one.id for one in list_waiting(store, ADMIN)] == [made.id]
    with pytest.raises(DBAPIError, match="only grows"), store.write() as connection:
        connection.execute(text("UPDATE change_sets SET expires_at = NULL"))
