"""Who may make which change, checked when it is written."""

import pytest

from crm_core.access import Actor, Scope
from crm_core.changes import Change, Op, commit_changes, list_changes, undo
from crm_core.changes.change import CUSTOM_FIELD
from crm_core.errors import Forbidden, NotFound
from crm_core.ids import new_id
from crm_core.models import UserRole
from tests import factories
from tests.crm_core.dumps import dump


def actor(user, *, reads=Scope.ALL, writes=Scope.OWN, role=UserRole.REP, team=()):
    return Actor(user, f"user {user}", role, reads, writes, frozenset({user, *team}))


def edit(store, who, *changes):
    return commit_changes(store, changes, actor=who, kind="edit", summary="x", door="web")


@pytest.fixture
def people(store):
    with store.write() as connection:
        return {name: factories.make_user(connection, name) for name in ("Ana", "Bo")}


def employees(record_id, version=1):
    return Change(Op.UPDATE, "account", record_id, version, {"employees": (None, 5)})


def test_a_rep_changes_what_is_theirs_and_what_is_nobodys(store, people):
    own = factories.make_account(store, "Own", owner=people["Ana"])
    free = factories.make_account(store, "Free")

    edit(store, actor(people["Ana"]), employees(own), employees(free))

    assert {row["employees"] for row in dump(store)["accounts"]} == {5}


def test_a_record_of_somebody_else_is_refused(store, people):
    theirs = factories.make_account(store, "Theirs", owner=people["Bo"])
    before = dump(store)

    with pytest.raises(Forbidden, match="another owner"):
        edit(store, actor(people["Ana"]), employees(theirs))

    assert dump(store) == before


def test_a_record_that_one_may_not_see_does_not_exist(store, people):
    theirs = factories.make_account(store, "Theirs", owner=people["Bo"])

    with pytest.raises(NotFound, match="There is no such account"):
        edit(store, actor(people["Ana"], reads=Scope.OWN), employees(theirs))


def test_a_manager_changes_what_the_team_owns(store, people):
    theirs = factories.make_account(store, "Theirs", owner=people["Bo"])

    edit(store, actor(people["Ana"], writes=Scope.TEAM, team=[people["Bo"]]), employees(theirs))

    assert dump(store)["accounts"][0]["employees"] == 5


def test_a_rep_makes_no_record_for_somebody_else(store, people):
    change = Change(Op.CREATE, "account", new_id(), None, {"name": (None, "X"), "owner": (None, people["Bo"])})

    with pytest.raises(Forbidden, match="for another owner"):
        edit(store, actor(people["Ana"]), change)

    assert dump(store)["accounts"] == []


@pytest.mark.parametrize("entity", ["product", "user", CUSTOM_FIELD])
def test_reference_data_takes_an_administrator(store, people, entity):
    change = Change(Op.CREATE, entity, new_id(), None, {"name": (None, "X")})

    with pytest.raises(Forbidden):
        edit(store, actor(people["Ana"]), change)


def test_an_auditor_changes_nothing(store, people):
    account = factories.make_account(store, "Acme")

    with pytest.raises(Forbidden, match="auditor may not change accounts"):
        edit(store, actor(people["Ana"], role=UserRole.AUDITOR, writes=Scope.NONE), employees(account))


def test_ownership_through_another_record_counts(store, people):
    account = factories.make_account(store, "Acme", owner=people["Bo"])
    contact = factories.make_contact(store, "Cy", account=account)
    title = Change(Op.UPDATE, "contact", contact, 1, {"title": (None, "CEO")})

    edit(store, actor(people["Bo"]), title)

    with pytest.raises(Forbidden):
        edit(store, actor(people["Ana"]), Change(Op.UPDATE, "contact", contact, 2, {"title": ("CEO", "CFO")}))


def test_change_sets_of_others_are_hidden_from_who_reads_only_their_own(store, people):
    account = factories.make_account(store, "Acme")
    made = edit(store, actor(people["Bo"]), employees(account))
    narrow = actor(people["Ana"], reads=Scope.OWN)

    assert list_changes(store, narrow) == ()
    with pytest.raises(NotFound):
        undo(store, made, actor=narrow, door="web")
    assert [s.id for s in list_changes(store, actor(people["Ana"]))] == [made]


def test_undo_needs_the_right_to_change_the_record(store, people):
    account = factories.make_account(store, "Acme", owner=people["Bo"])
    made = edit(store, actor(people["Bo"]), employees(account))

    with pytest.raises(Forbidden):
        undo(store, made, actor=actor(people["Ana"]), door="web")
