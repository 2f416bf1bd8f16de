"""The wall before a model vendor, in the agent loop: what a recorder sees, what runs, what is logged, what taints."""

import json
import logging
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from langchain_core.messages import BaseMessage

from copilot.egress import EgressLog, Withheld
from copilot.egress.stand_ins import STAND_IN
from copilot.fence import is_fenced
from copilot.middleware.egress import EgressRules
from copilot.offline.plan import Query
from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.errors import Invalid, Unavailable
from crm_core.query.spec import QuerySpec
from tests.factories import make_account, make_contact, make_deal, make_interaction, make_user
from tests.scripted import COUNT, calls, planned, queries, says, scripted


@pytest.fixture
def people(sqlite_store: Store) -> Store:
    """A contact, a rep and what was said."""
    rep = make_user(sqlite_store, "Ingrid Berg", email="ingrid@us.example")
    ada = make_contact(sqlite_store, "Ada Byron", email="ada@acme.example", phone="+44 20 5550 0199", owner=rep)
    make_interaction(sqlite_store, date(2017, 11, 1), subject="Call with Ada Byron", body="Ring Ada.", contact=ada)
    return sqlite_store


def code_in(messages: list[BaseMessage]) -> str:
    return next(found[0] for found in STAND_IN.finditer(str(messages[-1].content)))


def test_a_model_that_asks_for_a_stand_in_reaches_the_real_record(people, today):
    copilot, model = scripted(
        people,
        lambda seen: calls("get_record", entity="contact", name_or_id=code_in(seen)),
        lambda seen: says(f"{code_in(seen)} is a contact."),
    )

    reply = copilot.ask("who is Ada Byron?", thread="t", actor=ADMIN, today=today)

    assert reply.answers[0].result.rows[0].values[1] == "Ada Byron"
    assert reply.text == "Ada Byron is a contact."
    assert "Byron" not in str(model.seen)
    assert "acme.example" not in str(model.seen)


def test_a_stand_in_of_another_conversation_reaches_nothing(people, today):
    codes: list[str] = []
    copilot, _ = scripted(
        people,
        lambda seen: (codes.append(code_in(seen)), says("Noted."))[1],
        lambda seen: calls("get_record", entity="contact", name_or_id=codes[0]),
    )
    copilot.ask("who is Ada Byron?", thread="a", actor=ADMIN, today=today)

    reply = copilot.ask("and she?", thread="b", actor=ADMIN, today=today)

    assert reply.text == f"There is no contact called '{codes[0]}'."


def test_a_conversation_keeps_a_persons_stand_in_over_turns_and_restarts(people, today, tmp_path: Path):
    key = EgressLog(tmp_path / "conversations.db").key()
    codes = []
    for _ in range(2):
        rules = EgressRules(key=EgressLog(tmp_path / "conversations.db").key())
        copilot, model = scripted(people, says("Hm."), says("Hm."), egress=rules)
        for text in ("who is ada byron?", "call Byron, Ada"):
            copilot.ask(text, thread="t", actor=ADMIN, today=today)
            codes.append(code_in(model.seen[-1]))

    assert len(set(codes)) == 1
    assert len(key) == 32


def test_the_offline_planner_is_no_vendor(people, today, tmp_path: Path):
    log = EgressLog(tmp_path / "conversations.db")
    listing = QuerySpec(entity="contact", columns=["name"])
    copilot, _ = planned(people, Query(listing, "list"), egress=EgressRules(log=log))

    reply = copilot.ask("contacts?", thread="t", actor=ADMIN, today=today)

    assert "Ada Byron" in reply.text
    assert log.read(10) == ()


# --- the log ---


def test_what_left_is_logged_without_contents(people, today, tmp_path: Path):
    log = EgressLog(tmp_path / "conversations.db")
    copilot, _ = scripted(
        people, queries(entity="contact", columns=["name", "email"]), says("One."), egress=EgressRules(log=log)
    )

    copilot.ask("contacts?", thread="t", actor=replace(ADMIN, id=7, name="Ingrid Berg"), today=today)

    second, first = log.read(10)
    assert (first.fields, second.fields) == ((), ("contact.name", "contact.email"))
    assert (second.actor, second.model, second.messages) == (7, "scripted", 4)
    assert second.stand_ins == {"person": 2, "email": 1}
    assert first.sha256 != second.sha256
    assert not any(word in json.dumps([first.__dict__, second.__dict__]) for word in ("Ada", "Ingrid", "acme"))


def test_nothing_leaves_when_it_cannot_be_logged(people, today, tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    copilot, model = scripted(people, says("Hm."), egress=EgressRules(log=EgressLog(blocked / "conversations.db")))

    reply = copilot.ask("hi", thread="t", actor=ADMIN, today=today)

    assert model.seen == []
    assert "cannot be logged" in reply.text
    with pytest.raises(Unavailable):
        EgressLog(blocked / "conversations.db").key()


# --- fields that must not leave ---


@pytest.mark.parametrize(
    "spec",
    [
        {"entity": "deal", "columns": ["name", "amount"]},
        {"entity": "deal", "measures": [{"fn": "sum", "field": "amount"}]},
        {"entity": "deal", "measures": [{"metric": "pipeline"}]},
        {"entity": "deal", "columns": ["name"], "where": {"field": "amount", "op": "gt", "value": 5}},
        {"entity": "deal", "columns": ["name"], "order_by": [{"by": "amount"}]},
        {"entity": "account", "columns": ["name", "won_amount"]},
        {"entity": "deal"},
    ],
)
def test_a_withheld_field_reaches_no_model_in_any_form(sqlite_store: Store, today, spec):
    make_deal(sqlite_store, "North", amount=Decimal(4321), stage="Won", account=make_account(sqlite_store))
    rules = EgressRules(withheld=Withheld.named(["deal.amount"], sqlite_store.schema))
    copilot, model = scripted(sqlite_store, queries(**spec), says("See the table."), egress=rules)

    reply = copilot.ask("amounts?", thread="t", actor=ADMIN, today=today)

    told = str(model.seen[1][-1].content)
    assert "4321" not in told
    assert reply.answers[0].result.rows


def test_a_record_is_shown_without_its_withheld_fields(sqlite_store: Store, today):
    make_deal(sqlite_store, "North", amount=Decimal(4321))
    rules = EgressRules(withheld=Withheld.named(["deal.amount"], sqlite_store.schema))
    copilot, model = scripted(sqlite_store, calls("get_record", entity="deal", name_or_id="North"), egress=rules)

    copilot.ask("North?", thread="t", actor=ADMIN, today=today)

    told = str(model.seen[1][-1].content)
    assert "name: North" in told
    assert "4321" not in told


def test_a_withheld_field_that_is_none_is_refused(sqlite_store: Store):
    with pytest.raises(Invalid, match="did you mean amount"):
        Withheld.named(["deal.amounts"], sqlite_store.schema)


# --- taint ---


@pytest.mark.parametrize(
    ("spec", "tainted"),
    [
        ({"entity": "interaction", "columns": ["body"]}, True),
        ({"entity": "contact", "columns": ["name"]}, True),
        ({"entity": "interaction", "group_by": [{"field": "contact"}], "measures": [{"fn": "count"}]}, True),
        ({"entity": "contact", "group_by": [{"field": "owner"}], "measures": [{"fn": "count"}]}, False),
        ({"entity": "contact", "columns": ["title"]}, False),  # nothing stands there
        (COUNT, False),
    ],
)
def test_untrusted_words_taint_the_turn_and_those_after_it(people, today, caplog, spec, tainted):
    copilot, _ = scripted(people, queries(**spec), says("Hm."), says("Hm."))

    with caplog.at_level(logging.INFO, logger="copilot.turn"):
        for text in ("what is there?", "go on"):
            copilot.ask(text, thread="t", actor=ADMIN, today=today)

    lines = [record.getMessage() for record in caplog.records if record.name == "copilot.turn"]
    assert ["tainted=yes" in line for line in lines] == [tainted, tainted]


def test_names_that_an_error_lists_are_fenced_and_taint(people, today, caplog):
    make_contact(people, "Ada Berg")
    copilot, model = scripted(people, calls("get_record", entity="contact", name_or_id="Ada"), says("Which?"))

    with caplog.at_level(logging.INFO, logger="copilot.turn"):
        copilot.ask("ada?", thread="t", actor=ADMIN, today=today)

    assert is_fenced(str(model.seen[1][-1].content))
    assert "tainted=yes" in caplog.text


def test_the_offline_planner_taints_nothing(people, today, caplog):
    listing = QuerySpec(entity="interaction", columns=["body"])
    copilot, _ = planned(people, Query(listing, "list"))

    with caplog.at_level(logging.INFO, logger="copilot.turn"):
        copilot.ask("notes?", thread="t", actor=ADMIN, today=today)

    assert "tainted=no" in caplog.text
