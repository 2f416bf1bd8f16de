"""Imports as a whole, on both databases: all or nothing, the same again changes nothing, undo, updates."""

import pytest

from crm_core.access import ADMIN, Actor, Scope
from crm_core.changes import list_changes, read_changes, undo
from crm_core.errors import Conflict, Forbidden
from crm_core.models import UserRole
from crm_core.transfer import apply_import, plan_import
from tests import factories
from tests.crm_core.dumps import count, dump
from tests.crm_core.transfer.conftest import TODAY

HEADER = "Deal ID,Account,Stage,Amount,Created Date,Owner,Segment\n"


@pytest.mark.parametrize("point", ["crm_core.transfer.run.difference", "crm_core.changes.commit.append_set"])
def test_a_crash_in_the_middle_leaves_nothing(store, write, take_in, tmp_path, monkeypatch, point):
    rows = "".join(
        f"D{i},Acme,Won,lots,2017-01-02,Ana,SMB\n" if i == 7 else f"D{i},Acme,Won,5,2017-01-02,Ana,SMB\n"
        for i in range(3000)
    )
    path = write("deals.csv", HEADER + rows)
    before = dump(store)
    monkeypatch.setattr(point, _fails_late(point))

    with pytest.raises(RuntimeError, match="power cut"):
        take_in(path)
    monkeypatch.undo()

    assert dump(store) == before
    assert list((tmp_path / "errors").iterdir()) == []
    assert take_in(path).files["deals.csv"].created == 2999


def _fails_late(point):
    from crm_core.transfer import match

    calls = 0

    def fails(*given):
        nonlocal calls
        calls += 1
        if calls > 2500 or "commit" in point:
            raise RuntimeError("power cut")
        return match.difference(*given)

    return fails


FILES = {
    "deals.csv": HEADER + "D1,Acme,Won,100,2017-01-02,Ana,SMB\nD2,Borg,Demo,50.5,2017-02-02,Bo,Mid\n",
    "contacts.csv": "Name,Email,Company,Shoe size\nAda,ada@acme.example,Acme,38\nBo,,Borg,40\n",
    "accounts.csv": "Account,Industry,Parent\nAcme,retail,Borg\nBorg,media,\n",
    "notes.csv": "Date,Subject,Notes,Deal ID,Account\n"
    "2017-01-01,Intro,They said yes,D1,Acme\n2017-01-01,,no subject,D2,\n",
    "tasks.csv": "Subject,Due Date,Status,Deal\n"
    "Call Ada,2017-12-01,Not Started,D1\nCall Ada,2017-12-01,Not Started,D1\n",
}


@pytest.fixture
def folder(write):
    paths = [write(name, content) for name, content in FILES.items()]
    return paths[0].parent


def test_files_may_come_in_any_order_and_the_same_again_changes_nothing(store, folder, take_in):
    report = take_in(folder)
    before = dump(store)
    again = take_in(folder)

    assert {name: (c.created, c.errors) for name, c in report.files.items()} == dict.fromkeys(FILES, (2, 0))
    assert report.made == {"custom_field": 2, "pipeline": 1, "stage": 3, "user": 2}
    assert (again.changed, again.change_set_id) == (0, None)
    assert dump(store) == before


def test_undo_takes_the_import_back_and_it_comes_in_again(store, folder, take_in):
    factories.make_account(store, "Borg", industry="software")
    before = dump(store)
    report = take_in(folder)
    updated = report.files["accounts.csv"].updated

    result = undo(store, report.change_set_id, actor=ADMIN, door="cli")

    assert (updated, result.left) == (1, ())
    assert dump(store) == before
    assert take_in(folder).changed == report.changed
    with pytest.raises(Conflict, match="undone already"):
        undo(store, report.change_set_id, actor=ADMIN, door="cli")


def test_a_changed_cell_is_an_update_with_old_and_new(store, write, folder, take_in):
    take_in(folder)
    write("deals.csv", FILES["deals.csv"].replace("Demo,50.5", "Won,60").replace("SMB", ""))

    report = take_in(folder)

    assert {name: c.updated for name, c in report.files.items() if c.updated} == {"deals.csv": 1}
    with store.read() as connection:
        changes = [c for seq, c in read_changes(connection, report.change_set_id) if seq >= 0]
        effects = [c for seq, c in read_changes(connection, report.change_set_id) if seq < 0]
    assert [set(c.set) for c in changes] == [{"stage", "amount"}]
    assert changes[0].set["amount"] == (5050, 6000)
    assert [c.entity for c in effects] == ["stage_change"]


def test_a_blank_cell_leaves_what_is_known(store, write, take_in):
    take_in(write("accounts.csv", "name,industry\nAcme,retail\n"))

    report = take_in(write("accounts.csv", "name,industry\nAcme,\n"))

    assert report.changed == 0
    assert dump(store)["accounts"][0]["industry"] == "retail"


def test_a_record_without_an_id_takes_the_id_of_the_row_with_its_name(store, write, take_in):
    factories.make_account(store, "Acme")

    take_in(write("accounts.csv", "Account ID,name,industry\nA1,ACME,retail\n"))

    assert [(row["name"], row["external_id"]) for row in dump(store)["accounts"]] == [("ACME", "A1")]


def test_rows_without_any_key_are_known_by_their_values(store, write, take_in):
    rows = "Account,Stage,Amount\nAcme,Won,5\nAcme,Won,5\nAcme,Won,6\n"

    first = take_in(write("deals.csv", rows))
    again = take_in(write("deals.csv", rows + "Acme,Won,7\n"))

    assert (first.files["deals.csv"].created, again.files["deals.csv"].created) == (3, 1)
    assert count(store)["deals"] == 4


def test_a_row_may_bring_its_own_currency(store, write, take_in):
    take_in(write("deals.csv", "Deal ID,Stage,Amount,Currency\n1,Won,100,EUR\n2,Won,100,jpy\n3,Won,100,\n"))

    assert [(row["amount_minor"], row["currency"]) for row in dump(store)["deals"]] == [
        (10000, "EUR"), (100, "JPY"), (10000, "USD"),
    ]  # fmt: skip


def test_a_close_date_is_expected_for_an_open_deal_and_real_for_a_closed_one(store, write, take_in):
    take_in(write("deals.csv", "Deal ID,Stage,Amount,Close Date\n1,Won,1,2017-01-02\n2,Demo,1,2018-01-02\n"))

    assert [(str(row["closes_on"]), str(row["closed_on"])) for row in dump(store)["deals"]] == [
        ("None", "2017-01-02"), ("2018-01-02", "None"),
    ]  # fmt: skip


def test_stages_are_those_of_the_store_where_they_fit(store, write, take_in):
    factories.make_pipeline(store)

    report = take_in(write("deals.csv", "Deal ID,Stage,Amount\n1,won,1\n2,Engaging,1\n3,Nonsense,1\n"))

    assert report.made == {}
    assert (report.files["deals.csv"].created, report.files["deals.csv"].errors) == (2, 1)


def test_deals_without_a_stage_stand_in_the_first_open_one(store, write, take_in):
    factories.make_pipeline(store)

    take_in(write("deals.csv", "Deal ID,Amount,Created Date,Expected close date\n1,5,2017-01-02,2018-01-02\n"))

    assert [row["stage_id"] for row in dump(store)["deals"]] == [factories.stage_named(store, "Prospecting")]


def test_an_import_is_one_change_set_that_names_its_files(store, folder, take_in):
    report = take_in(folder)

    (made,) = list_changes(store, ADMIN)
    assert (made.id, made.head.kind) == (report.change_set_id, "import")
    assert {file["name"] for file in made.head.origin["files"]} == set(FILES)
    assert all(len(file["sha256"]) == 64 for file in made.head.origin["files"])


def test_a_rep_takes_in_accounts_and_no_price_list(store, write, tmp_path):
    rep = Actor(factories.make_user(store, "Ana"), "Ana", UserRole.REP, Scope.ALL, Scope.OWN)
    accounts = plan_import(store, [write("accounts.csv", "name,industry\nAcme,retail\n")], today=TODAY)
    products = plan_import(store, [write("products.csv", "product,price\nGTX,5\n")], today=TODAY)

    apply_import(store, accounts, actor=rep)
    with pytest.raises(Forbidden, match="rep may not change products"):
        apply_import(store, products, actor=rep)

    assert set(count(store)) == {"users", "accounts"}


def test_progress_is_told(store, write, folder):
    told: list[tuple[int, int]] = []
    looked: list[tuple[int, int]] = []
    plan = plan_import(store, [folder], today=TODAY, progress=lambda *step: looked.append(step))

    apply_import(store, plan, actor=ADMIN, progress=lambda *step: told.append(step))

    assert told[-1] == (10, 10)
    assert looked[-1][0] == looked[-1][1]
