"""What reps type in a hurry, and what is never read in part: other lengths, denied ends, conditions, days to come."""

from typing import Any

import pytest

from copilot.offline.plan import Clarify, Propose, Query
from crm_core.changes.steps import Computed
from tests.copilot.offline.conftest import Desk
from tests.copilot.offline.writing.wishing import changes, talk

FIRST = "Mark Caleb's Vantry Atlas Plus as won at 8,000"


@pytest.mark.parametrize(
    ("text", "codes", "given"),
    [
        ("D1218 5k -> 6k", ["D1218"], {"amount": 6000}),
        ("D1218: stage Proposal, amount 5k, close Sept 1", ["D1218"],
         {"stage": "Proposal", "amount": 5000, "closes_on": "2025-09-01"}),
        ("the 7886 deal at Vantry is lost", ["D1218"], {"stage": "Lost"}),
        ("Ferncliff Atlas Max pass now to Mira Castellan please", ["D1078"], {"owner": "Mira Castellan"}),
    ],
)  # fmt: skip
def test_a_report_without_a_verb_is_a_wish(sales: Desk, text: str, codes: list[str], given: dict[str, Any]) -> None:
    assert changes(sales, sales.plan(text)) == [("update", "deal", tuple(codes), given)]


@pytest.mark.parametrize(
    ("texts", "given"),
    [
        ((FIRST, "sorry, I meant lost"), {"stage": "Lost"}),
        ((FIRST, "not won, just push the close date by a month"), {"closes_on": Computed(months=1)}),
        (("Push the expected close of the Vantry Atlas Plus out two weeks", "no, make it three weeks"),
         {"closes_on": Computed(days=21)}),
    ],
)  # fmt: skip
def test_what_is_taken_back_leaves_nothing_behind(sales: Desk, texts: tuple[str, ...], given: dict[str, Any]) -> None:
    assert changes(sales, talk(sales, *texts)) == [("update", "deal", ("D1218",), given)]


def test_two_deals_exchange_their_owners(sales: Desk) -> None:
    found = changes(sales, sales.plan("swap the owners of D1204 and D1305"))

    assert [(codes, given["owner"]) for _, _, codes, given in found] == [
        (("D1204",), "Tessa Obafemi"),
        (("D1305",), "Caleb Durand"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Vantry deal lost",
        "if Vantry signs, move D1218 to won",
        "D1218 won tomorrow",
        "log 3 calls with Vantry",
        "Vantry won!! 16.5",
    ],
)
def test_what_is_not_clear_or_not_yet_so_is_asked(sales: Desk, text: str) -> None:
    assert isinstance(sales.plan(text), Clarify)


def test_a_wish_that_came_to_nothing_is_not_read_into_the_next_question(sales: Desk) -> None:
    assert isinstance(talk(sales, "hand all of D1218", "how many deals are open?"), Query)


@pytest.mark.parametrize(
    "text",
    ["we will probably lose D1218", "I think we are losing D1218", "change the amount and the stage of D1218"],
)
def test_what_is_only_supposed_changes_nothing(sales: Desk, text: str) -> None:
    assert not isinstance(sales.plan(text), Propose)


def test_a_customer_of_whom_nothing_is_found_is_never_passed_over(sales: Desk) -> None:
    plan = sales.plan("move the Vantry and the Zanzibar Ferncliff Atlas Max to Proposal")

    assert not isinstance(plan, Propose)
