"""Questions over a company with codes of states, flags, own kinds of visits and no orders: answers over its files."""

from datetime import date

import pytest

from copilot.offline.plan import Clarify, PastTurn, Query
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from crm_core.query.run import run_query
from crm_core.setup import create_store
from crm_core.transfer import apply_import, plan_import
from crm_core.users import actor_for

TODAY = date(2026, 11, 18)
FILES = {
    "staff.csv": ("INIT,FULL_NAME,REPORTS_TO\nDO,Dora Oak,\nTB,Tom Birch,DO\nRP,Rea Pine,DO\nZZ,Zed Zorn,\n"),
    "accounts.csv": (
        "ACCT_NO,ACCT_NAME,SEGMENT,ST,REP,CREDIT_HOLD,TAX_EXEMPT\n"
        "A1,Mercy Hospital - Lima,Hospital,OH,TB,Y,Y\nA2,Mercy Hospital - Gary,Hospital,IN,RP,N,Y\n"
        "A3,Akron City Schools,School District,OH,TB,N,N\nA4,Otto Pizza,Restaurant,MI,ZZ,N,N\n"
    ),
    "quotes.csv": (
        "QUOTE_NO,ACCT_NO,JOB_NAME,REP,STAGE,PROD_LINE,CONSULTANT,NET_AMT,ENTERED,EXP_CLOSE,CLOSED\n"
        "Q1,A1,Lima dock,TB,Won,Walk-In Coolers,Hoffman Design Group,900,2026-08-01,2026-09-30,2026-10-05\n"
        "Q2,A2,Gary line,RP,Won,Ovens,Baker Plan Studio,400,2026-08-02,2026-09-30,2026-10-09\n"
        "Q3,A3,Akron bake shop,TB,Quoted,Ovens,Hoffman Design Group,300,2026-11-02,2026-11-10,\n"
        "Q4,A4,Otto walk-in,ZZ,Won,Walk-In Coolers,,700,2026-01-02,2026-02-20,2026-03-01\n"
        "Q5,A3,Akron ovens,TB,Lost,Ovens,,250,2026-01-05,2026-05-01,2026-06-01\n"
        "Q6,A1,Lima ovens,RP,Quoted,Ovens,,100,2026-11-03,2027-01-15,\n"
    ),
    "call_log.csv": (
        "LOG_NO,ACCT_NO,REP,LOG_DT,TYPE,NOTES\nL1,A1,TB,2026-11-02,Visit,Saw the dock\nL2,A2,RP,2026-11-03,Demo,Oven\n"
        "L3,A2,RP,2026-11-04,Call,Asked for a price\nL4,A3,TB,2026-10-02,Visit,Saw the school\n"
    ),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("old_crm")
    store = create_store(f"sqlite:///{folder}/farley.db")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    apply_import(store, plan_import(store, [folder / name for name in FILES], today=TODAY), actor=ADMIN)
    yield store
    store.close()


@pytest.fixture(scope="module")
def planner(store):
    return Planner(store)


def answer(store, planner, *turns, actor=ADMIN):
    past = []
    for text in turns:
        plan = planner.plan(text, dialogue=past, actor=actor, today=TODAY)
        assert isinstance(plan, Query), plan
        result = run_query(store, plan.spec, actor=actor, today=TODAY)
        past.append(PastTurn(text, spec=plan.spec))
    return [row.values for row in result.rows]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("which accounts are in Ohio", {"Mercy Hospital - Lima", "Akron City Schools"}),
        ("which accounts are in IN", {"Mercy Hospital - Gary"}),
        ("accounts in Indiana or Michigan", {"Mercy Hospital - Gary", "Otto Pizza"}),
        ("accounts on credit hold", {"Mercy Hospital - Lima"}),
        ("tax-exempt accounts in Ohio", {"Mercy Hospital - Lima"}),
        ("accounts not on credit hold in OH", {"Akron City Schools"}),
        ("open quotes past their expected close", {"Akron bake shop"}),
        ("which quotes are past their expected close", {"Akron bake shop"}),
        ("quotes where Hoffman Design is the consultant", {"Lima dock", "Akron bake shop"}),
        ("won walk-ins", {"Lima dock", "Otto walk-in"}),
        ("what did we win last month", {"Lima dock", "Gary line"}),
        ("new quotes this month", {"Akron bake shop", "Lima ovens"}),
        ("who hasn't logged a visit this month", {"Rea Pine", "Zed Zorn"}),
        ("reps with no visits this month", {"Rea Pine", "Zed Zorn"}),
        ("reps who have not logged a call in November", {"Tom Birch", "Zed Zorn"}),
        ("which reps haven't made a call this month", {"Tom Birch", "Zed Zorn"}),
        ("which reps have not called anyone in November", {"Tom Birch", "Zed Zorn"}),
        ("which reps did not make a single visit this month", {"Rea Pine", "Zed Zorn"}),
    ],
)
def test_these_records_are_meant(store, planner, text, names):
    assert {row[0] for row in answer(store, planner, text)} == names


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("won dollars by rep this year", [("Tom Birch", 900), ("Zed Zorn", 700), ("Rea Pine", 400)]),
        ("what was the biggest order we ever took, and who brought it in", [("Lima dock", 900, "Tom Birch")]),
        ("how many visits this month", [(1,)]),
        ("how many new quotes this month", [(2,)]),
    ],
)
def test_these_figures_are_told(store, planner, text, rows):
    assert answer(store, planner, text) == rows


def test_how_much_of_it_the_largest_brought_is_their_share(store, planner):
    (row,) = answer(store, planner, "how much of our bookings this year came from the top 2 customers")
    assert row[-1] == pytest.approx(1600 / 2000)


def test_by_my_reps_is_by_those_of_my_team(store, planner):
    dora = actor_for(store, "Dora Oak")
    for text in ("bookings by my reps this year", "bookings for each of my reps this year", "组里今年每个人签了多少钱"):
        assert answer(store, planner, text, actor=dora) == [("Tom Birch", 900), ("Rea Pine", 400)]


def test_a_word_that_several_companies_are_called_by_is_asked_about_and_not_left_out(planner):
    plan = planner.plan("pull up the mercy acct", dialogue=[], actor=ADMIN, today=TODAY)

    assert isinstance(plan, Clarify)
    assert len(plan.options) == 2
