"""Everyday English over a company with permits, payments and branches of its own: answers over its files."""

from datetime import date

import pytest

from copilot.offline.plan import Cannot, Clarify, PastTurn, Query, ShowReport
from copilot.offline.planner import Planner
from copilot.reports import Asked, make_report
from crm_core.access import ADMIN
from crm_core.query.run import run_query
from crm_core.query.spec import Condition
from crm_core.setup import create_store
from crm_core.transfer import apply_import, plan_import
from crm_core.users import actor_for

TODAY = date(2026, 11, 18)  # a Wednesday
PEOPLE = (
    "Name,Job,Branch,Reports To,Yearly Target USD\nHanna Vogt,Branch Manager,Delft,,\n"
    "Ivo Maas,Field Engineer,Delft,Hanna Vogt,1000\n"
    "Lea Roos,Field Engineer,Gouda,Hanna Vogt,2000\n"
)
YARDS = (
    "Yard No,Yard,Town,Branch,Account Engineer,Permit Expires,Berths\n"
    "Y1,Noord Marine,Delft,Delft,Ivo Maas,2026-12-10,40\n"
    "Y2,Blauwe Haven,Leiden,Gouda,Lea Roos,2026-10-01,25\nY3,Zuid Dock,Leiden,Delft,Ivo Maas,2027-03-01,12\n"
    "Y4,Oever Boats,Gouda,Gouda,Lea Roos,2026-11-25,60\n"
)
PROJECTS = (
    "Project No,Project,Yard No,Sales Engineer,Branch,Project Type,Stage,Value USD,Entered,Expected PO,Closed,"
    "Lost Reason,Cover Ends\n"
    "P1,Noord pumps,Y1,Ivo Maas,Delft,New,Won,600,2026-02-01,2026-04-01,2026-04-10,,2026-12-20\n"
    "P2,Haven pumps,Y2,Lea Roos,Gouda,New,Lost,300,2026-03-01,2026-09-01,2026-09-10,Price,\n"
    "P3,Dock refit,Y3,Ivo Maas,Delft,Refit,Offer Out,900,2026-10-01,2026-11-05,,,\n"
    "P4,Oever refit,Y4,Lea Roos,Gouda,Refit,Survey,,2026-11-02,2026-12-15,,,\n"
    "P5,Noord refit,Y1,Ivo Maas,Delft,Refit,Lost,200,2026-05-01,2026-10-01,2026-10-12,Price,\n"
    "P6,Haven refit,Y2,Lea Roos,Gouda,Refit,Lost,150,2026-05-02,2026-10-01,2026-10-20,Timing,\n"
    "P7,Dock pumps,Y3,Ivo Maas,Delft,New,Won,250,2026-06-02,2026-10-10,2026-10-22,,2026-11-30\n"
)
SALES = (
    "Order No,Yard No,Sales Engineer,Ordered On,Crates,Net USD,Status,Payment Due,Paid On\n"
    "S1,Y1,Ivo Maas,2026-09-01,4,400,Delivered,2026-10-01,2026-10-02\n"
    "S2,Y1,Ivo Maas,2026-10-05,2,210,Delivered,2026-11-05,\n"
    "S3,Y2,Lea Roos,2026-10-20,3,330,Awaiting delivery,2026-12-01,\n"
    "S4,Y3,Ivo Maas,2026-08-01,1,90,Cancelled,2026-09-01,\n"
    "S5,Y4,Lea Roos,2026-08-15,5,520,Delivered,2026-09-15,\n"
    "S6,Y2,Lea Roos,2026-07-01,1,70,Delivered,2026-08-01,2026-07-30\n"
)
LOG = (
    "Log No,Yard No,Sales Engineer,Date,Visit Type,Outcome,Travel km\n"
    "L1,Y1,Ivo Maas,2026-11-02,Site visit,Wants offer,30\n"
    "L2,Y1,Ivo Maas,2026-11-10,Phone call,Call back later,\nL3,Y2,Lea Roos,2026-10-03,Site visit,No answer,55\n"
    "L4,Y3,Ivo Maas,2026-10-15,Site visit,Call back later,20\nL5,Y1,Ivo Maas,2026-11-12,Online meeting,Wants offer,\n"
    "L6,Y4,Lea Roos,2026-09-15,Phone call,No answer,\nL7,Y4,Lea Roos,2026-09-18,Online meeting,Wants offer,\n"
    "L8,Y2,Lea Roos,2026-08-15,Phone call,No answer,\nL9,Y4,Lea Roos,2026-07-18,Online meeting,No answer,\n"
)
OFFERS = (
    "Offer No,Yard No,Prepared By,Offer Date,Valid Until,Offered Price USD,Offer Status\n"
    "O1,Y1,Ivo Maas,2026-09-02,2026-12-01,100,Sent\n"
    "O2,Y2,Lea Roos,2026-10-02,2026-11-30,200,Accepted\nO3,Y3,Ivo Maas,2026-10-09,2026-11-01,300,Sent\n"
    "O4,Y3,Ivo Maas,2026-11-03,2027-02-01,400,Rejected\n"
)
SOLD = {"people.csv": PEOPLE, "yards.csv": YARDS, "projects.csv": PROJECTS, "orders.csv": SALES, "log.csv": LOG}
OFFERED = {name: text for name, text in SOLD.items() if name != "orders.csv"}
OFFERED["quotes.csv"] = OFFERS.replace("Offer", "Quote")


def imported(folder, files):
    store = create_store(f"sqlite:///{folder}/farley.db")
    for name, text in files.items():
        (folder / name).write_text(text)
    apply_import(store, plan_import(store, [folder / name for name in files], today=TODAY), actor=ADMIN)
    return store


@pytest.fixture(scope="module")
def sold(tmp_path_factory):
    store = imported(tmp_path_factory.mktemp("sold"), SOLD)
    yield store, Planner(store)
    store.close()


@pytest.fixture(scope="module")
def offered(tmp_path_factory):
    store = imported(tmp_path_factory.mktemp("offered"), OFFERED)
    yield store, Planner(store)
    store.close()


def planned(world, text, who="admin"):
    store, planner = world
    return planner.plan(text, actor=actor_for(store, who), today=TODAY)


def answer(world, text, who="admin"):
    plan = planned(world, text, who)
    assert isinstance(plan, Query), plan
    return [row.values for row in run_query(world[0], plan.spec, actor=actor_for(world[0], who), today=TODAY).rows]


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("how much are we owed", 1060),
        ("how much are we owed that's past its due date", 730),
        ("how much does Noord Marine owe us", 210),
        ("how much is outstanding", 1060),
        ("how much overdue money is there", 730),
        ("how many orders are overdue", 2),
        ("how many orders are unpaid", 3),
        ("how many orders haven't been paid yet", 3),
    ],
)
def test_what_is_owed_is_not_paid_and_not_cancelled(sold, text, total):
    assert answer(sold, text) == [(total,)]


def test_whoever_owes_is_a_customer(sold):
    assert {row[0] for row in answer(sold, "which customers haven't paid")} == {
        "Noord Marine",
        "Blauwe Haven",
        "Oever Boats",
    }
    assert {row[0] for row in answer(sold, "which accounts have overdue invoices")} == {"Noord Marine", "Oever Boats"}
    assert answer(sold, "who owes us the most")[0][0] == "Oever Boats"
    assert {row[0] for row in answer(sold, "Is anything unpaid for Blauwe Haven?")} == {"S3"}


def test_overdue_tasks_are_tasks(sold):
    plan = planned(sold, "which tasks are overdue")

    assert not (isinstance(plan, Query) and plan.spec.entity == "order")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("which yards have a permit running out before Christmas", {"Noord Marine", "Oever Boats"}),
        ("whose permit has expired", {"Blauwe Haven"}),
        ("yards with permits about to expire", {"Noord Marine", "Oever Boats"}),
        ("permits that lapse this month", {"Oever Boats"}),
        ("which cover comes up for renewal by the end of the year", {"Noord pumps", "Dock pumps"}),
        ("which projects are past their expected PO date", {"Dock refit"}),
        ("open projects with an expected PO date in the past", {"Dock refit"}),
        ("which of the open projects have no value entered at all", {"Oever refit"}),
        ("what have we got going with Zuid Dock", {"Dock refit"}),
        ("Do we have anything open with Oever Boats?", {"Oever refit"}),
        ("which projects are sat at offer out", {"Dock refit"}),
        ("which customers told us to call back later", {"Noord Marine", "Zuid Dock"}),
        ("which yards haven't ordered since September", {"Oever Boats", "Zuid Dock"}),
    ],
)
def test_records_are_found_by_everyday_words(sold, text, names):
    assert {row[0] for row in answer(sold, text)} == names


def test_two_days_that_end_are_asked_about(sold):
    plan = planned(sold, "what's running out this month")

    assert isinstance(plan, Clarify)
    assert set(plan.options) == {"cover ends", "permit expires"}


@pytest.mark.parametrize(
    ("text", "who", "total"),
    [
        ("how many projects did my branch lose this year", "Hanna Vogt", 1),
        ("how many projects did my branch lose this year", "Lea Roos", 2),
        ("how many customers are in our branch", "Lea Roos", 2),
        ("how many enquiries did we receive in May", "admin", 2),
        ("how many orders are still waiting to be delivered", "admin", 1),
        ("how many orders are awaiting delivery", "admin", 1),
        ("how many customers is Ivo Maas responsible for", "admin", 2),
        ("how many site visits have i done this month", "Ivo Maas", 1),
        ("hw many visits hav i done this mnth", "Ivo Maas", 1),
        ("how many km have I driven this month", "Ivo Maas", 30),
        ("how many crates went to Noord Marine", "admin", 6),
    ],
)
def test_counts_and_sums_in_everyday_words(sold, text, who, total):
    assert answer(sold, text, who) == [(total,)]


def test_a_column_of_deals_and_of_customers_is_asked_about_once(sold):
    plan = planned(sold, "how many projects have we lost in Delft")

    assert isinstance(plan, Clarify)
    assert plan.options == ("branch Delft", "city Delft")


def test_what_is_my_branch_asks_for_it(sold):
    assert isinstance(planned(sold, "what is my branch", "Ivo Maas"), Clarify | Cannot | Query)
    assert "Delft" not in str(planned(sold, "what is my branch", "Ivo Maas"))


def test_the_commonest_reason_and_both_sides_of_more_than(sold):
    assert answer(sold, "which two reasons come up most often among the projects we lost this year") == [
        ("Price", 2),
        ("Timing", 1),
    ]
    assert answer(sold, "did we win more projects than we lost last month") == [(1, 2)]
    assert sorted(answer(sold, "did we win more projects in April or October")) == [("2026-04", 1), ("2026-10", 1)]


def test_the_last_visit_is_a_visit(sold):
    row = answer(sold, "when was anyone last out at Noord Marine")[0]
    same = answer(sold, "when have I visited Noord Marine the last time", "Ivo Maas")[0]

    assert date(2026, 11, 2) in row or "2026-11-02" in row
    assert same == row


def test_a_day_by_weekday_and_number(sold):
    plan = planned(sold, "which tasks are due monday 30th")

    assert isinstance(plan, Query | Cannot)
    assert "2026-11-30" in str(plan) or isinstance(plan, Cannot)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("my quotes that run out before Christmas", {"O1"}),
        ("open quotes", {"O1", "O3"}),
        ("pending quotations of Ivo Maas", {"O1", "O3"}),
        ("list the offers issued since October 5", {"O3", "O4"}),
        ("which proposals have I written in October", {"O3"}),
    ],
)
def test_offers_by_their_other_names(offered, text, numbers):
    assert {row[0] for row in answer(offered, text, "Ivo Maas")} == numbers


def test_offers_are_counted_as_offers_and_not_as_wins(offered):
    assert answer(offered, "how many estimates did Ivo Maas send out in October") == [(1,)]


@pytest.mark.parametrize(
    "text",
    [
        "how far off my target am I", "am i ahead of my target", "how much more do I need to hit my target this year",
        "what's my gap to target", "did I hit my target this year", "my attainment this year",
    ],
)  # fmt: skip
def test_ones_own_target_is_the_report_of_oneself(offered, text):
    plan = planned(offered, text, "Ivo Maas")

    assert isinstance(plan, ShowReport)
    assert plan.name == "attainment"
    assert "Ivo Maas" in str(plan.where)


def test_a_target_without_a_time_is_for_its_own_period_and_told_how_far_off(offered):
    store = offered[0]
    asked = Asked(where=Condition(field="owner", value="Ivo Maas"))
    page = make_report(store.for_agent, "attainment", asked, actor=ADMIN, today=TODAY, lang="en")

    assert "2026-01-01" in page.title
    assert "2026-12-31" in page.title
    assert [row.values[:3] for row in page.table.rows] == [("Ivo Maas", 850, 1000)]
    assert any("150" in line.text and "to go" in line.text for section in page.sections for line in section.lines)


def test_where_orders_are_sold_too_it_asks_what_counts(sold):
    plan = planned(sold, "how far off my target am I this year", "Ivo Maas")

    assert isinstance(plan, Clarify)
    assert [one.text for one in plan.reworded] == ["my attainment this year", "my order revenue this year"]
    assert isinstance(planned(sold, "my attainment this year", "Ivo Maas"), ShowReport)
    assert answer(sold, "my order revenue this year", "Ivo Maas") == [(700,)]


def test_somebody_elses_target(offered):
    assert "Lea Roos" in str(planned(offered, "how far is Lea Roos off her target").where)
    assert planned(offered, "how far off target are we this year").where is None


def test_a_plain_message_is_no_answer_about_targets(offered):
    plan = offered[1].plan("and the targets?", dialogue=[PastTurn("hello")], actor=ADMIN, today=TODAY)

    assert not isinstance(plan, ShowReport)
