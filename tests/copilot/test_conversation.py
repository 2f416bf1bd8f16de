"""What the planner is told of earlier turns, read back from the messages that a thread keeps."""

from dataclasses import asdict

from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from copilot.conversation import past_turns, split_turns
from copilot.middleware.history import to_forget
from copilot.offline.plan import Reworded
from crm_core.query.spec import QuerySpec


def query(call_id: str, entity: str = "deal") -> AIMessage:
    call = {"name": "query_crm", "args": {"spec": {"entity": entity}}, "id": call_id}
    return AIMessage("", tool_calls=[call], additional_kwargs={"shapes": {call_id: "list"}})


def result(call_id: str, **given: object) -> ToolMessage:
    artifact = {"entity": "deal", "ids": [1, 2], "labels": ["A", "B"]}
    return ToolMessage("…", tool_call_id=call_id, name="query_crm", **({"artifact": artifact} | given))


FIRST = [HumanMessage("list deals"), query("a"), result("a"), AIMessage("2 deals.")]
NOW = HumanMessage("and now?")


def test_a_turn_begins_with_the_person():
    assert split_turns([*FIRST, NOW]) == [FIRST, [NOW]]


def test_the_last_query_that_worked_is_what_was_answered():
    failed = [query("b", "nothing"), result("b", status="error")]
    turn = [HumanMessage("x"), query("a"), result("a"), *failed, AIMessage("2 deals.")]

    (past,) = past_turns([*turn, NOW])

    assert (past.spec, past.shape) == (QuerySpec(entity="deal"), "list")
    assert (past.entity, past.ids, past.labels) == ("deal", (1, 2), ("A", "B"))


def test_a_spec_that_no_longer_parses_is_forgotten():
    call = {"name": "query_crm", "args": {"spec": {"table": "deals"}}, "id": "a"}
    turn = [HumanMessage("x"), AIMessage("", tool_calls=[call]), result("a"), AIMessage("2 deals.")]

    (past,) = past_turns([*turn, NOW])

    assert past.spec is None


def test_whole_turns_are_kept_and_broken_ones_forgotten():
    broken = [HumanMessage("x"), query("b")]

    assert to_forget([*FIRST, NOW]) == []
    assert to_forget([*broken, *FIRST, NOW]) == broken
    assert to_forget([HumanMessage("x"), NOW]) == [HumanMessage("x")]


def test_no_more_than_twelve_turns_stay():
    turns = [message for number in range(15) for message in (HumanMessage(str(number)), AIMessage("ok"))]

    forgotten = to_forget([*turns, NOW])

    assert [message.content for message in forgotten if isinstance(message, HumanMessage)] == ["0", "1", "2", "3"]


def test_questions_offered_in_the_place_of_one_are_remembered_as_such():
    offered = Reworded("bookings by industry", "indstryal", "account.industry")
    call = {"name": "ask_user", "args": {"question": "Did you mean:", "options": [offered.text]}, "id": "a"}
    asked = AIMessage("", tool_calls=[call], additional_kwargs={"reworded": [asdict(offered)]})

    (past,) = past_turns([HumanMessage("bookings by indstryal"), asked, result("a"), NOW])

    assert (past.reworded, past.options) == ((offered,), ())
