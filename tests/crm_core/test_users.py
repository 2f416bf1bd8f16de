import pytest
from sqlalchemy import update

from crm_core.access import ADMIN, Scope
from crm_core.errors import Forbidden, Invalid, NotFound
from crm_core.models import RoleScope, User, UserRole
from crm_core.users import actor_for
from tests import factories


def user(store, name, **given):
    return factories.make_user(store, name, **given)


def test_a_person_is_found_by_name_or_email_in_any_case(sqlite_store):
    ada = user(sqlite_store, "Ada North", email="ada@farley.example")

    assert actor_for(sqlite_store, "ada north ").id == ada
    assert actor_for(sqlite_store, "ADA@farley.example").id == ada


def test_admin_is_nobody_in_the_store_and_may_do_all(sqlite_store):
    assert actor_for(sqlite_store, "Admin") is ADMIN


def test_an_unknown_name_is_told_who_comes_near(sqlite_store):
    user(sqlite_store, "Ada North")

    with pytest.raises(NotFound, match="'ada nort'; did you mean Ada North"):
        actor_for(sqlite_store, "ada nort")


def test_a_name_that_two_people_bear_asks_for_the_address(sqlite_store):
    user(sqlite_store, "Ada North", email="a1@farley.example")
    user(sqlite_store, "ada north", email="a2@farley.example")

    with pytest.raises(Invalid, match=r"a1@farley\.example"):
        actor_for(sqlite_store, "ADA NORTH")


def test_part_of_a_name_is_nobody(sqlite_store):
    user(sqlite_store, "Ada North")

    with pytest.raises(NotFound):
        actor_for(sqlite_store, "Ada")


def test_who_left_cannot_ask(sqlite_store):
    user(sqlite_store, "Ada North", is_active=False)

    with pytest.raises(Forbidden, match="no longer active"):
        actor_for(sqlite_store, "Ada North")


def test_a_managers_team_is_everybody_below(store):
    top = user(store, "Top", role=UserRole.MANAGER)
    middle = user(store, "Middle", manager=top)
    low = user(store, "Low", manager=middle)
    user(store, "Elsewhere")

    assert actor_for(store, "Top").team == {top, middle, low}


def test_managers_in_a_circle_are_one_team(sqlite_store):
    one = user(sqlite_store, "One")
    two = user(sqlite_store, "Two", manager=one)
    with sqlite_store.write() as connection:
        connection.execute(update(User).where(User.id == one).values(manager_id=two))

    assert actor_for(sqlite_store, "One").team == {one, two}


def test_the_scopes_are_those_of_the_role_in_this_store(sqlite_store):
    user(sqlite_store, "Ada North", role=UserRole.REP)
    with sqlite_store.write() as connection:
        connection.execute(update(RoleScope).where(RoleScope.role == "rep").values(reads="own"))

    actor = actor_for(sqlite_store, "Ada North")

    assert (actor.reads, actor.writes) == (Scope.OWN, Scope.OWN)
