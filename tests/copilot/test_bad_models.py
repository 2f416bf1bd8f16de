"""Whatever a model sends, the turn ends: with a clear status, an honest receipt, and a thread that goes on."""

import json
import time
from types import SimpleNamespace
from typing import Any

import pytest
from langchain_core.messages import AIMessage, InvalidToolCall, ToolMessage

from copilot.memory.engine import Conversations
from copilot.memory.saver import LatestSaver
from copilot.middleware.fallback import PAUSE_S, Fallback
from copilot.middleware.limits import TurnLimits
from copilot.offline.model import OfflineModel
from copilot.offline.plan import Query
from copilot.reply import Reply, Status
from crm_core.access import ADMIN
from tests.scripted import COUNT, TOTAL, ScriptedPlanner, Step, calls, calls_all, queries, says, scripted

UNUSABLE = "The language model sent nothing that could be used. The offline planner answered."
DECLINED = "The language model declined to answer. The offline planner answered."
UNREACHABLE = "The language model is not available now. The offline planner answered."
TOO_SLOW = "The language model did not answer in time. The offline planner answered."


def malformed(arguments: str = '{"spec": {"entity": "de') -> AIMessage:
    broken = InvalidToolCall(type="invalid_tool_call", name="query_crm", args=arguments, id="c1", error="bad JSON")
    return AIMessage("", invalid_tool_calls=[broken])


def nested(depth: int) -> dict[str, Any]:
    where: dict[str, Any] = {"field": "name", "value": "x"}
    for _ in range(depth):
        where = {"not": where}
    return {"entity": "deal", "where": where}


def planner() -> OfflineModel:
    return OfflineModel(planner=ScriptedPlanner(*[Query(TOTAL, "scalar")] * 9))


def ask(deals: Any, today: Any, *script: Step, **options: Any) -> tuple[Reply, Any]:
    copilot, model = scripted(deals, *script, fallback=planner(), **options)
    return copilot.ask("what are they worth?", thread="t", actor=ADMIN, today=today), model


@pytest.mark.parametrize(
    ("sent", "line"),
    [
        ([malformed(), malformed()], UNUSABLE),
        ([says("x" * 1_000_000)], UNUSABLE),
        ([calls("query_crm", spec={"entity": "y" * 1_000_000})], UNUSABLE),
        ([calls_all(*[("query_crm", {"spec": COUNT})] * 10_000)], UNUSABLE),
        ([calls("query_crm", spec=nested(1_000))], UNUSABLE),
        ([says("")], UNUSABLE),
        ([says(" \n ")], UNUSABLE),
        ([AIMessage("", additional_kwargs={"refusal": "I will not."})], DECLINED),
        ([AIMessage("I can't.", response_metadata={"finish_reason": "content_filter"})], DECLINED),
        ([ConnectionError("gone")], UNREACHABLE),
        ([TimeoutError("slow")], TOO_SLOW),
        ([ValueError("what the vendor's library cannot read")], UNUSABLE),
        ([RuntimeError("whatever else")], UNREACHABLE),
        ([queries(**COUNT), ConnectionError("gone before the words came")], UNREACHABLE),
        ([queries(**COUNT), malformed(), malformed()], UNUSABLE),
    ],
)
def test_the_planner_answers_for_a_model_that_fails_and_the_receipt_says_why(deals, today, sent, line):
    reply, _ = ask(deals, today, *sent)

    assert reply.status is Status.ANSWERED
    assert reply.query == TOTAL
    assert len(reply.answers) == 1
    assert "$600" in reply.text
    assert line in reply.receipt
    assert reply.elapsed_ms < 5_000


def test_what_was_proposed_before_the_model_failed_waits_once(deals, today):
    step = {"op": "update", "entity": "deal", "records": ["North"], "set": {"amount": 150}}
    reply, _ = ask(deals, today, calls("propose_changes", steps=[step]), ConnectionError("gone"))

    assert (reply.status, len(reply.proposals)) == (Status.PROPOSED, 1)
    assert "The language model is not available now." in reply.receipt
    assert UNREACHABLE not in reply.receipt  # no one answered in its place


def test_a_call_of_broken_json_is_asked_for_once_more(deals, today):
    reply, model = ask(deals, today, malformed(), queries(**COUNT), says("There are 3."))

    assert (reply.status, reply.text) == (Status.ANSWERED, "There are 3.")
    assert "no valid JSON" in model.seen[1][-1].text
    assert "no valid JSON" not in str(model.seen[2])


@pytest.mark.parametrize("text", ["3 deals \ud800.", "\udfff3\ud83d deals."])
def test_halves_of_characters_are_replaced(deals, today, tmp_path, text):
    kept = Conversations(f"sqlite:///{tmp_path / 'talk.db'}")
    spec = {**COUNT, "where": {"field": "name", "op": "ne", "value": "\ud800"}}
    reply, model = ask(deals, today, queries(**spec), says(text), checkpointer=LatestSaver(kept))

    assert (reply.status, reply.text) == (
        Status.ANSWERED,
        text.replace("\ud800", "�").replace("\udfff", "�").replace("\ud83d", "�"),
    )
    str(model.seen[-1]).encode()
    kept.close()


def test_calls_without_an_id_or_with_one_id_are_told_apart(deals, today):
    one, two = (
        {"name": "query_crm", "args": {"spec": COUNT}},
        {"name": "query_crm", "args": {"spec": TOTAL.model_dump()}},
    )
    sent = AIMessage("", tool_calls=[{**one, "id": "c"}, {**two, "id": "c"}, {**one, "id": None}])
    reply, model = ask(deals, today, sent, says("3 deals."))

    answered = [m.tool_call_id for m in model.seen[1] if isinstance(m, ToolMessage)]
    assert len(set(answered)) == 3
    assert len(reply.answers) == 3


def test_what_a_vendor_puts_beside_a_message_is_neither_kept_nor_sent_on(deals, today):
    sent = queries(**COUNT).model_copy(update={"additional_kwargs": {"junk": "j" * 1_000_000}})
    _, model = ask(deals, today, sent, says("3 deals."))

    assert "jjj" not in str(model.seen[1])


def test_no_answer_and_no_one_to_take_over_is_an_error_that_says_so(deals, today):
    copilot, _ = scripted(deals, says(""))

    reply = copilot.ask("hello", thread="t", actor=ADMIN, today=today)

    assert (reply.status, reply.text) == (Status.ERROR, "The language model sent nothing that could be used.")
    assert reply.error_id is None


def test_a_thread_goes_on_after_each_failure(deals, today):
    script = [malformed(), malformed(), says(""), TimeoutError(), queries(**COUNT), says("There are 3.")]
    copilot, model = scripted(deals, *script, fallback=planner())
    ask_once = lambda: copilot.ask("how many?", thread="t", actor=ADMIN, today=today)  # noqa: E731

    failed = [ask_once() for _ in range(3)]
    paused = ask_once()

    assert [UNUSABLE in reply.receipt for reply in failed] == [True, True, False]
    assert UNREACHABLE in paused.receipt  # left alone for a while
    assert len(model.seen) == 4
    json.dumps([m.model_dump() for m in model.seen[-1]])


def test_a_vendor_that_is_down_is_left_alone_for_half_a_minute(deals, today, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("copilot.middleware.Fallback", lambda model: Fallback(model, clock=lambda: now[0]))
    copilot, model = scripted(deals, ConnectionError(), says("Hello."), fallback=planner())
    asked = []
    for passed in (0, PAUSE_S - 1, 2):
        now[0] += passed
        copilot.ask("hello", thread="t", actor=ADMIN, today=today)
        asked.append(len(model.seen))

    assert asked == [1, 1, 2]


def test_a_turn_stops_when_its_tokens_are_spent(deals, today):
    usage = {"input_tokens": 900, "output_tokens": 200, "total_tokens": 1100}
    sent = [queries(**COUNT).model_copy(update={"usage_metadata": usage}) for _ in range(5)]
    reply, model = ask(deals, today, *sent, limits=TurnLimits(tokens=2_000))

    assert len(model.seen) == 2
    assert (reply.status, "more steps than one request may" in reply.text) == (Status.CANNOT, True)


def test_a_turn_stops_when_its_time_is_over(deals, today, monkeypatch):
    late = [0.0]
    clock = SimpleNamespace(monotonic=lambda: time.monotonic() + late[0])
    monkeypatch.setattr("copilot.middleware.limits.time", clock)

    def slow(messages: object) -> AIMessage:
        late[0] += 700
        return queries(**COUNT)

    reply, model = ask(deals, today, *[slow] * 5, limits=TurnLimits(seconds=1_000))

    assert len(model.seen) == 2
    assert reply.status is Status.CANNOT


def test_steps_are_told_while_a_turn_runs_and_no_word_of_the_answer(deals, today):
    told: list[str] = []
    copilot, _ = scripted(deals, queries(**COUNT), calls("nonsense"), says("There are 3 deals."))

    copilot.ask("how many deals?", thread="t", actor=ADMIN, today=today, on_step=told.append)

    assert told == ["Thinking …", "Looking up records …", "Thinking …", "Working …", "Thinking …"]
