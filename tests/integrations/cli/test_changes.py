import pytest

from crm_core.access import ADMIN
from crm_core.changes import Change, Op, commit_changes
from tests import factories


@pytest.fixture
def renamed(company):
    """The id of a change set that renamed an account."""
    account = factories.make_account(company, "Old")
    change = Change(Op.UPDATE, "account", account, 1, {"name": ("Old", "New")})
    return commit_changes(company, [change], actor=ADMIN, kind="edit", summary="rename Old", door="test")


def test_the_latest_changes_are_listed_with_ids_that_undo_takes(farley, renamed):
    ran = farley("changes")

    assert ran.code == 0
    assert renamed[:8] in ran.out
    assert "rename Old" in ran.out


def test_the_list_in_json_is_whole(farley, renamed):
    [change] = farley("changes", "--json").json["changes"]

    assert (change["id"], change["state"], change["summary"]) == (renamed, "applied", "rename Old")


def test_a_store_that_nobody_changed_says_so(farley, company):
    assert "Nothing was changed yet." in farley("changes").out


def test_undo_puts_back_what_the_change_did(farley, renamed):
    ran = farley("undo", renamed[:8])

    assert ran.code == 0
    assert "Put back: 1 account" in ran.out
    assert "undone" in farley("changes").out


def test_undo_in_json_names_the_change_that_it_made(farley, renamed):
    found = farley("undo", renamed, "--json").json

    assert found["undone"] == renamed
    assert found["records"] == {"account": 1}
    assert found["left"] == []


def test_undoing_twice_is_an_error_that_says_why(farley, renamed):
    farley("undo", renamed)

    ran = farley("undo", renamed)

    assert ran.code == 1
    assert "undone already" in ran.err


def test_an_unknown_change_is_an_error(farley, company):
    ran = farley("undo", "ffffffff", "--json")

    assert (ran.code, ran.json["status"]) == (1, "error")
