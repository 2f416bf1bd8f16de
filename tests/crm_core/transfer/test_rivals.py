"""Several files that look like deals: which of them are, and what the others are taken as."""

import pytest

from crm_core.transfer import ImportMap, plan_import
from crm_core.transfer.mapping import FileMap
from tests.crm_core.dumps import dump
from tests.crm_core.transfer.conftest import TODAY

BIDS = [
    ("B-1", "Harbour roof", "Acme", "Ana", "Won", "900", "2017-01-02"),
    ("B-2", "Mill floor", "Borg", "Bo", "Won", "800", "2017-02-02"),
    ("B-3", "Shed", "Acme", "Ana", "Site visit", "700", "2017-03-02"),
    ("B-4", "Depot", "Corvo", "Bo", "Lost", "600", "2017-04-02"),
    ("B-5", "Barn", "Corvo", "Ana", "Won", "500", "2017-05-02"),
]
EN = (
    "bids.csv", "Opportunity ID,Opportunity,Client,Owner,Stage,Amount,Expected close",
    "agreements.csv", "Contract No,Client,Opportunity ID,Owner,Date signed,Contract value,Paid so far,Delivery due",
)  # fmt: skip
ZH = (
    "商机表.csv", "商机编号,商机名称,客户名称,负责人,商机阶段,预计金额,预计签约日期",
    "合同台账.csv", "合同编号,客户名称,商机编号,负责人,签约日期,合同金额(元),已回款(元),交货日期",
)  # fmt: skip


def files(write, shape):
    bids, bid_headers, contracts, contract_headers = shape
    signed = [
        f"C-{i},{client},{code},{owner},{day},{int(amount) - 5},10,2017-12-0{i}"
        for i, (code, _, client, owner, stage, amount, day) in enumerate(BIDS, 1)
        if stage == "Won"
    ]
    return (
        write(contracts, "\n".join([contract_headers, *signed]) + "\n"),
        write(bids, "\n".join([bid_headers, *map(",".join, BIDS)]) + "\n"),
    )


@pytest.mark.parametrize("shape", [EN, ZH], ids=["en", "zh"])
def test_a_file_that_names_the_deals_of_another_by_their_codes_holds_what_was_bought(store, write, take_in, shape):
    report = take_in(*files(write, shape))

    held = dump(store)
    assert report.error_files == ()
    assert sorted(row["external_id"] for row in held["deals"]) == [code for code, *_ in BIDS]
    assert [row["external_id"] for row in held["orders"]] == ["C-1", "C-2", "C-5"]
    first = held["orders"][0]
    people = {row["id"]: row["name"] for row in held["users"]}
    clients = {row["id"]: row["name"] for row in held["accounts"]}
    assert (people[first["owner_id"]], clients[first["account_id"]]) == ("Ana", "Acme")
    assert (str(first["ordered_on"]), first["amount_minor"]) == ("2017-01-02", 89500)
    assert "B-1" in str(first["custom"])


@pytest.mark.parametrize("shape", [EN, ZH], ids=["en", "zh"])
def test_the_stages_are_those_of_the_file_that_has_them(sqlite_store, write, shape):
    plan = plan_import(sqlite_store, files(write, shape), today=TODAY)

    assert {stage.name for stage in plan.mapping.pipeline.stages} == {"Won", "Lost", "Site visit"}


def test_what_the_company_calls_its_contracts_is_learnt(sqlite_store, write):
    words = plan_import(sqlite_store, files(write, ZH), today=TODAY).words

    assert {("合同", "order"), ("签约日期", "order.ordered_on"), ("合同金额", "order.amount")} <= set(words)


DEALS = (
    "Deal ID,Title,Company,Owner,Stage,Value,Created\n"
    "1,Acme plan,Acme,Ana,Won,5,2017-01-01\n2,Borg plan,Borg,Bo,Trial,6,2017-02-01\n"
)
LEADS = (
    "ID,Title,Company,Owner,Source,Status,Value,Created\n"
    "L1,Corvo asks,Corvo,Ana,Fair,New,9,2017-01-05\nL2,Dita asks,Dita,Bo,Web,Contacted,8,2017-02-05\n"
)


@pytest.mark.parametrize("name", ["leads.csv", "Inbound prospects.csv", "线索.csv"])
def test_a_file_called_leads_beside_deals_holds_leads(store, write, take_in, name):
    take_in(write("deals.csv", DEALS), write(name, LEADS))

    held = dump(store)
    assert [row["external_id"] for row in held["leads"]] == ["L1", "L2"]
    assert [row["external_id"] for row in held["deals"]] == ["1", "2"]


def test_two_years_of_deals_are_both_deals_in_one_pipeline(store, write, take_in):
    header = "Deal ID,Title,Company,Owner,Stage,Value,Created\n"
    old = header + "7,Old plan,Acme,Ana,Lost,5,2016-01-01\n8,Older,Borg,Bo,Won,6,2016-02-01\n"

    report = take_in(write("deals 2016.csv", old), write("deals 2017.csv", DEALS))

    assert (report.error_files, len(dump(store)["deals"])) == ((), 4)


def test_a_person_s_map_stands_against_a_reference(sqlite_store, write):
    mapping = ImportMap(files={"agreements.csv": FileMap(entity="deal")})

    plan = plan_import(sqlite_store, files(write, EN), today=TODAY, mapping=mapping)

    assert {file.name: file.entity for file in plan.files}["agreements.csv"] == "deal"


def test_the_title_of_leads_is_what_they_are_called_where_nothing_else_names_them(sqlite_store, write):
    rows = "".join(f"L{i},Clinic {i} asks,Clinic {i},Web,New\n" for i in range(12))
    named = "".join(f"L{i},Ana{i} Holm,Buyer,Clinic {i},Web,New\n" for i in range(12))

    asked = plan_import(sqlite_store, [write("leads.csv", "ID,Title,Company,Source,Status\n" + rows)], today=TODAY)
    people = plan_import(
        sqlite_store, [write("leads2.csv", "ID,Name,Title,Company,Source,Status\n" + named)], today=TODAY
    )

    assert asked.files[0].map.columns["Title"].target == "name"
    assert people.files[0].map.columns["Title"].target == "title"
