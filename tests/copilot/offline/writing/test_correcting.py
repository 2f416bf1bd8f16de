"""The next words about a proposal: other values, other records, more of them, or none."""

from typing import Any

import pytest

from copilot.offline.plan import Propose, Query, Say, Withdraw
from tests.copilot.offline.conftest import Desk
from tests.copilot.offline.writing.wishing import changes, talk

FIRST = "Mark Caleb's Vantry Atlas Plus as won at 8,000"


@pytest.mark.parametrize(
    ("texts", "codes", "given"),
    [
        ((FIRST, "make it 7.5k"), ["D1218"], {"stage": "Won", "amount": 7500}),
        ((FIRST, "sorry, too many zeros. make that 800"), ["D1218"], {"stage": "Won", "amount": 800}),
        ((FIRST, "also give it to Mira"), ["D1218"], {"stage": "Won", "amount": 8000, "owner": "Mira Castellan"}),
        (("Tessa's Nordhavn deal goes to Priya", "I meant Jonas"), ["D1305"], {"owner": "Jonas Whitlock"}),
        (("Tessa's Nordhavn deal goes to Priya", "and her Palisade one too"), ["D1305", "D1360"],
         {"owner": "Priya Ramanath"}),
        (("D1218 was signed on Friday", "not Friday, Thursday"), ["D1218"],
         {"stage": "Won", "closed_on": "2025-06-12"}),
        (("D1218 should close September 1, put that date on it", "push it out two weeks"), ["D1218"],
         {"closes_on": "2025-09-15"}),
        (("Move Caleb's Prospecting Ironhollow Atlas Plus to Proposal", "no, D1204"), ["D1204"], {"stage": "Proposal"}),
        (("把 D1218 金额改为 5000", "改成 5200 吧"), ["D1218"], {"amount": 5200}),
        (("Jonas 在 Quorum 的单子标成丢单", "搞错了，应该是 Yuki 那单"), ["D1350"], {"stage": "Lost"}),
    ],
)  # fmt: skip
def test_a_correction_edits_the_proposal(
    sales: Desk, texts: tuple[str, ...], codes: list[str], given: dict[str, Any]
) -> None:
    plan = talk(sales, *texts)

    assert changes(sales, plan) == [("update", "deal", tuple(codes), given)]
    assert isinstance(plan, Propose)
    assert plan.instead_of == "P1"


@pytest.mark.parametrize("text", ["forget it", "actually, forget it", "never mind, leave it", "算了，不用改了"])
def test_a_wish_is_taken_back(sales: Desk, text: str) -> None:
    assert talk(sales, FIRST, text) == Withdraw("P1")


@pytest.mark.parametrize("text", ["yes", "approved", "go ahead", "批准"])
def test_words_in_the_chat_approve_nothing(sales: Desk, text: str) -> None:
    plan = talk(sales, FIRST, text)

    assert isinstance(plan, Say)
    assert "farley approve P1" in plan.text


def test_a_question_after_a_proposal_is_a_question(sales: Desk) -> None:
    assert isinstance(talk(sales, FIRST, "how many open deals does Tessa have?"), Query)


def test_what_was_shown_is_what_is_meant(sales: Desk) -> None:
    plan = talk(sales, "List Tessa's open deals", "Hand those over to Mira")

    assert changes(sales, plan) == [("update", "deal", ("D1255", "D1305", "D1360"), {"owner": "Mira Castellan"})]


def test_another_wish_is_a_proposal_of_its_own(sales: Desk) -> None:
    plan = talk(sales, FIRST, "Delete D1204")

    assert changes(sales, plan) == [("delete", "deal", ("D1204",), {})]
    assert isinstance(plan, Propose)
    assert plan.instead_of is None


def test_a_missing_value_is_told_in_the_next_turn(sales: Desk) -> None:
    plan = talk(sales, "Update the amount on D1218", "5k")

    assert changes(sales, plan) == [("update", "deal", ("D1218",), {"amount": 5000})]


@pytest.mark.parametrize("answer", ["D1176", "the Prospecting one"])
def test_an_option_that_is_picked_is_proposed(sales: Desk, answer: str) -> None:
    plan = talk(sales, "Mark Caleb's Ironhollow deal as lost", answer)

    assert changes(sales, plan) == [("update", "deal", ("D1176",), {"stage": "Lost"})]


def test_a_stage_that_is_picked_is_proposed(sales: Desk) -> None:
    plan = talk(sales, "Close D1218", "Won")

    assert changes(sales, plan) == [("update", "deal", ("D1218",), {"stage": "Won"})]
