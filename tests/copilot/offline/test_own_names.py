"""A company's own columns by their common names, days gone by, and lists of who is not: answers over imported files."""

from datetime import date

import pytest

from copilot.offline.plan import Clarify, PastTurn, Propose, Query
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from crm_core.query.run import run_query
from crm_core.setup import create_store
from crm_core.transfer import apply_import, plan_import

TODAY = date(2026, 3, 18)
FILES = {
    "companies.csv": (
        "Company,NPS,Renewal Date,Parent Company\n"
        "Vantry,-12,2026-04-06,\nKorvel,40,2026-02-02,Vantry\nOlmo,7,2026-07-20,Vantry\nPerrin,,,\n"
    ),
    "contacts.csv": "First Name,Last Name,Job Title,Email,Company\nCara,Wolf,CFO,cara@olmo.example,Olmo\n",
    "deals.csv": (
        "Deal Name,Company,Owner,Stage,Amount,Create Date,Close Date,Main Competitor,Contract Type,Lost Reason\n"
        "D1,Vantry,Ida Moor,Closed Won,900,2025-09-01,2026-01-10,Liftex,Annual,\n"
        "D2,Vantry,Ida Moor,Closed Lost,500,2025-09-03,2026-01-20,Liftex,One-off,Price\n"
        "D3,Korvel,Bo Lind,Closed Won,300,2025-10-01,2026-02-11,Schacht Lifts,Annual,\n"
        "D4,Korvel,Bo Lind,Closed Lost,100,2025-10-05,2026-02-12,Liftex,Annual,\n"
        "D5,Olmo,Bo Lind,Discovery,70,2026-01-05,2026-03-01,Schacht Lifts,One-off,\n"
        "D6,Olmo,Ida Moor,Discovery,,2026-01-15,2026-04-01,,One-off,\n"
        "D7,Olmo,Ida Moor,Closed Won,200,2025-11-01,2026-02-15,,One-off,\n"
    ),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own_names")
    store = create_store(f"sqlite:///{folder}/farley.db")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    apply_import(store, plan_import(store, [folder / name for name in FILES], today=TODAY), actor=ADMIN)
    yield store
    store.close()


@pytest.fixture(scope="module")
def planner(store):
    return Planner(store)


def answers(store, planner, *turns):
    """The rows that the last of these turns is answered with."""
    past = []
    for text in turns:
        plan = planner.plan(text, dialogue=past, actor=ADMIN, today=TODAY)
        assert isinstance(plan, Query), plan
        result = run_query(store, plan.spec, actor=ADMIN, today=TODAY)
        past.append(PastTurn(text, spec=plan.spec))
    return [row.values for row in result.rows]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("which companies are up for renewal next month", ["Vantry"]),
        ("今年二季度要续约的客户有哪些", ["Vantry"]),
        ("accounts whose renewal date has passed", ["Korvel"]),
        ("which accounts have a negative NPS", ["Vantry"]),
        ("净推荐值为负的客户有哪些", ["Vantry"]),
        ("list the companies Vantry owns", ["Korvel", "Olmo"]),
        ("accounts that have both won and lost a deal", ["Korvel", "Vantry"]),
        ("accounts with no contact on file", ["Korvel", "Perrin", "Vantry"]),
        ("open deals past their close date", ["D5"]),
        ("open deals with no amount filled in", ["D6"]),
        ("which reps haven't won a single deal yet this month", ["Bo Lind", "Ida Moor"]),
    ],
)
def test_these_records_are_meant(store, planner, text, names):
    rows = answers(store, planner, text)

    assert sorted(str(row[0]) for row in rows) == names


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("how many deals did we lose where Liftex was the competitor", 2),
        ("竞争对手是Liftex的丢单有几个", 2),
        ("how many deals have Schacht as competitor", 2),
        ("合同类型是Annual的赢单金额", 1_200),
        ("number of open deals without an amount", 1),
        ("丢单原因没填的有几单", 1),
        ("how many deals did we create in January this year", 2),
        ("win rate this year (by close date)", 0.6),
    ],
)
def test_this_figure_is_meant(store, planner, text, number):
    (row,) = answers(store, planner, text)

    assert row[-1] == pytest.approx(number)


@pytest.mark.parametrize(
    ("turns", "rows"),
    [
        (("jan vs feb bookings this year",), {900, 500}),
        (("deals won by rep this year", "and the lost ones"), {1}),
        (("how many deals did each rep win this year", "换成金额看看"), {1_100, 300}),
        (("what did Ida book this year", "how many deals is that?"), {2}),
    ],
)
def test_these_figures_are_told(store, planner, turns, rows):
    assert {row[-1] for row in answers(store, planner, *turns)} == rows


def test_an_address_is_asked_for_and_no_mail_logged(store, planner):
    for text in ("email for Cara Wolf pls", "need Cara Wolf's email", "email of the CFO at Olmo"):
        assert answers(store, planner, text)[0][1] == "cara@olmo.example"


def test_a_list_comes_in_the_order_asked_for_and_keeps_those_without_a_value(store, planner):
    rows = answers(store, planner, "deals of Olmo sorted by amount")

    assert [row[0] for row in rows] == ["D7", "D5", "D6"]


@pytest.mark.parametrize(
    "text", ["deals that have been lost get assigned to Bo Lind", "assign the deals that were lost to Bo Lind"]
)
def test_deals_that_have_ended_are_told_by_their_end_and_not_ended_once_more(store, planner, text):
    lost = answers(store, planner, "how many deals did we lose")[0][-1]

    plan = planner.plan(text, dialogue=(), actor=ADMIN, today=TODAY)

    assert isinstance(plan, Propose)
    (step,) = plan.steps
    assert step.set == {"owner": "Bo Lind"}
    assert len(step.records) == lost


@pytest.mark.parametrize("then", ["and the open ones", "and the open ones in Q4 2025"])
def test_open_deals_are_not_told_by_the_day_that_others_closed(planner, then):
    past = []
    for text in ("deals won by rep this year", then):
        plan = planner.plan(text, dialogue=past, actor=ADMIN, today=TODAY)
        past.append(PastTurn(text, spec=getattr(plan, "spec", None)))

    assert isinstance(plan, Clarify)
