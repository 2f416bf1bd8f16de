"""How far a role reaches: set by administrators, in force at once, audited, and taken back."""

import pytest

from crm_core.access import ADMIN, Scope
from crm_core.changes import list_changes, undo
from crm_core.errors import Conflict, Forbidden, Invalid
from crm_core.models import UserRole
from crm_core.roles import read_scopes, set_scope
from crm_core.users import actor_for
from tests import factories

REP = UserRole.REP


def let(store, reads, writes, *, role=REP, actor=ADMIN):
    return set_scope(store, role, reads, writes, actor=actor, door="web")


def test_a_role_reaches_so_far_at_once_and_as_before_after_the_undo(store):
    factories.make_user(store, "Ada North")

    made = let(store, Scope.TEAM, Scope.NONE)

    ada = actor_for(store, "Ada North")
    assert (ada.reads, ada.writes) == (Scope.TEAM, Scope.NONE)
    assert list_changes(store, ADMIN)[0].head.summary == "the role rep sees team and changes none"
    undo(store, made, actor=ADMIN, door="web")
    assert read_scopes(store)[REP] == (Scope.ALL, Scope.OWN)


def test_an_undo_does_not_run_over_what_was_set_since(sqlite_store):
    made = let(sqlite_store, Scope.TEAM, Scope.OWN)
    let(sqlite_store, Scope.OWN, Scope.OWN)

    with pytest.raises(Conflict, match="reach of the role rep has been changed"):
        undo(sqlite_store, made, actor=ADMIN, door="web")

    assert read_scopes(sqlite_store)[REP] == (Scope.OWN, Scope.OWN)


def test_setting_what_holds_already_changes_nothing(sqlite_store):
    assert let(sqlite_store, Scope.ALL, Scope.OWN) is None
    assert not list_changes(sqlite_store, ADMIN)


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        (UserRole.ADMIN, Scope.OWN, Scope.OWN),
        (UserRole.AUDITOR, Scope.ALL, Scope.OWN),
        (REP, Scope.NONE, Scope.NONE),
        (REP, Scope.OWN, Scope.ALL),
    ],
)
def test_no_role_reaches_where_it_must_not(sqlite_store, role, reads, writes):
    with pytest.raises(Invalid):
        let(sqlite_store, reads, writes, role=role)


def test_only_an_administrator_lets_roles_reach_further(sqlite_store):
    factories.make_user(sqlite_store, "Ada North")

    with pytest.raises(Forbidden):
        let(sqlite_store, Scope.ALL, Scope.ALL, actor=actor_for(sqlite_store, "Ada North"))

    assert read_scopes(sqlite_store)[REP] == (Scope.ALL, Scope.OWN)
