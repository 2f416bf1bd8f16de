"""Rows of the list just shown, pointed at by their place in it."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from copilot.agent import Copilot
from copilot.models import offline_model
from copilot.reply import Reply, Status
from crm_core.access import ADMIN
from crm_core.db import Store
from tests.factories import make_account, make_contact, make_deal, make_task, make_user

TODAY = date(2017, 11, 15)
DEALS = "show open deals by amount, largest first"


@pytest.fixture
def world(sqlite_store: Store) -> Store:
    store = sqlite_store
    moses = make_user(store, "Moses Frase")
    make_user(store, "Anna Snelling")
    acme = make_account(store, "Acme", owner=moses)
    make_contact(store, "Ada Byron", account=acme, title="CTO")
    for number in (1, 2, 3):
        make_deal(store, f"Acme {number}", stage="Prospecting", account=acme, owner=moses, amount=Decimal(900 - number))
    for number, title in enumerate(("Call Ada", "Send the quote", "Book a room")):
        make_task(store, title, owner=moses, account=acme, due_on=date(2017, 11, 20 + number))
    return store


def after(store: Store, *texts: str) -> Reply:
    copilot, thread = Copilot(offline_model(store.for_agent), store.for_agent), uuid4().hex
    return [copilot.ask(text, thread=thread, actor=ADMIN, today=TODAY) for text in texts][-1]


def proposed(reply: Reply) -> dict[str, dict[str, object]]:
    """Label of each record → what it is to become."""
    assert reply.status is Status.PROPOSED, reply.text
    changes = [change for proposal in reply.proposals for change in proposal.changes]
    return {change["label"]: {name: pair[1] for name, pair in change["set"].items()} for change in changes}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("move the first one to Engaging", ["Acme 1"]),
        ("move the second deal to Engaging", ["Acme 2"]),
        ("move the last one to Engaging", ["Acme 3"]),
        ("move the first two to Engaging", ["Acme 1", "Acme 2"]),
        ("把第二个改成Engaging", ["Acme 2"]),
        ("把最后一个改成Engaging", ["Acme 3"]),
    ],
)
def test_an_ordinal_means_the_row_in_that_place(world, text, meant):
    changed = proposed(after(world, DEALS, text))

    assert sorted(changed) == meant
    assert all(values["stage"] == "Engaging" for values in changed.values())


def test_a_row_is_handed_to_somebody(world):
    assert proposed(after(world, DEALS, "hand the first to Anna Snelling")) == {"Acme 1": {"owner": "Anna Snelling"}}


def test_tasks_of_the_list_are_done(world):
    changed = proposed(after(world, "list open tasks", "mark the second as done"))

    assert {label: values["status"] for label, values in changed.items()} == {"Send the quote": "done"}


def test_a_row_that_the_list_does_not_have_changes_nothing(world):
    assert after(world, DEALS, "move the fifth one to Engaging").status is not Status.PROPOSED


def test_an_ordinal_without_a_list_points_at_nothing(world):
    assert after(world, "move the second one to Engaging").status is not Status.PROPOSED


@pytest.mark.parametrize(
    ("text", "entity", "values"),
    [
        ("Ada Byron's new title is Head of Operations", "contact", {"title": "Head of Operations"}),
        ('set the industry of Acme to "deep sea mining"', "account", {"industry": "deep sea mining"}),
        ("把商机Acme 2推进到Engaging阶段", "deal", {"stage": "Engaging"}),
    ],
)
def test_a_value_is_what_was_said_and_no_more(world, text, entity, values):
    reply = after(world, text)
    [change] = [change for proposal in reply.proposals for change in proposal.changes]

    assert (change["entity"], {name: pair[1] for name, pair in change["set"].items()}) == (entity, values)
