"""Exports whose columns are associations: parents that are no rows, deals by name and by code, rows that fail late."""

import pytest
from sqlalchemy import select

from crm_core.models import Account, Deal, Interaction, StageKind
from crm_core.transfer import plan_import
from crm_core.transfer.pipeline import stage_kind
from tests.crm_core.transfer.conftest import TODAY

DEALS = (
    "Record ID,Deal Name,Pipeline Stage,Amount,Close Date,Associated Company\n"
    "D1,Oven,Order Signed,100,2017-10-01,Acme\nD2,Oven,Quote Sent,50,2017-12-01,Acme\nD3,Hood,Lost,50,2017-10-01,Borg\n"
)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Order Signed", StageKind.WON), ("Contract Signed", StageKind.WON), ("Closed - Sold", StageKind.WON),
        ("Project cancelled", StageKind.LOST), ("合同已签", StageKind.WON), ("Contract Out", StageKind.OPEN),
        ("NDA signed", StageKind.OPEN), ("Deal", StageKind.OPEN), ("Contract", StageKind.OPEN),
    ],
)  # fmt: skip
def test_a_stage_is_told_by_what_becomes_of_the_deal_in_its_name(name, kind):
    assert stage_kind(name) is kind


def test_parents_none_of_which_is_a_row_are_a_field_of_their_own(store, write, take_in):
    path = write(
        "companies.csv", "ID,Company Name,City,Parent Company\nC1,Acme,Rome,Roof Group\nC2,Borg,Oslo,Roof Group\n"
        "C3,Dome,Oslo,\n",
    )  # fmt: skip

    report = take_in(path)

    assert report.problems == ()
    with store.read() as connection:
        rows = connection.execute(select(Account.name, Account.parent_id, Account.custom)).all()
    assert {row.name: row.custom.get("parent_company") for row in rows} == {
        "Acme": "Roof Group", "Borg": "Roof Group", "Dome": None,
    }  # fmt: skip
    assert {row.parent_id for row in rows} == {None}


def test_a_parent_that_is_missing_among_others_is_made(store, write, take_in):
    path = write(
        "companies.csv",
        "ID,Company Name,City,Parent Company\nC1,Acme,Rome,\nC2,Borg,Oslo,Acme\nC3,Dome,Oslo,Roof\n",
    )

    report = take_in(path)

    assert report.problems == ()
    with store.read() as connection:
        names = dict(connection.execute(select(Account.id, Account.name)).all())
        above = connection.execute(select(Account.name, Account.parent_id).where(Account.parent_id.is_not(None))).all()
    assert {name: names[parent] for name, parent in above} == {"Borg": "Acme", "Dome": "Roof"}


def test_companies_above_one_another_are_taken_without_their_parents(store, write, take_in):
    accounts = write(
        "companies.csv",
        "ID,Company Name,City,Parent Company\nC1,Acme,Rome,Borg\nC2,Borg,Oslo,Acme\nC3,Dome,Oslo,\n",
    )
    deals = write("deals.csv", DEALS.replace("Borg", "Dome"))

    report = take_in(accounts, deals)

    assert report.problems == ()
    assert {left.column for left, _ in report.left_empty} == {"parent"}
    with store.read() as connection:
        assert len(connection.execute(select(Deal.external_id)).scalars().all()) == 3
        assert not connection.execute(select(Account.id).where(Account.parent_id.is_not(None))).scalars().all()


def test_a_code_beside_an_ambiguous_name_tells_which_record(store, write, take_in):
    accounts = write("companies.csv", "Company ID,Company Name,City\nC1,Acme,Rome\nC2,Borg,Oslo\n")
    calls = "Activity ID,Activity Type,Activity Date,Associated Deal,Associated Deal ID,Notes\n"
    calls += "A1,Call,2017-11-01,Oven,D2,hi\nA2,Call,2017-11-02,Oven,D1,ho\nA3,Call,2017-11-03,Hood,D3,\n"
    paths = [accounts, write("deals.csv", DEALS), write("activities.csv", calls)]

    plan = plan_import(store, paths, today=TODAY)
    report = take_in(*paths)

    columns = next(file for file in plan.files if file.entity == "interaction").map.columns
    assert columns["Associated Deal ID"].target == "deal"
    assert report.problems == ()
    with store.read() as connection:
        query = select(Interaction.external_id, Deal.external_id).join(Deal, Deal.id == Interaction.deal_id)
        assert dict(connection.execute(query).all()) == {"A1": "D2", "A2": "D1", "A3": "D3"}
