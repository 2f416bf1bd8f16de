"""Each kind of bad input ends in a clear answer or in an error row; nothing is half-written."""

import csv
import sqlite3

import pytest
from sqlalchemy import text

from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.errors import Invalid, Unavailable
from crm_core.transfer import apply_import, plan_import, preview_import
from tests.crm_core.dumps import count, dump
from tests.crm_core.transfer.conftest import TODAY

HEADER = "Deal ID,Account,Stage,Amount,Created Date,Owner\n"
GOOD = "D1,Acme,Won,100,2017-01-02,Ana\n"


@pytest.fixture
def store(sqlite_store):
    """What a file holds has nothing to do with the database."""
    return sqlite_store


def errors_of(tmp_path, stem="deals"):
    with (tmp_path / "errors" / f"{stem}.errors.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("D2,Acme,Won,100,31/02/2024,Ana", "Created Date", "there is no day '31/02/2024'"),
        ("D2,Acme,Won,lots,2017-01-02,Ana", "Amount", "'lots' is no number"),
        ("D2,Acme,Won,99999999999999999999,2017-01-02,Ana", "Amount", "the amount is too large"),
        ("D2,Acme,,100,2017-01-02,Ana", "stage", "has no stage"),
        ("D2,Acme,Won,100,2017-01-02", "", "it has 5 cells, the header has 6"),
        ("D1,Acme,Won,100,2017-01-02,Ana", "", "the same deal as row 2"),
    ],
)
def test_a_bad_row_goes_to_the_error_file_and_the_others_come_in(store, write, take_in, tmp_path, row, column, reason):
    write("accounts.csv", "Account,Industry\nAcme,retail\n")
    path = write("deals.csv", HEADER + GOOD + row + "\nD3,Acme,Lost,5,2017-01-03,Ana\n")

    report = take_in(path.parent)

    counts = report.files["deals.csv"]
    assert (counts.rows, counts.created, counts.errors) == (3, 2, 1)
    told = errors_of(tmp_path)
    assert [(e["farley_row"], e["farley_column"], e["farley_reason"]) for e in told] == [("3", column, reason)]
    assert told[0]["Deal ID"] == row.split(",")[0]
    assert count(store)["deals"] == 2


def test_what_stands_for_nothing_is_blank_and_told(store, write, take_in):
    path = write("deals.csv", HEADER + "D1,Acme,Won,n/a,2017-01-02,Ana\nD2,Acme,Won,-,2017-01-02,Ana\n")

    plan = plan_import(store, [path], today=TODAY)
    report = take_in(path)

    assert "deals.csv: 2 cells of Amount such as 'n/a', '-' are taken as blank." in plan.notes
    assert report.files["deals.csv"].created == 2
    assert {row["amount_minor"] for row in dump(store)["deals"]} == {None}


def test_rows_of_an_error_file_come_in_once_they_are_put_right(store, write, take_in, tmp_path):
    path = write("deals.csv", HEADER + GOOD + "D2,Acme,Won,lots,2017-01-02,=Ana\nD3,Acme,Won,-5,2017-01-02,=Ana\n")
    take_in(path)
    mended = (tmp_path / "errors" / "deals.errors.csv").read_text(encoding="utf-8").replace(",lots,2", ",200,2")

    report = take_in(write("deals mended.csv", mended))

    assert report.files["deals mended.csv"].created == 1
    assert sorted(row["external_id"] for row in dump(store)["deals"]) == ["D1", "D2", "D3"]


def test_the_cells_of_an_error_file_run_no_formula(store, write, take_in, tmp_path):
    evil = '=HYPERLINK("http://x")'
    quoted = evil.replace('"', '""')
    take_in(
        write("deals.csv", HEADER + GOOD + f'D2,"{quoted}",Won,lots,2017-01-02,Ana\nD3,@x,Won,-5x,2017-01-02,Ana\n')
    )

    told = errors_of(tmp_path)
    assert [row["Account"] for row in told] == ["'" + evil, "'@x"]
    assert told[1]["farley_value"] == "'-5x"


def test_parents_in_a_circle_are_told(store, write, take_in):
    path = write("accounts.csv", "name,parent,industry\nA,B,x\nB,C,x\nC,A,x\nD,D,x\nE,A,x\nF,,x\n")

    report = take_in(path)

    assert report.files["accounts.csv"].created == 6
    assert {left.reason for left, _ in report.left_empty} == {
        f"{name!r} is above itself: the parent goes round in a circle" for name in "ABCD"
    }
    rows = dump(store)["accounts"]
    names = {row["id"]: row["name"] for row in rows}
    assert {row["name"]: names[row["parent_id"]] for row in rows if row["parent_id"]} == {"E": "A"}


def test_a_circle_through_the_store_is_told(store, write, take_in):
    take_in(write("accounts.csv", "name,parent,industry\nA,,x\nB,A,x\n"))

    report = take_in(write("accounts.csv", "name,parent,industry\nA,B,x\n"))

    assert [left.reason for left, _ in report.left_empty] == ["'B' is above itself: the parent goes round in a circle"]
    assert {row["name"]: row["parent_id"] for row in dump(store)["accounts"]}["A"] is None


def test_sql_in_a_name_is_a_name(store, write, take_in):
    name = "Robert'); DROP TABLE deals;--"

    take_in(write("accounts.csv", f'name,industry,"x"" OR 1=1;--"\n"{name}",retail,5\n'))

    assert [row["name"] for row in dump(store)["accounts"]] == [name]


def test_500_columns_come_in(store, write, take_in):
    columns = [f"Metric {i}" for i in range(499)]
    path = write("accounts.csv", ",".join(["name", *columns]) + "\n" + ",".join(["Acme", *["7"] * 499]) + "\n")

    report = take_in(path)
    again = take_in(path)

    assert (report.made["custom_field"], report.files["accounts.csv"].created) == (499, 1)
    assert again.changed == 0
    assert dump(store)["accounts"][0]["custom"]["metric_498"] == 7


def test_a_cell_of_a_megabyte_comes_in(store, write, take_in):
    body = "word " * 200_000

    take_in(write("accounts.csv", f'name,Description\nAcme,"{body}"\n'))

    assert dump(store)["accounts"][0]["description"] == body.strip()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("name,industry\n", "header and no rows"),
        ("a,b\n\0,1\n", "NUL bytes"),
        ("\n\n", "no header row"),
    ],
)
def test_a_file_without_records_is_refused_in_words(store, write, content, message):
    with pytest.raises(Invalid, match=message):
        plan_import(store, [write("accounts.csv", content)], today=TODAY)


def test_a_value_that_the_kind_does_not_hold_is_told(store, write, take_in, tmp_path):
    path = write(
        "contacts.csv",
        "Name,Email,Company,Do not contact\nAda,ada@acme.example,Acme,yes\n"
        "Bo,bo at borg,Acme,no\nCy,cy@b.example,Acme,maybe\n",
    )

    take_in(path)

    assert [row["farley_reason"] for row in errors_of(tmp_path, "contacts")] == [
        "is no email address", "'maybe' is neither yes nor no",
    ]  # fmt: skip


def test_a_preview_tells_the_same_and_writes_nothing(store, write, take_in, tmp_path):
    path = write("deals.csv", HEADER + GOOD + "D2,Acme,Won,lots,2017-01-02,Ana\n")
    before = dump(store)

    preview = preview_import(store, plan_import(store, [path], today=TODAY), errors_to=tmp_path / "preview")
    unchanged = dump(store)
    report = take_in(path)

    assert unchanged == before
    assert (preview.files, preview.made, preview.is_dry_run) == (report.files, report.made, True)
    assert preview.error_files[0].read_text() == report.error_files[0].read_text()


def test_a_locked_store_is_told(sqlite_store, write, monkeypatch):
    monkeypatch.setattr("crm_core.sqlite.BUSY_TIMEOUT_S", 0.1)
    store = Store(str(sqlite_store.url))
    plan = plan_import(store, [write("accounts.csv", "name,industry\nAcme,retail\n")], today=TODAY)
    other = sqlite3.connect(sqlite_store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(Unavailable, match="is busy"):
        apply_import(store, plan, actor=ADMIN)
    other.close()
    store.close()

    assert count(sqlite_store) == {}


def test_a_store_that_cannot_be_written_is_told(sqlite_store, write):
    plan = plan_import(sqlite_store, [write("accounts.csv", "name,industry\nAcme,retail\n")], today=TODAY)
    with sqlite_store.write() as connection:
        connection.execute(text("PRAGMA query_only=ON"))

    with pytest.raises(Unavailable, match="read-only"):
        apply_import(sqlite_store, plan, actor=ADMIN)


def test_a_store_of_a_newer_version_is_told(sqlite_store):
    with sqlite_store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(Unavailable, match="newer Farley"):
        Store(str(sqlite_store.url))
