"""The company's own limits of warnings: set by an administrator, audited and undone like any change."""

from datetime import date, timedelta

import pytest

from crm_core.access import ADMIN
from crm_core.changes import undo
from crm_core.db import Store
from crm_core.errors import Conflict, Forbidden, Invalid, NotFound
from crm_core.health import check_deals, read_limits, set_limit
from tests.conftest import TODAY
from tests.crm_core.health.test_warnings import CUES
from tests.factories import actor_for, make_deal, make_user


def limit_of(store: Store, name: str) -> int:
    with store.read() as connection:
        return read_limits(connection).of(name)


def overdue(store: Store) -> bool:
    return bool(check_deals(store.for_agent, actor=ADMIN, today=TODAY, cues=CUES).fired.get("overdue"))


def test_a_limit_of_the_company_stands_in_the_place_of_the_default_until_it_is_undone(store: Store):
    make_deal(store, "Late", closes_on=TODAY - timedelta(days=5))
    assert overdue(store)

    change = set_limit(store, "overdue", 5, actor=ADMIN, door="cli")
    assert not overdue(store)

    undo(store, change, actor=ADMIN, door="cli")
    assert overdue(store)


def test_a_warning_can_be_switched_off_and_on_again(store: Store):
    make_deal(store, "Late", closes_on=date(2017, 1, 1))

    set_limit(store, "overdue", None, is_off=True, actor=ADMIN, door="cli")
    assert not overdue(store)

    set_limit(store, "overdue", None, actor=ADMIN, door="cli")
    assert overdue(store)


def test_a_limit_is_an_administrators_to_set(sqlite_store: Store):
    rep = actor_for(make_user(sqlite_store))

    with pytest.raises(Forbidden):
        set_limit(sqlite_store, "stalled", 9, actor=rep, door="cli")

    assert limit_of(sqlite_store, "stalled") == 30


def test_a_limit_that_makes_no_sense_is_refused_in_words(sqlite_store: Store):
    with pytest.raises(Invalid, match="no warning 'stale'"):
        set_limit(sqlite_store, "stale", 9, actor=ADMIN, door="cli")
    with pytest.raises(Invalid, match="makes no sense"):
        set_limit(sqlite_store, "stalled", -1, actor=ADMIN, door="cli")
    with pytest.raises(Invalid, match="needs a limit"):
        set_limit(sqlite_store, "at_risk", None, is_off=True, actor=ADMIN, door="cli")
    with pytest.raises(NotFound):
        set_limit(sqlite_store, "stalled", None, actor=ADMIN, door="cli")

    set_limit(sqlite_store, "stalled", 9, actor=ADMIN, door="cli")
    with pytest.raises(Conflict):
        set_limit(sqlite_store, "stalled", 9, actor=ADMIN, door="cli")


def test_what_asks_about_records_reads_past_the_limits(sqlite_store: Store):
    set_limit(sqlite_store, "stalled", 9, actor=ADMIN, door="cli")

    assert not sqlite_store.schema.own_words
    assert not sqlite_store.schema.own_conditions
