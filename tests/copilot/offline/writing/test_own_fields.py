"""A boatyard whose export has own columns: talks with minutes and outcomes, tasks among the activities, free words."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from copilot.offline.plan import Clarify, PastTurn, Plan, Propose, Query
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from crm_core.changes.steps import Computed
from crm_core.db import Store
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from crm_core.setup import create_store
from crm_core.transfer import apply_import, plan_import

TODAY = date(2026, 3, 18)  # a Wednesday
DEALS = """\
Deal ID,Deal Name,Customer Name,Deal Owner,Stage,Amount,Created On,Expected Close,Closed On,Lost Reason,Next Step,Hull Type,Survey Fee,Diver Needed
D1,Sable Cove keel refit,Sable Cove Sailing,Ida Bloom,Quoted,40000,2026-01-05,2026-05-10,,,Send drawings,Steel,200,No
D2,Pike & Moor mast,Pike & Moor,Tom Rusk,Quoted,9000,2026-01-09,2026-05-20,,,Call back,Wood,200,Yes
D3,Larkfield rudder,Larkfield Ferries,Ida Bloom,Inquiry,15000,2026-02-01,2026-06-01,,,Survey,Steel,200,No
D4,Larkfield winch,Larkfield Ferries,Ida Bloom,Lost,7,2025-09-01,2025-11-01,2025-11-03,Price,Sit,Steel,200,No
D5,Sable Cove galley,Sable Cove Sailing,Ida Bloom,Lost,60,2025-08-01,2025-10-01,2025-10-02,Went quiet,Sit,Wood,200,Yes
D6,Pike & Moor deck,Pike & Moor,Tom Rusk,Signed,8000,2025-07-01,2025-09-01,2025-09-02,,Ship,Wood,200,No
"""  # noqa: E501
FILES = {
    "reps.csv": "Rep Name,Email\nIda Bloom,ida@yard.example\nTom Rusk,tom@yard.example\n",
    "customers.csv": "Customer Name,City,Account Owner,Credit Hold,Terms\n"
    "Sable Cove Sailing,Hull,Ida Bloom,Yes,Net 30\n"
    "Pike & Moor,Goole,Tom Rusk,No,Net 15\nLarkfield Ferries,Hull,Ida Bloom,No,Net 30\n",
    "contacts.csv": "Full Name,Customer Name,Job Title\nNed Marsh,Sable Cove Sailing,Skipper\n"
    "Una Holt,Pike & Moor,Buyer\nWill Dane,Larkfield Ferries,Bosun\n",
    "deals.csv": DEALS,
    "activities.csv": "Activity ID,Activity Type,Subject,Customer Name,Contact,Assigned To,Activity Date,Due Date,"
    "Status,Duration (min),Outcome,Samples Left,Place\n"
    "A1,Call,Rates,Sable Cove Sailing,Ned Marsh,Ida Bloom,2026-02-02,,Done,10,Positive,,\n"
    "A2,Call,Rates,Pike & Moor,Una Holt,Tom Rusk,2026-02-03,,Done,20,No answer,,\n"
    "A3,Meeting,Walk,Larkfield Ferries,Will Dane,Ida Bloom,2026-02-04,,Done,60,Negative,2,Dockside\n"
    "A4,Meeting,Walk,Pike & Moor,Una Holt,Tom Rusk,2026-02-05,,Done,45,Neutral,1,Dockside\n"
    "A8,Call,Rates,Larkfield Ferries,Will Dane,Ida Bloom,2026-02-06,,Done,10,Positive,,\n"
    "A9,Call,Rates,Pike & Moor,Una Holt,Tom Rusk,2026-02-07,,Done,20,No answer,,Dockside\n"
    "B1,Call,Rates,Sable Cove Sailing,Ned Marsh,Ida Bloom,2026-02-08,,Done,10,Negative,,\n"
    "B2,Call,Rates,Pike & Moor,Una Holt,Tom Rusk,2026-02-09,,Done,20,Neutral,,\n"
    "A5,Task,Send paint charts to Ned,Sable Cove Sailing,Ned Marsh,Ida Bloom,2026-03-01,2026-03-20,Open,,,,\n"
    "A6,Task,Order teak samples,Pike & Moor,Una Holt,Tom Rusk,2026-03-02,2026-03-25,Open,,,,\n"
    "A7,Task,Book the slipway,Larkfield Ferries,Will Dane,Ida Bloom,2026-03-02,2026-03-26,Open,,,,\n",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("yard")
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    made = create_store(f"sqlite:///{folder}/farley.db")
    apply_import(made, plan_import(made, [folder], today=TODAY), actor=ADMIN)
    yield made
    made.close()


@pytest.fixture(scope="module")
def planner(store: Store) -> Planner:
    return Planner(store)


def ask(planner: Planner, *texts: str) -> Plan:
    past: list[PastTurn] = []
    for text in texts:
        plan = planner.plan(text, dialogue=past, actor=ADMIN, today=TODAY)
        past.append(PastTurn(text, options=getattr(plan, "options", ())))
    return plan


def values(plan: Plan) -> dict[str, Any]:
    assert isinstance(plan, Propose), plan
    (step,) = plan.steps
    return dict(step.set)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (
            "Next step for the Larkfield rudder: call Will and send a revised quote",
            "call Will and send a revised quote",
        ),
        ("set the next step of the Larkfield rudder to get a PO", "get a PO"),
        ("Larkfield rudder next step: how many berths do they need", "how many berths do they need"),
        ("The Larkfield rudder's next step is to order paint", "order paint"),
        ('put "Await the bank" as next step on the Larkfield rudder', "Await the bank"),
        ("Larkfield rudder 的下一步改成等审批", "等审批"),
    ],
)
def test_free_words_are_a_value(planner: Planner, text: str, value: str) -> None:
    assert values(ask(planner, text)) == {"next_step": value}


def test_free_words_of_several_records(planner: Planner) -> None:
    plan = ask(planner, 'set the next step to "Check moorings" on every open deal of Ida Bloom')

    assert isinstance(plan, Propose)
    assert (len(plan.steps[0].records), plan.steps[0].set) == (2, {"next_step": "Check moorings"})


def test_a_next_step_that_a_talk_tells_of_stands_in_its_text_and_is_set(planner: Planner) -> None:
    plan = ask(planner, "Log a call with Will Dane: next step is a survey of the rudder")

    assert isinstance(plan, Propose)
    talk, deal = plan.steps
    assert (talk.set["kind"], talk.set["body"]) == ("call", "Next step is a survey of the rudder")
    assert "survey of the rudder" in str(deal.set["next_step"])


@pytest.mark.parametrize("text", ["what is the next step for the Larkfield rudder?", "Next step for Larkfield rudder?"])
def test_who_asks_for_free_words_changes_none(planner: Planner, text: str) -> None:
    assert isinstance(ask(planner, text), Query)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Called Ned Marsh at Sable Cove Sailing, 15 min. He wants it in blue, good call",
         {"kind": "call", "duration": 15, "outcome_custom": "Positive"}),
        ("Log a call with Una Holt yesterday, nobody picked up", {"kind": "call", "outcome_custom": "No answer"}),
        ("met Will Dane on Friday at the dockside for an hour and a half, left three samples, he was not happy",
         {"kind": "meeting", "outcome_custom": "Negative", "samples_left": 3, "place": "Dockside"}),
        ("给 Pike & Moor 记一次电话，聊了半小时，没人接",
         {"kind": "call", "duration": 30, "outcome_custom": "No answer"}),
    ],
)  # fmt: skip
def test_a_talk_fills_the_company_s_own_fields(planner: Planner, text: str, told: dict[str, Any]) -> None:
    found = values(ask(planner, text))

    assert {name: found.get(name) for name in told} == told


@pytest.mark.parametrize(
    ("text", "deal"),
    [
        ("Called Ned Marsh yesterday about the keel, all fine", "Sable Cove keel refit"),
        ("met Una Holt on Friday, the mast can wait", "Pike & Moor mast"),
        ("Note on Larkfield Ferries: they are moving the steel hull to Hull", "Larkfield rudder"),
    ],
)
def test_a_talk_is_tied_to_the_deal_that_it_speaks_of(store: Store, planner: Planner, text: str, deal: str) -> None:
    found = values(ask(planner, text))["deal"]

    rows = run_query(store, QuerySpec(entity="deal", columns=["name"]), actor=ADMIN, today=TODAY).rows
    assert [row.values[0] for row in rows if row.record_id == found] == [deal]


def test_a_length_that_is_not_of_the_talk_fills_nothing(planner: Planner) -> None:
    found = values(ask(planner, "Called Ned Marsh, he can see us in 20 minutes and was 2 hours late"))

    assert "duration" not in found


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("lost the Pike & Moor mast, they found someone cheaper", "Price"),
        ("Pike & Moor mast is lost. They stopped replying", "Went quiet"),
        ("Pike & Moor mast 丢了，嫌我们贵", "Price"),
        ("lost the Pike & Moor mast, their uncle builds boats", None),
    ],
)
def test_why_it_was_lost_is_told_in_any_words(planner: Planner, text: str, reason: str | None) -> None:
    assert values(ask(planner, text)).get("lost_reason") == reason


def test_forward_is_earlier_when_it_is_brought_and_asked_about_when_it_is_moved(planner: Planner) -> None:
    brought = ask(planner, "bring the expected close of the Pike & Moor mast forward by a month")
    moved = "move the expected close of the Pike & Moor mast forward by a month"

    assert values(brought) == {"closes_on": Computed(months=-1)}
    assert isinstance(ask(planner, moved), Clarify)
    assert values(ask(planner, moved, "later")) == {"closes_on": Computed(months=1)}


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("the paint chart task is done", {"status": "done"}),
        ("Ned's paint charts went out, tick that task off", {"status": "done"}),
        ("teak samples for Pike & Moor - push to 2 April", {"due_on": "2026-04-02"}),
    ],
)
def test_a_task_is_told_by_what_it_is_about(planner: Planner, text: str, given: dict[str, Any]) -> None:
    assert values(ask(planner, text)) == given


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("Sable Cove Sailing is off credit hold", {"credit_hold": False}),
        ("put Pike & Moor on credit hold please", {"credit_hold": True}),
        ("Pike & Moor's terms go to Net 30", {"terms": "Net 30"}),
        ("raise the survey fee on the Larkfield rudder by 50", {"survey_fee": Computed(plus=50)}),
        ("Larkfield rudder: survey fee to a flat 300", {"survey_fee": 300}),
        ("Larkfield rudder: they need a diver", {"diver_needed": True}),
    ],
)
def test_own_columns_are_set_in_the_words_of_the_trade(planner: Planner, text: str, given: dict[str, Any]) -> None:
    assert values(ask(planner, text)) == given


@pytest.mark.parametrize("text", ["is Pike & Moor on credit hold?", "customers that are on credit hold"])
def test_a_question_about_a_yes_or_no_changes_nothing(planner: Planner, text: str) -> None:
    assert isinstance(ask(planner, text), Query)


def test_a_question_about_who_is_off_it_is_about_them(planner: Planner) -> None:
    plan = ask(planner, "how many customers are off credit hold?")

    assert isinstance(plan, Query)
    assert "'credit_hold', 'value': False" in str(plan.spec.model_dump(exclude_defaults=True))


def test_an_old_value_says_which_records_are_meant(planner: Planner) -> None:
    plan = ask(planner, "all open deals are steel instead of wood")

    assert isinstance(plan, Propose)
    assert (len(plan.steps[0].records), plan.steps[0].set) == (1, {"hull_type": "Steel"})


def test_what_tells_which_records_are_meant_is_not_set(planner: Planner) -> None:
    plan = ask(planner, "mark the deals that need a diver as lost")

    assert not isinstance(plan, Propose) or "diver_needed" not in plan.steps[0].set


def test_a_day_behind_another_day_is_when_a_task_is_due(planner: Planner) -> None:
    found = values(ask(planner, "remind me the Monday after April 2 to call Una Holt"))

    assert found["due_on"] == "2026-04-06"


def test_what_a_talk_orders_without_a_value_is_asked_about(planner: Planner) -> None:
    plan = ask(planner, "刚跟 Una Holt 聊了半小时，她觉得贵，你帮我把 Pike & Moor mast 的金额改低一些吧")

    assert isinstance(plan, Clarify)


def test_a_customer_is_named_before_the_noun(planner: Planner) -> None:
    found = values(ask(planner, "Add Gannet Harbour Board as a customer, net 15"))

    assert found == {"name": "Gannet Harbour Board", "terms": "Net 15"}
