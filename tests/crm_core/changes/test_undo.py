"""Taking change sets back."""

import pytest
from sqlalchemy import select

from crm_core.access import ADMIN
from crm_core.changes import Change, Op, State, commit_changes, list_changes, undo, undo_fields
from crm_core.changes.change import CUSTOM_FIELD
from crm_core.errors import Conflict, Invalid, NotFound
from crm_core.ids import new_id
from crm_core.models import Account
from tests import factories
from tests.crm_core.dumps import count, dump, one


def commit(store, *changes, kind="edit"):
    return commit_changes(store, changes, actor=ADMIN, kind=kind, summary="a test", door="cli")


def create(entity, record_id=None, **fields):
    values = {name: (None, value) for name, value in fields.items()}
    return Change(Op.CREATE, entity, record_id or new_id(), None, values)


def update(entity, record_id, base_version=1, **fields):
    return Change(Op.UPDATE, entity, record_id, base_version, fields)


def take_back(store, change_set):
    return undo(store, change_set, actor=ADMIN, door="cli")


def test_undo_puts_back_creates_updates_and_deletes(store):
    changed = factories.make_account(store, "Changed", employees=3)
    deleted = factories.make_account(store, "Deleted")
    before = dump(store)
    made = commit(
        store,
        create("account", name="New"),
        update("account", changed, employees=(3, 4), industry=(None, "retail")),
        Change(Op.DELETE, "account", deleted, 1),
    )

    result = take_back(store, made)

    assert dump(store) == before
    assert (result.records, result.left) == ({"account": 3}, ())
    states = {s.id: s.state for s in list_changes(store, ADMIN)}
    assert states == {made: State.UNDONE, result.change_set_id: State.APPLIED}


def test_undo_takes_the_stage_history_back_too(store):
    deal = factories.make_deal(store, stage="Prospecting")
    stages = [factories.stage_named(store, name) for name in ("Prospecting", "Won")]
    before = dump(store)
    made = commit(store, update("deal", deal, stage=tuple(stages), closed_on=(None, "2017-11-10")))
    moved = count(store)

    take_back(store, made)

    assert moved["stage_changes"] == 1
    assert dump(store) == before


def test_an_undo_can_be_undone(store):
    made = commit(store, create("account", name="New"))
    after = dump(store)
    back = take_back(store, made)

    take_back(store, str(back.change_set_id))

    assert dump(store) == after


def test_what_is_undone_is_not_undone_again(store):
    made = commit(store, create("account", name="New"))
    take_back(store, made)

    with pytest.raises(Conflict, match="is undone already"):
        take_back(store, made)


def test_a_record_that_moved_on_is_named_with_what_changed_and_left(store):
    kept = factories.make_account(store, "Kept", revenue=10, currency="USD")
    other = factories.make_account(store, "Other")
    made = commit(
        store, update("account", kept, revenue=(1000, 2000)), update("account", other, industry=(None, "retail"))
    )
    commit(store, update("account", kept, 2, revenue=(2000, 2550)))

    result = take_back(store, made)

    assert one(store, "account", kept)["revenue_minor"] == 2550
    assert one(store, "account", other)["industry"] is None
    assert [(left.label, left.reason) for left in result.left] == [
        ("Kept", "changed since by admin: annual revenue 20.00 → 25.50")
    ]


def test_a_created_record_that_others_refer_to_stays_with_all_it_needs(store):
    owner, parent, account = new_id(), new_id(), new_id()
    made = commit(
        store,
        create("user", owner, name="Ana"),
        create("account", parent, name="Parent"),
        create("account", account, name="Acme", parent=parent, owner=owner),
        create("account", name="Free"),
    )
    factories.make_contact(store, "Cy", account=account)

    result = take_back(store, made)

    assert {left.label: left.reason for left in result.left} == {
        "Acme": "the contact Cy refers to it",
        "Parent": "the account Acme refers to it",
        "Ana": "the account Acme refers to it",
    }
    assert {row["name"] for row in dump(store)["accounts"]} == {"Acme", "Parent"}


def test_a_deal_that_moved_on_keeps_its_stage_history(store):
    stage = factories.stage_named(store, "Engaging")
    deal = create("deal", name="New", stage=stage)
    made = commit(store, deal)
    commit(store, update("deal", deal.record_id, next_step=(None, "call")))

    result = take_back(store, made)

    assert result.change_set_id is None
    assert count(store)["stage_changes"] == 1
    assert "next step nothing → call" in result.left[0].reason


def test_nothing_is_marked_undone_when_nothing_could_be_put_back(store):
    account = create("account", name="New")
    made = commit(store, account)
    commit(store, update("account", account.record_id, employees=(None, 5)))

    result = take_back(store, made)

    assert result.change_set_id is None
    assert {s.state for s in list_changes(store, ADMIN)} == {State.APPLIED}


def test_a_custom_field_goes_when_nothing_else_uses_it(store):
    made = commit(store, _declare("tier"), create("account", name="Acme", tier="A"), kind="import")

    take_back(store, made)

    assert count(store) == {}
    assert "tier" not in store.schema.entity("account").fields


def test_a_custom_field_that_others_use_stays(store):
    made = commit(store, _declare("tier"), create("account", name="Acme", tier="A"), kind="import")
    commit(store, create("account", name="Later", tier="B"))

    take_back(store, made)

    assert [row["name"] for row in dump(store)["accounts"]] == ["Later"]
    assert "tier" in store.schema.entity("account").fields


def test_undoing_the_undo_brings_the_custom_field_back(store):
    made = commit(store, _declare("tier"), create("account", name="Acme", tier="A"), kind="import")
    after = dump(store)

    take_back(store, str(take_back(store, made).change_set_id))

    assert dump(store) == after


def test_a_deleted_record_stays_deleted_when_its_id_is_taken(store):
    first = create("account", name="Acme", external_id="X1")
    made = commit(store, first, kind="import")
    back = take_back(store, made)
    commit(store, create("account", name="Acme", external_id="X1"), kind="import")

    result = take_back(store, str(commit_restore(store, back)))

    assert [left.reason for left in result.left] == ["another record has its id now"]


def commit_restore(store, back):
    """The undo itself, whose inverse would restore the record."""
    return back.change_set_id


@pytest.mark.parametrize(("prefix", "error"), [("abc", Invalid), ("ffff0000", NotFound), ("%%%%", NotFound)])
def test_a_change_set_is_named_by_enough_of_its_id(store, prefix, error):
    made = commit(store, create("account", name="New"))

    with pytest.raises(error):
        take_back(store, prefix)
    assert take_back(store, made[:8]).undone.id == made


def _declare(key):
    values = {"entity": "account", "key": key, "label": key.title(), "kind": "choice", "words": []}
    return Change(Op.CREATE, CUSTOM_FIELD, new_id(), None, {n: (None, v) for n, v in values.items()})


class TestOneField:
    @pytest.fixture
    def changed(self, store):
        account = factories.make_account(store, "Acme", country="US")
        change = Change(Op.UPDATE, "account", account, 1, {"employees": (None, 50), "country": ("US", "Canada")})
        return account, commit_changes(store, [change], actor=ADMIN, kind="edit", summary="grow", door="cli")

    def now(self, store, account):
        with store.read() as connection:
            return tuple(
                connection.execute(select(Account.employees, Account.country).where(Account.id == account)).one()
            )

    def test_a_field_goes_back_and_the_rest_stays(self, store, changed):
        account, change_set = changed

        result = undo_fields(store, change_set, ["employees"], actor=ADMIN, door="cli")

        assert self.now(store, account) == (None, "Canada")
        assert (result.records, result.left) == ({"account": 1}, ())

    def test_it_goes_back_also_where_the_record_moved_on_in_others(self, store, changed):
        account, change_set = changed
        undo_fields(store, change_set, ["country"], actor=ADMIN, door="cli")

        undo_fields(store, change_set, ["employees"], actor=ADMIN, door="cli")

        assert self.now(store, account) == (None, "US")

    def test_a_field_that_changed_since_is_left_and_named(self, store, changed):
        account, change_set = changed
        later = Change(Op.UPDATE, "account", account, 2, {"employees": (50, 60)})
        commit_changes(store, [later], actor=ADMIN, kind="edit", summary="more", door="cli")

        result = undo_fields(store, change_set, ["employees"], actor=ADMIN, door="cli")

        assert self.now(store, account) == (60, "Canada")
        assert [left.reason for left in result.left] == ["employees has changed since"]

    def test_a_field_that_was_not_changed_names_those_that_were(self, store, changed):
        with pytest.raises(Invalid, match="it changed country, employees"):
            undo_fields(store, changed[1], ["city"], actor=ADMIN, door="cli")
