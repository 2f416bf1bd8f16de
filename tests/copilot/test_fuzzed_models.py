"""A model that sends anything at all, to every tool: each turn ends, without a bug, and nothing is applied.

150 turns in every run, 30,000 with FARLEY_SOAK=1.
"""

import os
import tempfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, InvalidToolCall

from copilot.agent import Copilot
from copilot.memory.engine import Conversations
from copilot.memory.saver import LatestSaver
from copilot.offline.model import OfflineModel
from copilot.offline.plan import Query
from copilot.reply import Status
from copilot.tools import PROPOSE, READ
from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.setup import create_store
from tests.factories import make_account, make_deal
from tests.scripted import COUNT, TOTAL, ScriptedModel, ScriptedPlanner, scripted

IN_SOAK = bool(os.environ.get("FARLEY_SOAK"))
TURNS = 30_000 if IN_SOAK else 150
WORDS = ("deal", "account", "amount", "stage", "name", "Engaging", "Won", "North", "eq", "in", "count", "sum", "update")

plain = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True), st.sampled_from(WORDS),
    st.text(st.characters(codec=None), max_size=12), st.just("\ud800"), st.just("x" * 60_000), st.just(10**40),
)  # fmt: skip
keys = st.sampled_from(
    ("spec", "entity", "where", "field", "op", "value", "all", "any", "not", "children", "measures", "fn", "group_by",
     "columns", "limit", "answer", "steps", "records", "set", "quote", "question", "options", "missing", "near",
     "name_or_id", "proposal", "instead_of", "actor", "confirmed", "runtime", "\ud800")
)  # fmt: skip
anything = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5), max_leaves=12
)
specs = st.fixed_dictionaries({"entity": st.sampled_from(WORDS)}, optional={"where": anything, "measures": anything})
steps = st.fixed_dictionaries(
    {"op": st.sampled_from(["create", "update", "delete", "convert"]), "entity": st.sampled_from(["deal", "account"])},
    optional={"records": anything, "where": anything, "set": st.dictionaries(st.sampled_from(WORDS), anything)},
)
arguments = st.one_of(
    st.dictionaries(keys, anything, max_size=4),
    specs.map(lambda spec: {"spec": spec}),
    st.lists(steps, max_size=3).map(lambda made: {"steps": made}),
    st.just({"spec": COUNT}),
)
names = st.sampled_from([tool.name for tool in READ + PROPOSE] + ["delete_all", "", "\ud800", "approve"])
one_call = st.tuples(names, arguments, st.sampled_from(["c", "", None, "d", "\ud800"]))
calling = st.lists(one_call, min_size=1, max_size=5).map(
    lambda made: AIMessage("", tool_calls=[{"name": n, "args": a, "id": i} for n, a, i in made])
)
broken = st.text(max_size=20).map(
    lambda text: AIMessage(
        "", invalid_tool_calls=[InvalidToolCall(type="invalid_tool_call", name=text, args=text, id=None, error=None)]
    )
)
talking = st.one_of(st.text(st.characters(codec=None), max_size=80), st.just(""), st.just("5 deals, 17%.")).map(
    AIMessage
)
failing = st.sampled_from(
    [ConnectionError("x"), TimeoutError("x"), ValueError("x"), RecursionError("x"), KeyError("x")]
)
scripts = st.lists(st.one_of(calling, calling, talking, broken, failing), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[Store, Copilot, ScriptedModel, ScriptedPlanner]]:
    """A store with a few records, and a copilot whose model and fallback each turn scripts anew."""
    with tempfile.TemporaryDirectory() as folder:
        store = create_store(f"sqlite:///{Path(folder) / 'farley.db'}")
        account = make_account(store, "North")
        for number in range(4):
            make_deal(store, f"Deal {number}", amount=Decimal(100), stage="Engaging", account=account)
        kept = Conversations(f"sqlite:///{Path(folder) / 'talk.db'}")
        planner = ScriptedPlanner()
        copilot, model = scripted(store, fallback=OfflineModel(planner=planner), checkpointer=LatestSaver(kept))
        yield store, copilot, model, planner
        kept.close()
        store.close()


def records(store: Store) -> list[Any]:
    with store.read() as connection:
        tables = [store.schema.entity(name).table for name in ("deal", "account")]
        return [tuple(row) for table in tables for row in connection.execute(table.select())]


@settings(
    max_examples=TURNS, deadline=None, derandomize=not IN_SOAK, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)  # fmt: skip
@given(script=scripts)
def test_whatever_a_model_sends_the_turn_ends_and_nothing_is_applied(world, script):
    store, copilot, model, planner = world
    before = records(store)
    model.script, planner.plans = list(script), [Query(TOTAL, "scalar")] * 3
    model.seen.clear()

    reply = copilot.ask("what now?", thread="fuzz", actor=ADMIN, today=date(2017, 11, 15))

    assert reply.error_id is None, reply
    assert reply.status in Status
    assert reply.text
    assert all(line.strip() for line in reply.receipt)
    "\n".join([reply.text, *reply.receipt, *reply.options]).encode()
    assert records(store) == before
