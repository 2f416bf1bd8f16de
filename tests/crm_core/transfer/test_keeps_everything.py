"""Nothing of an export is lost: files of one kind, what was called off, a file's totals, the sums at the end."""

import pytest
from sqlalchemy import select

from crm_core.models import Account, Interaction, Order, Product, Stage, Task
from crm_core.transfer import plan_import
from crm_core.transfer.words_in import value_of
from tests.crm_core.transfer.conftest import TODAY

ACCOUNTS = "Account No,Account Name,City\n" + "".join(f"A{i},Firm {chr(65 + i)} Ltd,Rome\n" for i in range(12))
DEALS = "Quote Ref,Account No,Stage,Value,Raised,Closed\n" + "".join(
    f"Q{i},A{i % 12},{('Won', 'Lost', 'Open', 'Survey')[i % 4]},{100 + i},2017-0{1 + i % 9}-02,"
    f"{'2017-10-02' if i % 4 < 2 else ''}\n"
    for i in range(40)
)
CONTRACTS = "Contract No,Account No,Cover,Annual Fee,Start Date,End Date,Contract Status\n" + "".join(
    f"SC{i},A{i % 12},Gold,{300 + i},2017-0{1 + i % 9}-01,2018-0{1 + i % 9}-01,{('Active', 'Expired')[i % 2]}\n"
    for i in range(20)
)
INSTALLS = "Install No,Account No,Quote Ref,Install Date,Fee,Install Status\n" + "".join(
    f"IN{i},A{i % 12},Q{i},2017-0{1 + i % 9}-11,{50 + i},{('Done', 'Booked')[i % 2]}\n" for i in range(20)
)
VISITS = "Visit ID,Visit Date,Visit Type,Visit Status,Notes\n"


def rows(store, *columns):
    with store.read() as connection:
        return sorted(map(tuple, connection.execute(select(*columns))), key=str)


def test_two_files_of_what_was_bought_are_both_kept_and_told_apart(store, write, take_in):
    files = {"accounts.csv": ACCOUNTS, "deals.csv": DEALS, "service_contracts.csv": CONTRACTS, "installs.csv": INSTALLS}
    paths = [write(name, text) for name, text in files.items()]

    plan = plan_import(store, paths, today=TODAY)
    report = take_in(*paths)

    assert {file.name: file.entity for file in plan.files if file.entity == "order"} == {
        "service_contracts.csv": "order", "installs.csv": "order",
    }  # fmt: skip
    kinds = [custom["type"] for (custom,) in rows(store, Order.custom)]
    assert {kind: kinds.count(kind) for kind in kinds} == {"Service contract": 20, "Install": 20}
    assert ("contract", "order", {"field": "type", "op": "eq", "value": "Service contract"}) in plan.conditions
    assert (report.ledger.rows, report.ledger.taken) == (92, 92)
    assert str(report.ledger) == "All 92 rows: 92 taken, 0 not taken, 0 left out."


def test_years_of_one_kind_of_order_are_no_kinds(store, write):
    paths = [write("accounts.csv", ACCOUNTS)]
    for year in (2016, 2017):
        paths.append(write(f"orders_{year}.csv", f"Order ID,Account No,Order Date,Amount\nO{year},A1,{year}-02-01,5\n"))

    plan = plan_import(store, paths, today=TODAY)

    assert [file.map.fixed for file in plan.files if file.entity == "order"] == [[], []]


def test_what_was_called_off_is_kept_and_has_not_happened(store, write, take_in):
    path = write(
        "visits.csv",
        VISITS + "V1,2017-11-01,Tasting,Done,ok\nV2,2017-11-02,Tasting,Called off,\nV3,2017-11-03,Tasting,No show,\n"
        "V4,2017-11-20,Phone call,Planned,\nV5,2017-11-04,Phone call,Done,fine\n",
    )

    plan = plan_import(store, [path], today=TODAY)
    take_in(path)

    assert rows(store, Interaction.external_id) == [("V1",), ("V5",)]
    assert rows(store, Task.external_id, Task.status) == [("V2", "cancelled"), ("V3", "cancelled"), ("V4", "open")]
    assert "visits.csv: 2 rows whose Visit Status says that they did not take place are taken as cancelled tasks." in (
        plan.notes
    )


def test_a_call_that_nobody_answered_was_made(store, write, take_in):
    take_in(
        write(
            "visits.csv",
            VISITS + "V1,2017-11-01,Call,No answer,\nV2,2017-11-02,Call,Cancelled,\nV3,2017-11-03,Call,Held,\n",
        )
    )

    assert rows(store, Interaction.external_id) == [("V1",), ("V3",)]


def test_the_talks_of_a_file_called_visits_are_meetings(store, write, take_in):
    take_in(
        write("visits.csv", "Visit ID,Visit Date,Account,Notes\nV1,2017-11-01,Acme,fine\nV2,2017-11-02,Acme,well\n")
    )

    assert rows(store, Interaction.kind) == [("meeting",), ("meeting",)]


@pytest.mark.parametrize(
    ("cell", "kind"),
    [("EML", "email"), ("VIS", "meeting"), ("Tel", "call"), ("微信沟通", "chat"), ("电话沟通", "call"), ("AUD", None)],
)
def test_kinds_are_told_by_codes_and_by_words_within_words(cell, kind):
    assert value_of(cell, "interaction.kind") == kind


def test_a_file_s_own_totals_are_no_record(store, write, take_in):
    path = write(
        "deals.csv",
        "Deal No;Customer;Value (EUR);Stage;Opened\nD1;Meyer;1.234,50;Won;13.04.2017\n"
        "D2;Huber;-200,00;Lost;02.02.2017\n"
        "Total;;1.034,50;;\n",
    )

    plan = plan_import(store, [path], today=TODAY)
    report = take_in(path)

    assert report.files["deals.csv"].created == 2
    assert [(out.file, out.rows) for out in report.left_out] == [("deals.csv", 1)]
    assert "deals.csv, row 4: Total is left out: it is the file's own totals." in plan.notes
    assert (report.ledger.rows, report.ledger.taken, report.ledger.left_out) == (3, 2, 1)


def test_a_company_called_total_is_a_record(store, write, take_in):
    take_in(write("accounts.csv", "name,industry,city\nAcme,retail,Rome\nTotal,energy,Paris\n"))

    assert rows(store, Account.name) == [("Acme",), ("Total",)]


def test_a_file_that_is_not_imported_is_in_the_sum(store, write, take_in):
    accounts = write("accounts.csv", ACCOUNTS)
    write("tickets.csv", "Ticket ID,Severity,Resolved,SLA\n1,high,2017-01-01,4\n2,low,2017-01-02,8\n")

    report = take_in(accounts.parent)

    assert [tuple(out) for out in report.left_out] == [("tickets.csv", 2, "is not imported")]
    assert (report.ledger.rows, report.ledger.left_out) == (14, 2)


def test_days_that_may_be_read_both_ways_are_read_like_the_others(store, write):
    sure = write("deals_2016.csv", "Deal ID,Stage,Amount,Close Date\n1,Won,5,25/03/2016\n")
    unsure = write("deals_2017.csv", "Deal ID,Stage,Amount,Close Date\n2,Won,5,03/04/2017\n")

    plan = plan_import(store, [sure, unsure], today=TODAY)

    assert {file.map.columns["Close Date"].dates for file in plan.files} == {"dmy"}
    assert not [note for note in plan.notes if "ambiguous" in note]


def test_a_catalogue_with_makers_is_products(store, write, take_in):
    names = ("Ana Ames", "Bo Lind", "Cy Dow")
    wines = "SKU,Wine,Producer,Case Price\n" + "".join(
        f"W{i},Wine {chr(65 + i)},{names[i % 3]},{i}.5\n" for i in range(12)
    )
    deals = "Deal ID,SKU,Account,Stage,Amount\n" + "".join(f"D{i},W{i % 12},Acme,Won,5\n" for i in range(30))

    take_in(write("products.csv", wines), write("deals.csv", deals))

    assert len(rows(store, Product.name)) == 12
    assert rows(store, Account.name) == [("Acme",)]


def test_a_won_stage_is_told_by_its_age_where_no_name_and_no_day_says_so(store, write, take_in):
    lines = [f"D{i},Acme,dead,5,2016-0{1 + i % 9}-01,price\n" for i in range(9)]
    lines += [f"L{i},Acme,live,5,2016-0{1 + i % 9}-01,\n" for i in range(9)]
    lines += [f"P{i},Acme,pricing sent,5,2017-11-0{1 + i},\n" for i in range(6)]

    take_in(write("deals.csv", "Deal ID,Account,Stage,Amount,Opened,Lost Reason\n" + "".join(lines)))

    kinds = dict(rows(store, Stage.name, Stage.kind))
    assert (kinds["live"], kinds["dead"], kinds["pricing sent"]) == ("won", "lost", "open")


def test_stages_are_told_by_their_chances(store, write, take_in):
    lines = "1,Acme,S5,5,100\n2,Acme,S1,5,20\n3,Acme,S9,5,0\n4,Acme,S2,5,50\n5,Acme,S5,5,100\n"

    take_in(write("deals.csv", "Deal ID,Account,Stage,Amount,Probability\n" + lines))

    kinds = dict(rows(store, Stage.name, Stage.kind))
    assert (kinds["S5"], kinds["S9"], kinds["S1"]) == ("won", "lost", "open")


def test_where_no_stage_is_won_it_is_asked(store, write):
    path = write("deals.csv", "Deal ID,Account,Stage,Amount\n1,Acme,Step A,5\n2,Acme,Step B,6\n")

    plan = plan_import(store, [path], today=TODAY)

    assert any("no value of Stage says that a deal is won" in note for note in plan.notes)
