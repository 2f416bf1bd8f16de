"""The contact that a file of deals names: linked to the deal."""

import pytest

from crm_core.access import ADMIN
from crm_core.changes import undo
from crm_core.transfer import plan_import
from tests.crm_core.dumps import dump
from tests.crm_core.transfer.conftest import TODAY

EN = (
    "people.csv", "Contact ID,Name,Company,Job title\n",
    "deals.csv", "Deal ID,Deal Name,Company,Key contact,Stage,Amount\n",
)  # fmt: skip
ZH = (
    "联系人.csv", "联系人编号,姓名,公司,职务\n",
    "商机.csv", "商机编号,商机名称,公司,主要联系人,阶段,金额\n",
)  # fmt: skip
PEOPLE = "P1,Eva Novak,Acme,Buyer\nP2,Tom Reed,Borg,Buyer\nP3,Tom Reed,Acme,Chef\nP4,Ida Lund,Borg,Owner\n"
DEALS = (
    "D1,Oven,Acme,Eva Novak,Won,5\nD2,Hood,Borg,Tom Reed,Won,6\nD3,Sink,Acme,,Won,7\nD4,Tap,Borg,Nobody Known,Lost,8\n"
)


def files(write, shape):
    people, people_headers, deals, deal_headers = shape
    return write(people, people_headers + PEOPLE), write(deals, deal_headers + DEALS)


def linked(store):
    held = dump(store)
    deals = {row["id"]: row["external_id"] for row in held["deals"]}
    people = {row["id"]: row["external_id"] for row in held["contacts"]}
    return sorted((deals[row["deal_id"]], people[row["contact_id"]]) for row in held["deal_contacts"])


@pytest.mark.parametrize("shape", [EN, ZH], ids=["en", "zh"])
def test_a_contact_that_a_deal_names_is_linked_to_it(store, write, take_in, shape):
    report = take_in(*files(write, shape))

    assert linked(store) == [("D1", "P1"), ("D2", "P2")]
    assert [row["external_id"] for row in dump(store)["deals"]] == ["D1", "D2", "D3", "D4"]
    assert [(name.partition(" (")[2], row) for name, row, _ in report.problems] == [("contacts).csv", 5)]


def test_the_same_files_again_change_nothing_and_undo_takes_all_back(store, write, take_in):
    before = dump(store)
    paths = files(write, EN)
    report = take_in(*paths)

    assert take_in(*paths).changed == 0
    undo(store, report.change_set_id, actor=ADMIN, door="cli")
    assert dump(store) == before


def test_the_saved_map_links_them_again(sqlite_store, write):
    paths = files(write, EN)
    plan = plan_import(sqlite_store, paths, today=TODAY)

    again = plan_import(sqlite_store, paths, today=TODAY, mapping=plan.mapping)

    assert [(f.name, f.entity, f.map) for f in again.files] == [(f.name, f.entity, f.map) for f in plan.files]


def test_a_map_that_reads_the_deals_whole_links_none(sqlite_store, write):
    paths = files(write, EN)
    mapping = plan_import(sqlite_store, paths, today=TODAY).mapping
    del mapping.files["deals (contacts).csv"]

    plan = plan_import(sqlite_store, paths, today=TODAY, mapping=mapping)

    assert sorted(file.name for file in plan.files) == ["deals.csv", "people.csv"]
