"""A store with contacts, leads and tasks: deals told by a word of their names, people and tasks that are there."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from copilot.offline.plan import Clarify, Propose
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from crm_core.setup import create_store
from crm_core.transfer import load_rows

TODAY = date(2026, 11, 20)
COMPANY: dict[str, list[dict[str, Any]]] = {
    "user": [{"external_id": "U1", "name": "Wes Calloway"}, {"external_id": "U2", "name": "Joanna Pike"}],
    "pipeline": [{"external_id": "P1", "name": "Sales"}],
    "stage": [
        {"external_id": f"S{at}", "name": name, "kind": kind, "position": at, "pipeline": "P1"}
        for at, (name, kind) in enumerate(
            [("Discovery", "open"), ("Proposal", "open"), ("Won", "won"), ("Lost", "lost")]
        )
    ],
    "product": [{"external_id": "R1", "name": "Rounds Parts"}, {"external_id": "R2", "name": "Rounds Dispatch"}],
    "account": [
        {"external_id": "A1", "name": "Liftwell Vertical"},
        {"external_id": "A2", "name": "Alder Valley Power", "industry": "Depot"},
        {"external_id": "A3", "name": "Cedar Plains Water"},
    ],
    "contact": [
        {"external_id": "C1", "name": "Keisha Mbeki", "account": "A1"},
        {"external_id": "C2", "name": "Keisha Vance", "account": "A2"},
    ],
    "lead": [{"external_id": "L1", "name": "Owen Quigley", "company": "Birchmere Logistics", "status": "qualified"}],
    "deal": [
        {"external_id": code, "name": name, "account": account, "product": product, "stage": "S0", "owner": "U1",
         "closes_on": date(2026, 12, 1)}
        for code, name, account, product in (
            ("D1", "Liftwell - Parts, two regions", "A1", "R1"),
            ("D2", "Liftwell - Dispatch, night shift", "A1", "R2"),
            ("D3", "Alder Valley - Parts, depot", "A2", "R1"),
            ("D4", "Cedar Plains renewal", "A3", "R1"),
            ("D5", "Cedar Plains renewal", "A3", "R1"),
        )
    ],
    "task": [
        {"external_id": "T1", "title": "Get the decision date", "account": "A1", "owner": "U1", "status": "open"},
        {"external_id": "T2", "title": "Get the decision date", "account": "A2", "owner": "U1", "status": "open"},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = create_store(f"sqlite:///{tmp_path_factory.mktemp('known')}/farley.db")
    load_rows(made, COMPANY, actor=ADMIN, door="cli", summary="rows of a test")
    yield made
    made.close()


def proposed(store: Store, text: str) -> list[tuple[str, str, list[str], dict[str, Any]]]:
    plan = Planner(store).plan(text, dialogue=(), actor=ADMIN, today=TODAY)
    assert isinstance(plan, Propose), plan
    return [(s.op, s.entity, [code(store, s.entity, i) for i in s.records], dict(s.set)) for s in plan.steps]


def code(store: Store, entity: str, record: int | str) -> str:
    rows = run_query(store, QuerySpec(entity=entity, columns=["external_id"]), actor=ADMIN, today=TODAY).rows
    return next(str(row.values[0]) for row in rows if row.record_id == record)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("liftwell parts down to 98k", ("update", "deal", ["D1"], {"amount": 98000})),
        ("alder valley parts 91.2 -> 88k", ("update", "deal", ["D3"], {"amount": 88000})),
        ("delete the Alder Valley depot, it was a duplicate", ("delete", "deal", ["D3"], {})),
        ("alder valley depot is now at 98k", ("update", "deal", ["D3"], {"amount": 98000})),
        ("Delete the Alder Valley deal", ("delete", "deal", ["D3"], {})),
        ("hand Wes's open Liftwell deals to Joanna Pike", ("update", "deal", ["D1", "D2"], {"owner": "Joanna Pike"})),
        ("convert the lead Owen Quigley", ("convert", "lead", ["L1"], {})),
        ("Keisha Mbeki is now COO", ("update", "contact", ["C1"], {"title": "COO"})),
        ("Keisha Vance's new number is +1 562 555 0199", ("update", "contact", ["C2"], {"phone": "+1 562 555 0199"})),
        ('mark the task "Get the decision date" for Liftwell done', ("update", "task", ["T1"], {"status": "done"})),
        ("postpone the Alder Valley decision date task to December 4",
         ("update", "task", ["T2"], {"due_on": "2026-12-04"})),
    ],
)  # fmt: skip
def test_words_beside_a_customer_find_its_records(store: Store, text: str, found: tuple[Any, ...]) -> None:
    assert proposed(store, text) == [found]


@pytest.mark.parametrize("text", ["Cedar Plains renewal goes to Proposal", "Cedar Plains renewal 推到 Proposal"])
def test_deals_of_one_name_are_told_apart_by_their_ids(store: Store, text: str) -> None:
    plan = Planner(store).plan(text, dialogue=(), actor=ADMIN, today=TODAY)

    assert isinstance(plan, Clarify)
    assert sorted(option[:2] for option in plan.options) == ["D4", "D5"]


def test_a_person_of_a_common_first_name_is_the_one_at_the_customer(store: Store) -> None:
    ((_, entity, _, values),) = proposed(store, "called Keisha at Liftwell, no answer")

    assert (entity, code(store, "contact", values["contact"])) == ("interaction", "C1")


def test_what_is_said_in_parts_becomes_a_step_each(store: Store) -> None:
    found = proposed(
        store,
        "Met Keisha Mbeki at Liftwell today, parts deal goes to Proposal, close date end of January, "
        "and task for me to send redlines by Wednesday",
    )

    assert [(op, entity) for op, entity, _, _ in found] == [
        ("create", "interaction"),
        ("update", "deal"),
        ("create", "task"),
    ]
    assert found[1][2:] == (["D1"], {"stage": "Proposal", "closes_on": "2027-01-31"})


def test_a_part_that_is_not_understood_is_never_left_out(store: Store) -> None:
    plan = Planner(store).plan(
        "Liftwell moved to Portland and now has 700 employees", dialogue=(), actor=ADMIN, today=TODAY
    )

    assert not isinstance(plan, Propose)
