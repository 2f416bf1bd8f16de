import pytest

from crm_core.access import ADMIN
from crm_core.changes import Change, Op, Origin, commit_changes, propose
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


class TestDeciding:
    @pytest.fixture
    def proposal(self, company):
        """A waiting proposal to rename an account."""
        account = factories.make_account(company, "Old")
        change = Change(Op.UPDATE, "account", account, 1, {"name": ("Old", "New")})
        return propose(company.for_agent, [change], actor=ADMIN, summary="rename Old", origin=Origin("cli"))

    def test_what_waits_is_listed_and_shown_with_old_and_new_values(self, farley, proposal):
        assert proposal.id[:8] in farley("changes", "--waiting").out
        shown = " ".join(farley("changes", proposal.id[:8]).out.split())
        assert "rename Old (proposed)" in shown
        assert "update account Old name Old New" in shown

    def test_approving_shows_it_applies_it_and_says_how_to_take_it_back(self, farley, company, proposal):
        ran = farley("approve", proposal.id[:8], "--yes")

        assert ran.code == 0
        assert "Done: update 1 account." in ran.out
        assert f"farley undo {proposal.id[:8]}" in ran.out
        assert "Nothing waits for approval." in farley("changes", "--waiting").out

    def test_a_no_leaves_it_waiting(self, farley, proposal):
        ran = farley("approve", proposal.id[:8], stdin="n\n")

        assert "still waits" in ran.out
        assert proposal.id[:8] in farley("changes", "--waiting").out

    def test_rejecting_changes_nothing(self, farley, proposal):
        assert "Nothing was changed." in farley("reject", proposal.id[:8], "--reason", "typo").out
        ran = farley("approve", proposal.id[:8], "--yes")
        assert (ran.code, "is rejected" in ran.err) == (1, True)

    def test_many_changes_take_their_number(self, farley, company):
        changes = [
            Change(Op.UPDATE, "account", factories.make_account(company, f"A{n}"), 1, {"employees": (None, n)})
            for n in range(11)
        ]
        many = propose(company.for_agent, changes, actor=ADMIN, summary="many", origin=Origin("cli"))

        assert "still waits" in farley("approve", many.id, stdin="y\n").out
        assert "Done: update 11 account" in farley("approve", many.id, stdin="11\n").out

    def test_a_turn_is_undone_as_a_whole(self, farley, company, proposal):
        assert farley("undo").code == 2
        ran = farley("undo", "--turn", "nosuchturn")
        assert (ran.code, "No change in force" in ran.err) == (1, True)

    def test_the_chat_decides_on_what_waits(self, farley, proposal):
        ran = farley("chat", stdin=f"/approve\n/approve {proposal.id[:8]}\n/undo\n")

        assert "Nothing was proposed yet." in ran.out
        assert "Done: update 1 account." in ran.out
        assert "Put back: 1 account" in ran.out
