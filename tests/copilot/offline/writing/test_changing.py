"""Changes to records that exist: which of them, and what about them."""

from typing import Any

import pytest

from copilot.offline.plan import Cannot, Clarify, Propose, Query, Say
from crm_core.changes.steps import Among, Computed
from tests.copilot.offline.conftest import Desk
from tests.copilot.offline.writing.wishing import changes, talk

WON, LOST = {"stage": "Won"}, {"stage": "Lost"}


@pytest.mark.parametrize(
    ("text", "codes", "given"),
    [
        ("Mark D1204 as won", ["D1204"], WON),
        ("the Ferncliff Atlas Max was signed yesterday at 11,200", ["D1078"],
         {**WON, "amount": 11200, "closed_on": "2025-06-17"}),
        ("Renata's Ostrava Glass deal fell through", ["D1263"], LOST),
        ("Wexcombe signed! Mark Caleb's Nimbus Grand deal there as won, $18,000, closed today.", ["D1073"],
         {**WON, "amount": 18000, "closed_on": "2025-06-18"}),
        ("move the Vantry Atlas Plus to Proposal", ["D1218"], {"stage": "Proposal"}),
        ("Move D1135 from Prospecting to Negotiation, it kicked off on June 2", ["D1135"],
         {"stage": "Negotiation", "started_on": "2025-06-02"}),
        ("Could you please close D1394 as lost?", ["D1394"], LOST),
        ("把 Ferncliff 的 Atlas Max 改成赢单，金额 11200", ["D1078"], {**WON, "amount": 11200}),
        ("Bexley Motors 那单黄了", ["D1284"], LOST),
        ("Every Prospecting deal Yuki has: lost, closed 12 June.", ["D1135", "D1377"],
         {**LOST, "closed_on": "2025-06-12"}),
        ("Yuki's two Prospecting deals are lost", ["D1135", "D1377"], LOST),
        ("Rule: a Prospecting Atlas Plus of Caleb's gets closed as lost today", ["D1176", "D1204", "D1394"],
         {**LOST, "closed_on": "2025-06-18"}),
    ],
)  # fmt: skip
def test_deals_move_to_a_stage(sales: Desk, text: str, codes: list[str], given: dict[str, Any]) -> None:
    plan = sales.plan(text)

    assert changes(sales, plan) == [("update", "deal", tuple(codes), given)]


@pytest.mark.parametrize(
    ("text", "codes", "value"),
    [
        ("put 5.2k on D1218", ["D1218"], 5200),
        ("D1218 should be 7,868 not 7,886", ["D1218"], 7868),
        ("Change the Vantry Atlas Plus to 8.1 k", ["D1218"], 8100),
        ("D1218 金额改为 8100", ["D1218"], 8100),
        ("Drop the price on D1218 by 10 percent, the customer got a late rebate.", ["D1218"], Computed(times=0.9)),
        ("I'm giving Vantry ten percent off list on the Atlas Plus, put that amount on the deal", ["D1218"],
         Computed(of="product.list_price", times=0.9)),
        ("D1218 给客户打八五折，金额按折后改", ["D1218"], Computed(times=0.85)),
        ("raise D1218 by 500", ["D1218"], Computed(plus=500)),
    ],
)  # fmt: skip
def test_amounts_are_set(sales: Desk, text: str, codes: list[str], value: Any) -> None:
    assert changes(sales, sales.plan(text)) == [("update", "deal", tuple(codes), {"amount": value})]


@pytest.mark.parametrize(
    ("text", "codes", "given"),
    [
        ("Set the expected close date of D1218 to September 1", ["D1218"], {"closes_on": "2025-09-01"}),
        ("D1218 should close January 19, put that date on it", ["D1218"], {"closes_on": "2026-01-19"}),
        ("Push the expected close of the Vantry Atlas Plus out two weeks", ["D1218"], {"closes_on": Computed(days=14)}),
        ("the start date on D1218 is a week too early. Shift it forward seven days.", ["D1218"],
         {"started_on": Computed(days=7)}),
        ("Change the close date on D1010 to February 12 2024", ["D1010"], {"closed_on": "2024-02-12"}),
        ("D1218 slips by a month", ["D1218"], {"closes_on": Computed(months=1)}),
    ],
)  # fmt: skip
def test_dates_are_set_and_moved(sales: Desk, text: str, codes: list[str], given: dict[str, Any]) -> None:
    assert changes(sales, sales.plan(text)) == [("update", "deal", tuple(codes), given)]


@pytest.mark.parametrize(
    ("text", "codes", "owner"),
    [
        ("Tessa's Nordhavn deal should be with Priya", ["D1305"], "Priya Ramanath"),
        ("Jonas is overloaded. His open Nimbus Grand deals go to Priya.", ["D1144", "D1267", "D1354"],
         "Priya Ramanath"),
        ("Priya takes over whatever is still open at Wexcombe, whoever has it now", ["D1072", "D1073", "D1394"],
         "Priya Ramanath"),
        ("everything Tessa has open in software accounts, shift to Mira plz", ["D1255"], "Mira Castellan"),
        ("If a deal is in Negotiation and Yuki or Jonas owns it, hand it to Mira.",
         ["D1009", "D1081", "D1097", "D1337", "D1354"], "Mira Castellan"),
        ("All Prospecting deals of Caleb go to Mira except the one at Wexcombe", ["D1028", "D1176", "D1204"],
         "Mira Castellan"),
        ("把 Tessa 手上所有没关的单子都交给 Mira", ["D1255", "D1305", "D1360"], "Mira Castellan"),
        ("Split Tessa's three open deals evenly between Mira and Jonas, I don't care which goes where.",
         ["D1255", "D1305", "D1360"], Among(among=["Mira Castellan", "Jonas Whitlock"])),
    ],
)  # fmt: skip
def test_deals_change_hands(sales: Desk, text: str, codes: list[str], owner: Any) -> None:
    assert changes(sales, sales.plan(text)) == [("update", "deal", tuple(codes), {"owner": owner})]


@pytest.mark.parametrize(
    ("text", "name", "given"),
    [
        ("Corvane now has 6,600 employees", "Corvane", {"employees": 6600}),
        ("Ferncliff has grown, they're at 7000 employees now. Update the account.", "Ferncliff", {"employees": 7000}),
        ("change Ferncliff's industry to finance and headcount to 7,100", "Ferncliff",
         {"industry": "finance", "employees": 7100}),
        ("Tidewell is independent now, it no longer has a parent company", "Tidewell", {"parent": None}),
        ("Make Ferncliff a subsidiary of Corvane", "Ferncliff", {"parent": "Corvane"}),
        ("Rename Ferncliff to Ferncliff Group", "Ferncliff", {"name": "Ferncliff Group"}),
        ("Ferncliff 总部搬到加拿大了，员工也改成 160 人", "Ferncliff", {"country": "Canada", "employees": 160}),
    ],
)  # fmt: skip
def test_any_field_of_an_account_is_set(sales: Desk, text: str, name: str, given: dict[str, Any]) -> None:
    assert changes(sales, sales.plan(text)) == [("update", "account", (name,), given)]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Delete D1218, it was entered by mistake.", ["D1218"]),
        ("pls remove D1218 n D1204, both entered twice", ["D1204", "D1218"]),
        ("Yuki's Prospecting deals were test data. Delete them.", ["D1135", "D1377"]),
        ("删掉 D1218", ["D1218"]),
    ],
)
def test_deals_are_deleted(sales: Desk, text: str, codes: list[str]) -> None:
    assert changes(sales, sales.plan(text)) == [("delete", "deal", tuple(codes), {})]


def test_what_was_lost_comes_back(sales: Desk) -> None:
    plan = sales.plan("We called it too early: the Atlas Max that Oskar lost in May is alive again. Back to Proposal.")

    assert changes(sales, plan) == [("update", "deal", ("D1244",), {"stage": "Proposal"})]


def test_each_part_of_a_list_is_a_change_of_its_own(sales: Desk) -> None:
    plan = sales.plan(
        "Caleb's open deals: Bexley Atlas Core to Mira, Drumlin Nimbus Grand to Priya, and the Quorum one is lost."
    )

    assert changes(sales, plan) == [
        ("update", "deal", ("D1284",), {"owner": "Mira Castellan"}),
        ("update", "deal", ("D1373",), {"owner": "Priya Ramanath"}),
        ("update", "deal", ("D1028",), LOST),
    ]


def test_a_day_at_the_end_holds_for_all(sales: Desk) -> None:
    plan = sales.plan("ferncliff atlas max won at 11k, zephyrine atlas max lost, both today")

    assert changes(sales, plan) == [
        ("update", "deal", ("D1078",), {**WON, "amount": 11000, "closed_on": "2025-06-18"}),
        ("update", "deal", ("D1391",), {**LOST, "closed_on": "2025-06-18"}),
    ]


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("Mark Caleb's Ironhollow deal as lost", "D1176"),
        ("Mark D1218 won and lost", "won"),
        ("Set D1218 to 4,500 and 4,700", "4500"),
        ("Close all open deals of Tessa", "Won"),
        ("Give every open deal of Tessa's to Mira and every open deal of Tessa's to Jonas.", "Mira Castellan"),
        ("Yuki's five Prospecting deals are lost", "D1135"),
        ("Hand the Vantry deals to Kestrel", ""),
    ],
)
def test_what_is_not_clear_is_asked(sales: Desk, text: str, option: str) -> None:
    plan = sales.plan(text)

    assert isinstance(plan, Clarify), plan
    assert any(option in each for each in plan.options) or not option


@pytest.mark.parametrize("text", ["Set the colour of D1218 to blue", "mark the Frobnitz deal as won"])
def test_what_no_word_of_the_data_explains_proposes_nothing(sales: Desk, text: str) -> None:
    assert isinstance(sales.plan(text), Cannot | Clarify)


def test_a_change_of_nothing_says_so(sales: Desk) -> None:
    assert isinstance(sales.plan("Mark all of Mira's open deals as lost"), Say)


@pytest.mark.parametrize(
    "text",
    [
        "which deals did we close in May",
        "deals won by Mira in 2024",
        "lost deals over 4k",
        "how many deals were marked lost in 2024",
        "what deals did Jonas hand to Priya",
        "show me what changed last week",
        "move on to Q3",
        "give me Caleb's open deals",
        "did Jonas win the Corvane Atlas Plus?",
        "哪些单子转给了 Mira",
        "2024年赢了哪些单",
    ],
)
def test_a_question_proposes_nothing(sales: Desk, text: str) -> None:
    assert not isinstance(sales.plan(text), Propose)


@pytest.mark.parametrize("text", ["deals won by Mira in 2024", "lost deals over 4k", "give me Caleb's open deals"])
def test_a_question_stays_a_question(sales: Desk, text: str) -> None:
    assert isinstance(sales.plan(text), Query)


@pytest.mark.parametrize("text", ["give it to Mira", "mark them lost", "set it to 4k"])
def test_an_order_about_nothing_is_never_answered(sales: Desk, text: str) -> None:
    assert isinstance(sales.plan(text), Clarify | Cannot)


def test_whom_an_answer_is_to_leave_out_is_not_deleted(sales: Desk) -> None:
    assert not isinstance(talk(sales, "top 3 reps by bookings in 2024", "remove Tessa"), Propose)


@pytest.mark.parametrize("text", ["what is the phone of the buyer at Ferncliff?", "Ferncliff 的采购负责人电话是多少？"])
def test_a_question_about_a_phone_logs_no_call(sales: Desk, text: str) -> None:
    assert not isinstance(sales.plan(text), Propose)
