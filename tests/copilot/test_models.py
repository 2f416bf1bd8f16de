"""From a setting's name to a model."""

import sys

import pytest
from langchain_core.messages import HumanMessage

from copilot.models import build_model, name_of
from copilot.offline.model import OfflineModel
from copilot.offline.plan import Query, Say
from crm_core.db import Store
from crm_core.errors import Invalid, Unavailable
from crm_core.query.spec import QuerySpec
from tests.results import a_turn
from tests.scripted import ScriptedPlanner


def test_offline_is_a_model_like_any_other(sqlite_store: Store):
    model = build_model("offline", sqlite_store)

    assert isinstance(model, OfflineModel)
    assert name_of(model) == "offline"


@pytest.mark.parametrize("name", ["", "gpt-5", "nowhere:model"])
def test_a_name_that_means_nothing_says_what_would(sqlite_store: Store, name):
    with pytest.raises(Invalid, match="no model"):
        build_model(name, sqlite_store)


def test_a_vendor_whose_package_is_missing_says_what_to_install(sqlite_store: Store, monkeypatch):
    monkeypatch.setitem(sys.modules, "langchain_anthropic", None)

    with pytest.raises(Unavailable, match=r"pip install langchain-anthropic"):
        build_model("anthropic:claude-sonnet", sqlite_store)


def test_the_offline_model_streams_what_it_would_say():
    model = OfflineModel(planner=ScriptedPlanner(Say("Hello."), Query(QuerySpec(entity="deal"), "list")))
    bound = model.bind_tools([], turn=a_turn())

    (words, *_), (calls, *_) = list(bound.stream([HumanMessage("hi")])), list(bound.stream([HumanMessage("deals")]))

    assert words.text == "Hello."
    assert calls.tool_calls[0]["args"] == {"spec": {"entity": "deal"}}
