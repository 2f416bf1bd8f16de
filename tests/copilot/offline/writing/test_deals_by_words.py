"""Deals told by some words of their names, which other deals share: who and what else is named says which."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from copilot.offline.plan import Clarify, Plan, Propose
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from crm_core.setup import create_store
from crm_core.transfer import load_rows

TODAY = date(2026, 3, 18)
DEALS = {
    "D1": ("Canal Street Depot - Chiller Rental", "A1", "open"),
    "D2": ("Canal Street Depot - Compressor Rental", "A1", "open"),
    "D3": ("Canal Street School - Chiller Sale", "A2", "open"),
    "D4": ("Route 7 Bakery - Chiller Sale", "A2", "open"),
    "D5": ("Route 7 Garage - Compressor Sale", "A3", "open"),
    "D6": ("Yard Lane Dairy - Chiller Sale", "A1", "open"),
    "D7": ("柳园体育馆冷水机租赁", "A4", "open"),
    "D8": ("柳园体育馆空压机租赁", "A4", "open"),
    "D9": ("柳园小学冷水机销售", "A5", "open"),
}
ROWS: dict[str, list[dict[str, Any]]] = {
    "user": [{"external_id": "U1", "name": "Ida Bloom"}],
    "pipeline": [{"external_id": "P1", "name": "Sales"}],
    "stage": [
        {"external_id": name, "name": name, "kind": kind, "position": at, "pipeline": "P1"}
        for at, (name, kind) in enumerate([("Inquiry", "open"), ("Offer", "open"), ("Ordered (Won)", "won"),
                                           ("Lost", "lost")])
    ],
    "account": [
        {"external_id": code, "name": name}
        for code, name in (("A1", "Harrow Cooling"), ("A2", "Pell Bakers"), ("A3", "Dunmore Motors"),
                           ("A4", "江南锦程机电"), ("A5", "常州远帆教育"))
    ],
    "contact": [{"external_id": "C1", "name": "Mona Fitch", "account": "A2"},
                {"external_id": "C2", "name": "Ralph Oates", "account": "A1"}],
    "deal": [
        {"external_id": code, "name": name, "account": account, "stage": "Inquiry", "owner": "U1"}
        for code, (name, account, _) in DEALS.items()
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = create_store(f"sqlite:///{tmp_path_factory.mktemp('words')}/farley.db")
    load_rows(made, ROWS, actor=ADMIN, door="cli", summary="rows of a test")
    yield made
    made.close()


@pytest.fixture(scope="module")
def planner(store: Store) -> Planner:
    return Planner(store)


def named(store: Store, ids: list[Any]) -> list[str]:
    rows = run_query(store, QuerySpec(entity="deal", columns=["external_id"]), actor=ADMIN, today=TODAY).rows
    return [str(row.values[0]) for row in rows if row.record_id in ids]


def steps(plan: Plan) -> Any:
    assert isinstance(plan, Propose), plan
    return plan.steps


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Move the Canal Street chillers at Harrow Cooling to Offer", "D1"),
        ("Pell's Canal Street deal goes to Offer", "D3"),
        ("move Route 7 for Dunmore Motors to Offer", "D5"),
        ("Harrow Cooling compressors at Canal Street to Offer", "D2"),
        ("江南锦程柳园体育馆的空压机推到 Offer", "D8"),
        ("锦程柳园体育馆那台冷水机推进到 Offer", "D7"),
        ("远帆的柳园小学推进到 Offer", "D9"),
    ],
)
def test_the_customer_and_further_words_say_which_deal(store: Store, planner: Planner, text: str, code: str) -> None:
    (step,) = steps(planner.plan(text, actor=ADMIN, today=TODAY))

    assert (named(store, step.records), step.set) == ([code], {"stage": "Offer"})


@pytest.mark.parametrize("text", ["Move the Canal Street chillers to Offer", "Move Route 7 to Offer"])
def test_words_that_several_deals_share_are_asked_about(planner: Planner, text: str) -> None:
    assert isinstance(planner.plan(text, actor=ADMIN, today=TODAY), Clarify)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Emailed Mona Fitch the drawings for Route 7 yesterday", "D4"),
        ("Called Ralph Oates about the Canal Street compressors, we then walked the yard", "D2"),
    ],
)
def test_a_person_says_whose_deal_it_is(store: Store, planner: Planner, text: str, code: str) -> None:
    (step,) = steps(planner.plan(text, actor=ADMIN, today=TODAY))

    assert named(store, [step.set["deal"]]) == [code]


def test_a_stage_goes_by_its_name_without_what_stands_in_brackets(store: Store, planner: Planner) -> None:
    plan = planner.plan("mark the Route 7 Garage compressors ordered", actor=ADMIN, today=TODAY)

    (step,) = steps(plan)
    assert (named(store, step.records), step.set["stage"]) == (["D5"], "Ordered (Won)")
