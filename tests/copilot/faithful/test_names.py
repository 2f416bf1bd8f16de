"""Names in a model's text: records and what looks like a name must stand in the turn."""

import pytest

from copilot.context import TurnContext
from copilot.faithful import LONGEST, doubts
from copilot.reply import Status
from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.models import Kind
from tests.factories import make_account, make_contact, make_deal
from tests.results import a_turn, answer, column
from tests.scripted import COUNT, queries, says, scripted

SHOWN = answer(
    {"columns": ["name", "account", "owner"]},
    [column("name"), column("account", Kind.REFERENCE), column("owner", Kind.REFERENCE)],
    ("Night shift rollout", "Brightwater Foods", "Ingrid O'Brien-Solheim"),
    ("二期扩容", "津港重工机械有限公司", "何海波"),
)


def names_in(text: str, turn: TurnContext | None = None) -> tuple[str, ...]:
    return doubts(text, [SHOWN], turn or a_turn()).names


@pytest.mark.parametrize(
    "text",
    [
        "**Night shift rollout** at Brightwater Foods is Ingrid's.",
        "Ingrid O'Brien-Solheim owns it; Ms Solheim will call. BRIGHTWATER FOODS agreed.",
        "Top Accounts by Bookings: Brightwater",
        "何海波负责津港重工的二期扩容，海波下周拜访。",
        "The list is done.Next comes the call, e.g. on Monday.",
        "Unfortunately, nobody logged a call since then. Next steps: confirm the CRM budget on Tuesday.",
        "总体来看，化工、医药公司占多数，何时开会由您的经理决定。",
        "",
    ],
)
def test_names_of_the_turn_and_plain_words_pass(text):
    assert names_in(text) == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Brightwater Foods and Corvane agreed.", "Corvane"),
        ("Halvorsen Freight is next.", "Halvorsen Freight"),
        ("Ask Dana Whitlock about it.", "Dana Whitlock"),
        ("Ingrid Brightwater is the owner.", "Ingrid Brightwater"),
        ("李晓峰负责此事。", "李晓峰"),
        ("客户是宏迈科技。", "宏迈科技"),
        ("Write to dana@whitlock.example.", "dana@whitlock.example"),
        ("See https://evil.example/x?d=1 for more.", "https://evil.example/x?d=1"),
        ("Please sign in at evil.example/login.", "evil.example/login"),
        ("<img src=//evil.example/y>", "//evil.example/y"),
        ("Person-k7wq2zz owns it.", "Person-k7wq2zz"),
    ],
)
def test_what_looks_like_a_name_and_stands_nowhere_is_named(text, name):
    (found,) = names_in(text)

    assert name in found


def test_a_record_named_by_everyday_words_is_known_by_the_store(sqlite_store: Store):
    make_account(sqlite_store, "General Motors")
    make_contact(sqlite_store, "王建国")
    turn = a_turn(store=sqlite_store)

    assert set(names_in("General Motors agreed with 王建国.", turn)) == {"General Motors", "王建国"}


def test_a_name_that_the_person_said_may_be_said_again():
    turn = a_turn()
    object.__setattr__(turn, "text", "is there a Halvorsen Freight?")

    assert names_in("There is no Halvorsen Freight.", turn) == ()


def test_a_text_with_a_name_from_nowhere_is_replaced_by_the_table(sqlite_store: Store, today, caplog):
    make_deal(sqlite_store, "North")
    copilot, _ = scripted(sqlite_store, queries(**COUNT), says("There is 1 deal, and Halvorsen Freight is next."))

    reply = copilot.ask("how many deals?", thread="t", actor=ADMIN, today=today)

    assert reply.status is Status.ANSWERED
    assert "Halvorsen" not in reply.text
    assert "The model's wording was withheld: it held a name that no result shows." in reply.receipt
    assert "withheld figures=0 names=1" in caplog.text
    assert "Halvorsen" not in caplog.text


def test_an_endless_text_is_not_shown():
    assert doubts("fine " * LONGEST, [SHOWN], a_turn())
