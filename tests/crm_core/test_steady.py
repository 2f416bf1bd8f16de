"""One moment of the store for everything that a thread reads together."""

import threading

from sqlalchemy import event

from crm_core.access import ADMIN
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from tests import factories
from tests.conftest import TODAY

NAMES = QuerySpec(entity="account", columns=["name"])


def names(store):
    return [row.values[0] for row in run_query(store, NAMES, actor=ADMIN, today=TODAY).rows]


def test_what_is_written_meanwhile_is_seen_afterwards(store):
    factories.make_account(store, "Acme")

    with store.steady(ADMIN):
        before, revision = names(store), store.revision
        factories.make_account(store, "Bolt")
        assert (names(store), store.revision) == (before, revision)

    assert names(store) == [*before, "Bolt"]
    assert store.revision == revision + 1


def test_another_thread_reads_its_own_moment(store):
    seen = []
    with store.steady(ADMIN):
        assert names(store) == []
        factories.make_account(store, "Acme")
        other = threading.Thread(target=lambda: seen.extend(names(store)))
        other.start()
        other.join()

    assert seen == ["Acme"]


def test_it_takes_one_transaction_and_one_look_at_the_revision(store):
    begun, asked = [], []
    names(store)
    event.listen(store._reader, "begin", begun.append)
    event.listen(store._reader, "before_cursor_execute", lambda c, cursor, sql, *_: asked.append(sql))

    with store.steady(ADMIN):
        names(store)
        with store.steady(ADMIN):
            names(store)

    assert len(begun) == 1
    assert sum("store_info" in sql for sql in asked) == 1


def test_the_agent_reads_for_each_asker_in_a_transaction_of_their_own(store):
    begun = []
    ada = factories.actor_for(factories.make_user(store, "Ada"))
    event.listen(store.for_agent._reader, "begin", begun.append)

    with store.for_agent.steady(ADMIN), store.for_agent.read(ada), store.for_agent.read(ADMIN):
        pass

    assert len(begun) == 2
