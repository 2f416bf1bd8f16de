"""Turns: what a thread remembers, where a turn ends, what comes in and what a model is told."""

import logging
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from copilot.memory.engine import Conversations
from copilot.memory.saver import LatestSaver
from copilot.offline.plan import Query
from copilot.reply import Status
from copilot.tools import PROPOSE, READ
from crm_core.access import ADMIN
from tests.factories import make_account
from tests.scripted import COUNT, TOTAL, calls, calls_all, planned, queries, says, scripted

# --- memory ---


def test_a_thread_remembers_and_another_actor_cannot_continue_it(deals, today):
    other = replace(ADMIN, id=42, name="Ann")
    copilot, model = scripted(deals, says("Hello."), says("Again."), says("Who?"))

    copilot.ask("my secret plan", thread="t", actor=ADMIN, today=today)
    copilot.ask("go on", thread="t", actor=ADMIN, today=today)
    copilot.ask("go on", thread="t", actor=other, today=today)

    assert "my secret plan" in str(model.seen[1])
    assert "my secret plan" not in str(model.seen[2])


def test_no_thread_name_reaches_into_another_actors_thread(deals, today):
    copilot, model = scripted(deals, says("Hello."), says("Who?"))

    copilot.ask("my secret plan", thread="t", actor=replace(ADMIN, id=7), today=today)
    copilot.ask("go on", thread="7/t", actor=replace(ADMIN, id=0), today=today)

    assert "my secret plan" not in str(model.seen[1])


def test_a_conversation_outlives_the_copilot_on_the_same_file(deals, today, tmp_path: Path):
    def asked(text: str) -> object:
        kept = Conversations(f"sqlite:///{tmp_path / 'talk.db'}")
        copilot, planner = planned(deals, Query(TOTAL, "scalar"), checkpointer=LatestSaver(kept))
        copilot.ask(text, thread="t", actor=ADMIN, today=today)
        kept.close()
        return planner.dialogues[-1]

    asked("total?")

    (past,) = asked("again")
    assert (past.text, past.spec, past.shape) == ("total?", TOTAL, "scalar")


def test_a_model_is_shown_the_last_twelve_turns(deals, today):
    copilot, model = scripted(deals, *[says("Hm.") for _ in range(20)])

    for number in range(20):
        copilot.ask(f"question {number}", thread="t", actor=ADMIN, today=today)

    asked = [message.content for message in model.seen[-1] if isinstance(message, HumanMessage)]
    assert asked[0].endswith("\n\nquestion 8")
    assert asked[1:] == [f"question {number}" for number in range(9, 20)]


def test_no_connection_is_held_while_a_model_thinks(deals, today):
    held: list[int] = []

    def looks(messages: list[BaseMessage]) -> AIMessage:
        held.append(deals._reader.pool.checkedout())
        return queries(**COUNT) if len(held) == 1 else says("3 deals.")

    copilot, _ = scripted(deals, looks, looks)

    copilot.ask("how many?", thread="t", actor=ADMIN, today=today)

    assert held == [0, 0]


# --- limits and failures ---


def test_a_model_that_never_ends_is_stopped(deals, today):
    copilot, model = scripted(deals, *[queries(**COUNT) for _ in range(20)])

    reply = copilot.ask("loop", thread="t", actor=ADMIN, today=today)

    assert len(model.seen) == 8
    assert reply.status is Status.CANNOT
    assert "more steps than one request may" in reply.text


def test_tool_calls_of_a_turn_are_limited(deals, today):
    copilot, model = scripted(deals, calls_all(*[("query_crm", {"spec": COUNT})] * 40), says("3 deals."))

    reply = copilot.ask("loop", thread="t", actor=ADMIN, today=today)

    refused = [m for m in model.seen[1] if isinstance(m, ToolMessage) and m.status == "error"]
    assert len(refused) == 40 - 16
    assert len(reply.answers) == 16


def test_a_bug_becomes_an_error_with_an_id_and_no_traceback(deals, today, monkeypatch, caplog):
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("copilot.answering.run_query", broken)
    copilot, _ = scripted(deals, queries(**COUNT))

    with caplog.at_level(logging.ERROR):
        reply = copilot.ask("how many?", thread="t", actor=ADMIN, today=today)

    assert reply.status is Status.ERROR
    assert reply.error_id
    assert reply.error_id in reply.text
    assert "secret detail" not in reply.text
    assert "Traceback" not in reply.text
    assert reply.error_id in caplog.text


def test_a_thread_goes_on_after_a_bug(deals, today, monkeypatch):
    copilot, model = scripted(deals, queries(**COUNT), queries(**COUNT), says("3 deals."))
    with monkeypatch.context() as broken:
        broken.setattr("copilot.answering.run_query", None)
        copilot.ask("first", thread="t", actor=ADMIN, today=today)

    reply = copilot.ask("second", thread="t", actor=ADMIN, today=today)

    assert reply.status is Status.ANSWERED
    assert "first" not in [message.content for message in model.seen[-1]]


def test_a_tool_that_does_not_exist_is_named_to_the_model(deals, today):
    copilot, model = scripted(deals, calls("delete_all", entity="deal"), says("I cannot."))

    reply = copilot.ask("delete everything", thread="t", actor=ADMIN, today=today)

    assert "delete_all" in str(model.seen[1][-1].content)
    assert reply.status is Status.CANNOT


# --- what comes in ---


def test_an_empty_message_gets_help(deals, today):
    copilot, model = scripted(deals)

    reply = copilot.ask(" \n\x00 ", thread="t", actor=ADMIN, today=today)

    assert reply.status is Status.CLARIFY
    assert reply.options
    assert not model.seen


def test_a_huge_message_is_declined_at_once(deals, today):
    copilot, model = scripted(deals)

    reply = copilot.ask("deal " * 2_000_000, thread="t", actor=ADMIN, today=today)

    assert reply.status is Status.CANNOT
    assert "4,000" in reply.text
    assert reply.elapsed_ms < 100
    assert not model.seen


@pytest.mark.parametrize("text", ["a\x00b", "deal \ud800", "😀😀", "\u202edeals", "x\udfff\ud83d\ude00", "٣ deals"])
def test_odd_characters_reach_neither_the_store_nor_the_conversation(deals, today, tmp_path, text):
    kept = Conversations(f"sqlite:///{tmp_path / 'talk.db'}")
    copilot, model = scripted(deals, says("Hm."), says("Hm."), checkpointer=LatestSaver(kept))

    for _ in range(2):
        reply = copilot.ask(text, thread=text, actor=ADMIN, today=today)

    assert reply.status is Status.ANSWERED
    str(model.seen[-1]).encode()
    kept.close()


# --- what a model is told ---


def test_the_prompt_names_the_day_the_person_and_the_language(deals, today):
    copilot, model = scripted(deals, says("Hm."))

    copilot.ask("你好", thread="t", actor=replace(ADMIN, name="Ann Lee"), today=date(2026, 3, 2))

    system = model.seen[0][0]
    assert isinstance(system, SystemMessage)
    assert "Monday 2026-03-02" in str(system.content)
    assert "Ann Lee" in str(system.content)
    assert "Chinese" in str(system.content)
    assert "{{" not in str(system.content)


def test_tools_are_bound_as_ready_functions_without_the_runtime(deals, today):
    copilot, model = scripted(deals, says("Hm."))

    copilot.ask("hi", thread="t", actor=ADMIN, today=today)

    by_name = {tool["function"]["name"]: tool["function"]["parameters"] for tool in model.tools}
    assert set(by_name) == {tool.name for tool in READ + PROPOSE}
    assert all("runtime" not in parameters["properties"] for parameters in by_name.values())
    assert "$defs" in by_name["query_crm"]


def test_each_turn_writes_one_log_line_without_contents(deals, today, caplog):
    make_account(deals, "Acme Secret")
    copilot, _ = scripted(deals, queries(entity="account"), says("Acme Secret is an account."))

    with caplog.at_level(logging.INFO, logger="copilot.turn"):
        copilot.ask("who is acme secret?", thread="t", actor=ADMIN, today=today)

    (line,) = [record.getMessage() for record in caplog.records if record.name == "copilot.turn"]
    assert "tools=query_crm" in line
    assert "model=scripted" in line
    assert "secret" not in line.lower()
