"""llama.cpp with SmolLM2 (135 M): a real server and a real model, tiny and no copilot, but honest about the wire."""

import json
import threading
import time
from typing import Any

import pytest

from copilot.json_tools import _format
from copilot.models import build_model
from copilot.reply import Status
from copilot.tools import PROPOSE, READ
from copilot.tools.base import describe
from crm_core.access import ADMIN
from integrations.bootstrap import build_copilot
from integrations.settings import Settings
from tests.copilot.wire.conftest import Llama

QUESTION = "How many deals are there?"


def model_on(llama: Llama, **options: Any) -> Any:
    given = {"base_url": llama.url, "api_key": "none", "timeout": 60, "max_retries": 0, "max_tokens": 24}
    return build_model("openai:smollm2", None, tools="native", **given | options)


def settings_on(llama: Llama, home: Any, **given: Any) -> Settings:
    return Settings(
        _env_file=None, home=home, model="openai:smollm2", model_url=llama.url, model_retries=0, learn="off", **given
    )


def test_it_chats(llama):
    said = model_on(llama).invoke("Say hello.")

    assert said.text.strip()
    assert said.usage_metadata["input_tokens"] > 5
    assert 0 < said.usage_metadata["output_tokens"] <= 24


def test_it_streams(llama):
    pieces = [piece.text for piece in model_on(llama).stream("Count to five.")]

    assert len([piece for piece in pieces if piece]) > 3


def test_its_grammar_takes_the_schema_of_all_tools(llama):
    tools = [describe(tool) for tool in READ + PROPOSE]
    bound = model_on(llama, max_tokens=200).bind(extra_body={"response_format": _format(tools)}, temperature=0)

    said = bound.invoke([("system", "Answer in JSON."), ("human", QUESTION)])

    step = json.loads(said.text)
    assert step.keys() in ({"answer"}, {"tool", "arguments"})


def test_a_turn_in_json_ends_whatever_such_a_small_model_says(llama, deals, today, tmp_path):
    settings = settings_on(llama, tmp_path, model_tools="json", model_max_tokens=100, model_turn_s=0.1)

    reply = build_copilot(settings, deals, remembers=False).ask(QUESTION, thread="t", actor=ADMIN, today=today)

    assert reply.status in (Status.ANSWERED, Status.CANNOT, Status.CLARIFY)
    assert reply.receipt or reply.text


def test_too_slow_an_answer_is_given_by_the_planner(llama, deals, today, tmp_path):
    copilot = build_copilot(settings_on(llama, tmp_path, model_timeout_s=0.2), deals, remembers=False)

    reply = copilot.ask(QUESTION, thread="t", actor=ADMIN, today=today)

    assert reply.answers[-1].result.rows[0].values == (3,)
    assert any("did not answer in time" in line for line in reply.receipt)


def test_a_server_killed_while_it_answers_is_replaced_by_the_planner(llama, deals, today, tmp_path):
    copilot = build_copilot(settings_on(llama, tmp_path), deals, remembers=False)
    killer = threading.Timer(1.0, llama.process.kill)
    killer.start()

    started = time.monotonic()
    reply = copilot.ask(QUESTION, thread="t", actor=ADMIN, today=today)

    killer.join()
    assert 0.9 < time.monotonic() - started < 20
    assert reply.answers[-1].result.rows[0].values == (3,)
    assert any("not available now" in line for line in reply.receipt)


def test_a_stream_that_is_killed_raises_and_does_not_hang(llama):
    pieces = model_on(llama, max_tokens=2_000).stream("Tell a very long story about a seller.")
    next(pieces)
    llama.process.kill()

    with pytest.raises(Exception, match=r"(?i)connection|incomplete|peer|closed|stream"):
        list(pieces)
