"""An export of an old CRM as a whole: headers cut short, people by initials, own kinds of activities."""

import pytest
from sqlalchemy import select

from crm_core.models import Contact, Deal, Interaction, Stage, User
from crm_core.transfer import plan_import
from crm_core.transfer.text import full_words
from tests.crm_core.transfer.conftest import TODAY

STAFF = "INIT,FULL_NAME,TITLE,REPORTS_TO\nAA,Ana Ames,Owner,\nBB,Bo Brook,Sales Rep,AA\nCC,Cy Clay,Sales Rep,AA\n"
ACCOUNTS = "ACCT_NO,ACCT_NAME,CITY,REP,STATUS\n" + "".join(
    f"A{100 + i},Company {i},Rome,{'BC'[i % 2] * 2},{'Customer' if i % 3 else 'Prospect'}\n" for i in range(12)
)
PEOPLE = "CONT_ID,ACCT_NO,FIRST,LAST,JOB_TITLE,PHONE\nC1,A100,Dee,Dow,Chef,515-555-9259\nC2,A101,Dee,Dow,Buyer,\n"
LOG = (
    "LOG_NO,ACCT_NO,CONT_ID,REP,LOG_DT,TYPE,NOTES,NEXT_DT\n"
    "L1,A100,C1,BB,11/02/2017,Test Kitchen,Compared ovens,11/09/2017\n"
    "L2,A101,C2,CC,11/03/2017,Visit,Walked the site,\nL3,A101,,CC,11/04/2017,Call,Asked for a price,\n"
)


def quotes():
    stages = ["Spec'd In", "PO In Hand", "Lost", "No Project"]
    rows = []
    for i in range(24):
        stage = stages[i % 4]
        closed = "" if stage == "Spec'd In" else f"10/{i + 1:02}/2017"
        po = f"PO-{i}" if stage == "PO In Hand" else ""
        why = "Price" if stage == "Lost" else ""
        rep = "BC"[i % 2] * 2
        rows.append(f"Q{i},A{100 + i % 12},Job {i},{rep},{stage},{100 * i}.5,{closed},{po},{why}")
    return "QUOTE_NO,ACCT_NO,JOB_NAME,REP,STAGE,NET_AMT,CLOSED,PO_NO,LOST_WHY\n" + "\n".join(rows) + "\n"


@pytest.fixture
def folder(write):
    contracts = "CONTRACT_NO,ACCT_NO,START_DT,ANNUAL_FEE,STATUS\n" + "".join(
        f"SC{i},A{100 + i},01/0{i + 1}/2017,{i}00,{['Active', 'Expired'][i % 2]}\n" for i in range(6)
    )
    files = {"staff": STAFF, "accounts": ACCOUNTS, "contacts": PEOPLE, "call_log": LOG, "quotes": quotes()}
    for name, text in {**files, "service_contracts": contracts}.items():
        path = write(f"{name}.csv", text)
    return path.parent


@pytest.mark.parametrize(
    ("header", "words"),
    [("ACCT_NO", "account number"), ("Exp Close", "expected close"), ("ST", "state"), ("CustSince", "customer since")],
)
def test_headers_cut_short_are_written_out(header, words):
    assert full_words(header) == words


def test_each_file_of_an_old_crm_is_known_and_taken_whole(store, folder, take_in):
    report = take_in(folder)

    plan = {file.name: file.entity for file in plan_import(store, [folder], today=TODAY).files}
    assert plan == {
        "staff.csv": "user", "accounts.csv": "account", "contacts.csv": "contact", "call_log.csv": "interaction",
        "quotes.csv": "deal",
    }  # fmt: skip
    assert report.problems == ()


def test_people_are_named_by_initials(store, folder, take_in):
    take_in(folder)

    with store.read() as connection:
        owned = select(Deal.name, User.name).join(User, User.id == Deal.owner_id)
        owners = dict(connection.execute(owned).all())
        codes = set(connection.execute(select(User.external_id)).scalars())
    assert (owners["Job 0"], owners["Job 1"]) == ("Bo Brook", "Cy Clay")
    assert codes == {"AA", "BB", "CC"}


def test_a_stage_that_ends_deals_beside_a_won_one_is_told_by_what_only_won_deals_have(store, folder, take_in):
    take_in(folder)

    with store.read() as connection:
        kinds = {name: str(kind) for name, kind in connection.execute(select(Stage.name, Stage.kind))}
    assert kinds["PO In Hand"] == "won"
    assert kinds["No Project"] == "lost"
    assert kinds["Spec'd In"] == "open"


def test_kinds_of_activities_keep_the_company_s_words(store, folder, take_in):
    take_in(folder)

    with store.read() as connection:
        rows = connection.execute(
            select(Interaction.body, Interaction.kind, Interaction.custom, Interaction.happened_on)
        ).all()
    found = {row.body: (str(row.kind), row.custom["type"]) for row in rows}
    assert found == {
        "Compared ovens": ("note", "Test Kitchen"), "Walked the site": ("meeting", "Visit"),
        "Asked for a price": ("call", "Call"),
    }  # fmt: skip
    assert {row.happened_on.day for row in rows} == {2, 3, 4}  # and not the day of the next step


def test_a_name_of_two_people_is_the_one_at_the_row_s_company(store, write, take_in):
    accounts = write("accounts.csv", "Account Name,Industry\nAcme,retail\nBorg,media\n")
    people = write("contacts.csv", "Contact ID,Full Name,Account\nC1,Dee Dow,Acme\nC2,Dee Dow,Borg\n")
    calls = write(
        "activities.csv", "Activity ID,Activity Date,Type,Account,Contact,Notes\n"
        "T1,2017-11-01,Call,Borg,Dee Dow,hi\nT2,2017-11-02,Call,,Dee Dow,ho\n",
    )  # fmt: skip

    report = take_in(accounts, people, calls)

    with store.read() as connection:
        query = select(Interaction.external_id, Contact.external_id)
        query = query.outerjoin(Contact, Contact.id == Interaction.contact_id).order_by(Interaction.external_id)
        assert [tuple(row) for row in connection.execute(query)] == [("T1", "C2"), ("T2", None)]
    assert report.problems == ()
    assert [(left.column, left.reason, rows) for left, rows in report.left_empty] == [
        ("Contact", "several contact records are called 'Dee Dow'", 1)
    ]


@pytest.mark.parametrize(("header", "field"), [("拜访时间", "happened_on"), ("下次跟进日期", "下次跟进日期")])
def test_the_next_date_is_not_the_day_of_a_visit(store, write, header, field):
    path = write(
        "拜访记录.csv", "记录编号,拜访时间,下次跟进日期,沟通纪要\nB1,2017-11-01,2017-11-09,好\nB2,2017-11-02,,行\n"
    )

    plan = plan_import(store, [path], today=TODAY)

    assert plan.files[0].map.columns[header].target == field
