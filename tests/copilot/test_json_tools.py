"""A model without tool calling is served by the same tools, through JSON."""

import json
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage

from copilot.agent import Copilot
from copilot.json_tools import JsonTools
from copilot.models import name_of
from copilot.offline.model import OfflineModel
from copilot.offline.plan import Query
from copilot.reply import Status
from crm_core.access import ADMIN
from tests.scripted import COUNT, TOTAL, ScriptedModel, ScriptedPlanner, Step, queries, says


class Refused(Exception):
    """What an HTTP client raises for a request that its server does not take."""

    def __init__(self, text: str, status_code: int) -> None:
        super().__init__(text)
        self.status_code = status_code


class OpenAIScript(ScriptedModel):
    """A scripted model that passes for one of OpenAI's protocol and keeps what it was bound with."""

    given: dict[str, Any] = {}

    @property
    def _llm_type(self) -> str:
        return "openai-chat"

    def bind(self, **kwargs: Any) -> Any:
        self.given = kwargs
        return self


def says_json(**step: Any) -> AIMessage:
    return says(json.dumps(step, ensure_ascii=False))


def asked(
    deals: Any, today: Any, *script: Step, is_json: bool = True, text: str = "how many?"
) -> tuple[Any, OpenAIScript]:
    model = OpenAIScript(script=list(script), seen=[], tools=[])
    planner = OfflineModel(planner=ScriptedPlanner(Query(TOTAL, "scalar")))
    copilot = Copilot(JsonTools(model=model, is_json=is_json), deals, fallback=planner)
    return copilot.ask(text, thread="t", actor=ADMIN, today=today), model


def test_json_becomes_a_tool_call_and_its_result_the_next_message(deals, today):
    reply, model = asked(
        deals, today, says_json(tool="query_crm", arguments={"spec": COUNT}), says_json(answer="There are 3 deals.")
    )

    assert (reply.status, reply.text) == (Status.ANSWERED, "There are 3 deals.")
    assert reply.answers[0].result.rows[0].values == (3,)
    _, _, made, result = model.seen[1]
    assert json.loads(made.text) == {"tool": "query_crm", "arguments": {"spec": COUNT}}
    assert isinstance(result, HumanMessage)
    assert result.text.startswith("Result of query_crm:\n")


def test_the_model_is_told_of_the_tools_in_words_and_given_one_schema(deals, today):
    _, model = asked(deals, today, says_json(answer="Hello."))

    system = model.seen[0][0]
    assert isinstance(system, SystemMessage)
    assert "You are Farley" in system.text
    assert '"name": "query_crm"' in system.text
    assert not any(isinstance(m, ToolMessage) or getattr(m, "tool_calls", None) for m in model.seen[0])
    schema = model.given["extra_body"]["response_format"]["json_schema"]["schema"]
    assert schema["anyOf"][0]["required"] == ["answer"]
    assert {shape["properties"]["tool"]["const"] for shape in schema["anyOf"][1:]} >= {"query_crm", "ask_user"}
    assert "QuerySpec" in schema["$defs"]


@pytest.mark.parametrize(
    "text", ["Hello there.", '```json\n{"answer": "Hello there."}\n```', '{"answer": "Hello there.", "tool": null}']
)
def test_words_and_wrapped_json_are_read_too(deals, today, text):
    reply, _ = asked(deals, today, says(text))

    assert (reply.status, reply.text) == (Status.ANSWERED, "Hello there.")


@pytest.mark.parametrize("text", ['{"tool": "query_crm", "arg', "{}", '{"tool": 7}', "{" * 5_000, '{"answer": 3}'])
def test_broken_json_is_asked_for_again_and_then_the_planner_answers(deals, today, text):
    reply, model = asked(deals, today, says(text), says(text))

    assert len(model.seen) == 2
    assert "no valid JSON" in model.seen[1][-1].text
    assert reply.query == TOTAL
    assert "The language model sent nothing that could be used. The offline planner answered." in reply.receipt


def test_unknown_tools_and_wrong_arguments_come_back_as_in_any_loop(deals, today):
    reply, model = asked(
        deals, today,
        says_json(tool="delete_all", arguments={}), says_json(tool="query_crm", arguments={"spec": COUNT, "actor": 1}),
        says_json(answer="I cannot."),
    )  # fmt: skip

    assert "delete_all" in model.seen[1][-1].text
    assert "actor" in model.seen[2][-1].text
    assert reply.status is not Status.ERROR


def test_tools_are_bound_as_the_vendor_has_it_until_the_server_refuses_them(deals, today):
    refused = Refused('"auto" tool choice requires --enable-auto-tool-choice', 400)
    reply, model = asked(
        deals, today, refused, says_json(tool="query_crm", arguments={"spec": COUNT}), says_json(answer="3 deals."),
        is_json=False,
    )  # fmt: skip

    assert (reply.status, reply.text) == (Status.ANSWERED, "3 deals.")
    assert len(model.seen) == 3  # it is not tried again


def test_a_model_that_takes_tools_is_left_alone(deals, today):
    reply, model = asked(deals, today, queries(**COUNT), says("3 deals."), is_json=False)

    assert reply.text == "3 deals."
    assert {tool["function"]["name"] for tool in model.tools} >= {"query_crm"}


@pytest.mark.parametrize(
    "error", [Refused("too many tools", 429), Refused("no such model", 404), ConnectionError("tool")]
)
def test_other_errors_are_failures(deals, today, error):
    reply, model = asked(deals, today, error, is_json=False)

    assert len(model.seen) == 1
    assert reply.query == TOTAL


def test_it_goes_by_the_name_of_the_model_inside():
    model = ScriptedModel(script=[], seen=[], tools=[])

    assert name_of(JsonTools(model=model, is_json=True)) == "scripted"
