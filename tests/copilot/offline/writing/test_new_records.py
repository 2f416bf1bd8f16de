"""New deals, contacts, accounts, leads and products, with the fields that the words tell."""

from typing import Any

import pytest

from copilot.offline.plan import Cannot, Clarify, Propose
from tests.copilot.offline.conftest import Desk
from tests.copilot.offline.writing.newly import made


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Create a deal with Ferncliff for Atlas Core, stage Proposal, 1,150 dollars, owner Yuki Haneda",
         {"account": "Ferncliff", "product": "Atlas Core", "stage": "Proposal", "amount": 1150,
          "owner": "Yuki Haneda"}),
        ("new opp: Tidewell, Nimbus Team, prospecting",
         {"account": "Tidewell", "product": "Nimbus Team", "stage": "Prospecting"}),
        ("Start a new deal called Rollout 2026 at Okapi Games, Atlas Max, $14,800, expected close Aug 15",
         {"name": "Rollout 2026", "account": "Okapi Games", "product": "Atlas Max", "amount": 14800,
          "closes_on": "2025-08-15"}),
        ("Open a new deal for Vantry: Atlas Core, stage Prospecting, assign it to Mira Castellan.",
         {"account": "Vantry", "product": "Atlas Core", "stage": "Prospecting", "owner": "Mira Castellan"}),
        ("新建一个商机：Ferncliff，Atlas Plus，负责人 Yuki",
         {"account": "Ferncliff", "product": "Atlas Plus", "owner": "Yuki Haneda"}),
    ],
)  # fmt: skip
def test_a_deal_is_made_with_what_is_said_of_it(sales: Desk, text: str, values: dict[str, Any]) -> None:
    assert made(sales, sales.plan(text)) == [("deal", values)]


def test_each_product_is_a_deal_of_its_own(sales: Desk) -> None:
    plan = sales.plan("add two deals for Vantry, one Atlas Core and one Nimbus Lite")

    assert made(sales, plan) == [
        ("deal", {"account": "Vantry", "product": "Atlas Core"}),
        ("deal", {"account": "Vantry", "product": "Nimbus Lite"}),
    ]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Add a contact at Selby Outfitters: Harriet Doyle, Head of IT, h.doyle@selby.example, +1 212 555 0147",
         [{"name": "Harriet Doyle", "title": "Head of IT", "email": "h.doyle@selby.example",
           "phone": "+1 212 555 0147", "account": "Selby Outfitters"}]),
        ("Two people to add at Lumora Health: Anke Peeters, Buyer, and Joris Maes, IT Director.",
         [{"name": "Anke Peeters", "title": "Buyer", "account": "Lumora Health"},
          {"name": "Joris Maes", "title": "IT Director", "account": "Lumora Health"}]),
        ("jst met Priya Nair frm Ferncliff, shes the CFO, priya.nair@ferncliff.example, add her",
         [{"name": "Priya Nair", "title": "CFO", "email": "priya.nair@ferncliff.example", "account": "Ferncliff"}]),
        ("add Tidewell's CEO Maria Gomez, maria@tidewell.example, as a contact",
         [{"name": "Maria Gomez", "title": "CEO", "email": "maria@tidewell.example", "account": "Tidewell"}]),
        ("给 Tidewell 加一个联系人：王敏，采购总监，电话 021-5555-0188",
         [{"name": "王敏", "title": "采购总监", "phone": "021-5555-0188", "account": "Tidewell"}]),
    ],
)  # fmt: skip
def test_people_are_made_with_their_titles_and_addresses(sales: Desk, text: str, people: list[dict[str, Any]]) -> None:
    assert made(sales, sales.plan(text)) == [("contact", person) for person in people]


@pytest.mark.parametrize(
    ("text", "entity", "values"),
    [
        ("Add a new account called Pelican Freight, software, based in Germany, 320 employees", "account",
         {"name": "Pelican Freight", "industry": "software", "country": "Germany", "employees": 320}),
        ("add a lead: Owen Marsh from Tidewater Systems, owen@tidewater.example, came from the website", "lead",
         {"name": "Owen Marsh", "company": "Tidewater Systems", "email": "owen@tidewater.example",
          "source": "website"}),
        ("add a product called Atlas Ultra with a list price of 7,200", "product",
         {"name": "Atlas Ultra", "list_price": 7200}),
    ],
)  # fmt: skip
def test_other_records_are_made_from_the_registrys_words(
    sales: Desk, text: str, entity: str, values: dict[str, Any]
) -> None:
    assert made(sales, sales.plan(text)) == [(entity, values)]


def test_a_new_record_is_referred_to_by_the_next_one(sales: Desk) -> None:
    plan = sales.plan("new account Larkfield, retail, and an Atlas Core deal for it at 600")

    assert made(sales, plan) == [
        ("account", {"name": "Larkfield", "industry": "retail"}),
        ("deal", {"product": "Atlas Core", "amount": 600, "account": "@Larkfield"}),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Create a contact at Vantry",
        "Create a contact at Vantry named Lee Wong with a shoe size of 44",
        "create a deal for Kestrel, Atlas Core",
        "create a deal for Vantry with product FooBar 9000",
        "add a spaceship for Vantry",
    ],
)
def test_what_cannot_be_filled_in_is_asked_about(sales: Desk, text: str) -> None:
    assert isinstance(sales.plan(text), Clarify | Cannot)


@pytest.mark.parametrize(
    "text",
    ["Remind me how many deals Yuki has", "what was the last deal we created", "which accounts did we add last year"],
)
def test_questions_stay_questions(sales: Desk, text: str) -> None:
    assert not isinstance(sales.plan(text), Propose)


@pytest.mark.parametrize(
    "text",
    [
        "delete the call with Vantry",
        "update the note on Vantry",
        "set the task to done",
        "write an email to Vantry",
        "We had 12 meetings with Vantry this year",
    ],
)
def test_what_exists_is_not_made_again(sales: Desk, text: str) -> None:
    assert not isinstance(sales.plan(text), Propose)
