"""What an asker may not see leaves no trace: two stores, one with records of others in it, answer alike.

Every tool is called on both, and the offline planner is asked; texts, statuses, receipts and what a model reads must be
the same to the letter.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from langchain_core.messages import ToolMessage

from copilot.agent import Copilot
from copilot.models import offline_model
from copilot.reply import Reply, Status
from crm_core.access import Actor, Scope
from crm_core.db import Store
from crm_core.models import UserRole
from crm_core.setup import create_store
from integrations.indexing import keep_in_step
from tests.factories import (
    actor_for,
    make_account,
    make_contact,
    make_deal,
    make_interaction,
    make_lead,
    make_task,
    make_user,
)
from tests.scripted import calls, remembered, says, scripted

HIDDEN, NOWHERE = "Palisade Holdings", "Quorum Holdings"
ME, OTHER = 101, 102


def fill(store: Store, *, with_hidden: bool) -> None:
    """Both use the same kinds of records and fields: what a company uses at all is no secret among its people."""
    me = make_user(store, "Ingrid Berg", id=ME)
    other = make_user(store, "Tomas Vale", id=OTHER)
    own = make_account(store, "Brightwater Foods", id=1, owner=me, industry="retail", external_id="A-1", employees=12)
    make_contact(store, "Ada Byron", id=2, account=own, owner=me, email="ada@brightwater.example")
    make_deal(
        store, "Brightwater renewal", id=3, account=own, owner=me, amount=Decimal(500), closes_on=date(2017, 12, 1)
    )
    make_deal(store, "Brightwater start", id=5, account=own, owner=me, amount=Decimal(70), stage="Won",
              closed_on=date(2017, 10, 2), currency="USD", source="fair")  # fmt: skip
    make_interaction(store, date(2017, 11, 1), id=4, subject="Call", body="Fine.", account=own, user=me, deal=3)
    make_lead(store, "Lena Frost", id=6, company="Frost Works", owner=me)
    make_task(store, "Ring Ada", id=7, account=own, owner=me)
    if with_hidden:
        theirs = make_account(store, HIDDEN, id=11, owner=other, industry="mining", external_id="A-9", employees=40)
        make_contact(store, "Grace Palisade", id=12, account=theirs, owner=other, email="grace@palisade.example")
        deal = make_deal(store, "Palisade rollout", id=13, account=theirs, owner=other, amount=Decimal(9000),
                         stage="Won", closed_on=date(2017, 11, 2), currency="EUR", source="fair")  # fmt: skip
        make_interaction(store, date(2017, 11, 9), id=14, subject="Palisade", body="Secret.", account=theirs, deal=deal,
                         user=other)  # fmt: skip
        make_lead(store, "Otto Palisade", id=15, company=HIDDEN, owner=other)
        make_task(store, "Ring Palisade", id=16, account=theirs, owner=other)


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """Shared by all tests: what they propose is never applied."""
    stores = []
    for name in ("plain", "hidden"):
        store = create_store(f"sqlite:///{tmp_path_factory.mktemp('twins') / name}.db")
        fill(store, with_hidden=name == "hidden")
        keep_in_step(store)
        stores.append(store)
    yield stores[0], stores[1]
    for store in stores:
        store.close()


def me(**given: Any) -> Actor:
    return actor_for(ME, reads=Scope.OWN, writes=Scope.OWN, **given)


def told(copilot: Copilot, reply: Reply, *, thread: str = "t") -> list[Any]:
    """All of a turn that anybody can see, without random ids."""
    kept = remembered(copilot, thread=f"{ME}/{thread}")
    read = [str(message.content) for message in kept if isinstance(message, ToolMessage)]
    shown = [reply.status, reply.text, reply.options, reply.suggestions, reply.receipt, len(reply.proposals)]
    rows = [(answer.result.rows, answer.result.total, answer.result.missing) for answer in reply.answers]
    return [
        re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{8,}\b", "#", str(part))
        for part in (*shown, *rows, *read)
    ]


def spec(entity: str, **given: Any) -> tuple[str, dict[str, Any]]:
    return "query_crm", {"spec": {"entity": entity, **given}}


def named(name: str) -> dict[str, Any]:
    return {"field": "name", "op": "eq", "value": name}


def change(**step: Any) -> tuple[str, dict[str, Any]]:
    return "propose_changes", {"steps": [step]}


CALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("get_record", {"entity": "account", "name_or_id": HIDDEN}),
    ("get_record", {"entity": "account", "name_or_id": "Palisade"}),
    ("get_record", {"entity": "account", "name_or_id": "A-9"}),
    ("get_record", {"entity": "contact", "name_or_id": "Grace Palisade"}),
    ("get_record", {"entity": "deal", "name_or_id": "Palisade rollout"}),
    ("get_record", {"entity": "lead", "name_or_id": "Otto Palisade"}),
    ("get_record", {"entity": "account", "name_or_id": "Brightwater Foods"}),
    *(("describe_data", {"entity": name}) for name in ("account", "contact", "deal", "lead", "interaction", "task")),
    *(spec(entity) for entity in ("account", "contact", "deal", "lead", "interaction", "task", "stage_change")),
    *(spec(entity, measures=[{"fn": "count"}]) for entity in ("account", "contact", "deal", "lead", "interaction")),
    spec("account", where=named(HIDDEN)),
    spec("deal", where={"field": "account.name", "op": "eq", "value": HIDDEN}),
    spec("deal", where={"field": "account", "op": "eq", "value": 11}),
    spec("deal", where={"field": "owner", "op": "eq", "value": "Tomas Vale"}, measures=[{"metric": "pipeline"}]),
    spec("deal", group_by=[{"field": "owner"}], measures=[{"fn": "sum", "field": "amount"}]),
    spec("deal", group_by=[{"field": "account.industry"}], measures=[{"fn": "count", "share": True}]),
    spec("deal", measures=[{"metric": "bookings"}, {"metric": "win_rate"}, {"metric": "pipeline"}]),
    spec("user", columns=["name", "open_deal_count"]),
    spec("account", columns=["name", "won_amount"]),
    spec("account", measures=[{"fn": "sum", "field": "won_amount"}]),
    spec("user", where={"children": "deals", "op": "ge", "value": 1}),
    spec("stage", group_by=[{"field": "name"}], measures=[{"fn": "count"}]),
    change(op="update", entity="account", records=[HIDDEN], set={"industry": "retail"}),
    change(op="update", entity="account", records=[11], set={"industry": "retail"}),
    change(op="delete", entity="deal", records=["Palisade rollout"]),
    change(op="update", entity="deal", where={"field": "stage", "op": "eq", "value": "Won"}, set={"next_step": "x"}),
    change(op="convert", entity="lead", records=["Otto Palisade"]),
    change(op="create", entity="contact", set={"name": "Grace Palisade", "email": "grace@palisade.example"}),
    change(op="create", entity="account", set={"name": HIDDEN}),
    change(op="create", entity="task", set={"title": "Ring", "account": HIDDEN}),
    ("withdraw_proposal", {"proposal": "0123456789"}),
    ("search_history", {"query": "secret"}),
    ("search_history", {"query": "fine"}),
    ("search_history", {"query": "secret", "about": ["account:#11"]}),
    ("search_history", {"query": "secret", "about": [f"account:{HIDDEN}"]}),
    ("search_history", {"query": "secret", "about": ["deal:Palisade rollout"], "kinds": ["note"]}),
)  # fmt: skip


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call[0]}-{str(call[1])[:60]}")
def test_what_is_out_of_reach_leaves_no_trace_in_any_tool(twins, today, call):
    seen = []
    for store in twins:
        copilot, _ = scripted(store, calls(call[0], **call[1]), says("Done."))
        seen.append(told(copilot, copilot.ask("look", thread="t", actor=me(), today=today)))

    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("ask", "entity"),
    [
        (lambda name: ("get_record", {"entity": "account", "name_or_id": name}), "account"),
        (lambda name: spec("deal", where={"field": "account.name", "op": "eq", "value": name}), "deal"),
        (lambda name: change(op="update", entity="account", records=[name], set={"industry": "x"}), "account"),
        (lambda name: ("search_history", {"query": "price", "about": [f"account:{name}"]}), "account"),
        (lambda name: change(op="create", entity="task", set={"title": "Ring", "account": name}), "task"),
    ],
)
def test_a_hidden_record_answers_exactly_like_one_that_does_not_exist(
    twins, today, ask: Callable[[str], tuple[str, dict[str, Any]]], entity: str
):
    seen = []
    for name in (HIDDEN, NOWHERE):
        tool, args = ask(name)
        copilot, _ = scripted(twins[1], calls(tool, **args), says("Done."))
        reply = copilot.ask("look", thread="t", actor=me(), today=today)
        assert reply.status is not Status.REFUSED
        seen.append([part.replace(name, "X") for part in told(copilot, reply)])

    assert seen[0] == seen[1]


QUESTIONS = (
    "how many deals are there?", "show me Palisade Holdings", "what is the amount of Palisade rollout?",
    "deals of Tomas Vale", "total amount of deals by owner", "which accounts are in mining?", "who is Grace Palisade?",
    "有多少商机？", "显示Palisade Holdings的商机", "各负责人的商机金额",
    "what did Palisade Holdings say about the price?", "who mentioned a secret?", "谁说过秘密？",
    "delete the deal Palisade rollout", "move Palisade rollout to Lost",
)  # fmt: skip


@pytest.fixture(scope="module")
def planners(twins) -> list[Copilot]:
    """A planner reads its words once."""
    return [Copilot(offline_model(store.for_agent), store.for_agent) for store in twins]


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_offline_planner_knows_nothing_of_what_is_out_of_reach(planners, today, question):
    seen = [
        told(copilot, copilot.ask(question, thread=question, actor=me(), today=today), thread=question)
        for copilot in planners
    ]

    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("actor", "scope"),
    [
        (me(), "your own deals"),
        (actor_for(ME, reads=Scope.TEAM, team=[OTHER]), "your team's deals"),
        (actor_for(ME, reads=Scope.ALL), "all deals"),
    ],
)
def test_the_receipt_names_the_scope_and_no_hidden_count(twins, today, actor, scope):
    copilot, _ = scripted(twins[1], calls("query_crm", spec={"entity": "deal"}), says("Here they are."))

    reply = copilot.ask("deals?", thread="t", actor=actor, today=today)

    assert reply.receipt == (f"Looked at: {scope}.",)


def test_refused_is_for_a_verb_that_the_role_lacks(twins, today):
    step = change(op="update", entity="account", records=["Brightwater Foods"], set={"industry": "x"})
    auditor = actor_for(ME, reads=Scope.ALL, writes=Scope.NONE, role=UserRole.AUDITOR)

    statuses = {}
    for name, actor in (("rep", me()), ("auditor", auditor)):
        copilot, _ = scripted(twins[0], calls(step[0], **step[1]), says("Done."))
        statuses[name] = copilot.ask("change it", thread="t", actor=actor, today=today).status

    assert statuses == {"rep": Status.PROPOSED, "auditor": Status.REFUSED}
