"""Lists that people keep: each reader finds in them what they may see."""

import pytest

from crm_core.access import ADMIN
from crm_core.errors import Forbidden, Invalid, NotFound
from crm_core.query.spec import Condition, QuerySpec
from crm_core.segments import delete_segment, find_segment, list_segments, save_segment
from tests.factories import actor_for, make_user

RETAIL = QuerySpec(entity="account", where=Condition(field="industry", value="retail"), columns=["name", "owner"])


@pytest.fixture
def people(store):
    return tuple(actor_for(make_user(store, name)) for name in ("Ada", "Bo"))


def test_a_list_is_its_owners_until_it_is_shared(store, today, people):
    ada, bo = people

    save_segment(store, "Retail", RETAIL, actor=ada, today=today)
    before = list_segments(store, "account", actor=bo)
    shared = save_segment(store, "  Retail ", RETAIL, actor=ada, today=today, is_shared=True)

    assert before == ()
    assert list_segments(store, "account", actor=bo) == (shared,) == list_segments(store, "account", actor=ada)
    assert list_segments(store, "deal", actor=ada) == ()
    assert find_segment(store, shared.id, actor=bo).spec == RETAIL


def test_another_persons_list_looks_as_if_it_were_not_there(store, today, people):
    ada, bo = people
    own = save_segment(store, "Retail", RETAIL, actor=ada, today=today)

    with pytest.raises(NotFound):
        find_segment(store, own.id, actor=bo)
    with pytest.raises(NotFound):
        delete_segment(store, own.id, actor=bo)


def test_only_the_owner_or_an_administrator_deletes_a_shared_list(store, today, people):
    ada, bo = people
    one = save_segment(store, "Retail", RETAIL, actor=ada, today=today, is_shared=True)
    other = save_segment(store, "Shops", RETAIL, actor=ada, today=today, is_shared=True)

    with pytest.raises(Forbidden):
        delete_segment(store, one.id, actor=bo)
    delete_segment(store, one.id, actor=ada)
    delete_segment(store, other.id, actor=ADMIN)

    assert list_segments(store, "account", actor=ada) == ()


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_list_needs_a_name(sqlite_store, today, name):
    with pytest.raises(Invalid, match="name"):
        save_segment(sqlite_store, name, RETAIL, actor=ADMIN, today=today)


def test_a_question_that_does_not_fit_the_store_is_not_kept(sqlite_store, today):
    wrong = QuerySpec(entity="account", where=Condition(field="industri", value="retail"))

    with pytest.raises(Invalid, match="industry"):
        save_segment(sqlite_store, "Wrong", wrong, actor=ADMIN, today=today)
