"""Names that many records share, and what is asked of the store for them."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import event

from copilot.offline.plan import Clarify, Query
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.setup import create_store
from crm_core.transfer import apply_import, load_rows, plan_import

TODAY = date(2026, 11, 20)
SHARED = 40  # companies with a word in common


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = create_store(f"sqlite:///{tmp_path_factory.mktemp('names') / 'farley.db'}")
    accounts = [{"external_id": f"A{at}", "name": f"{chr(65 + at % 26)}olberg{at // 26} Labs"} for at in range(SHARED)]
    twins = [
        {"external_id": "T1", "name": "Kamiten Foods", "city": "Oslo"},
        {"external_id": "T2", "name": "Kamiten Foods", "city": "Bergen"},
    ]
    deals = [{"external_id": "D-4711", "name": "First", "account": "A3", "stage": "S0"}]
    load_rows(
        store,
        {
            "pipeline": [{"external_id": "P1", "name": "Sales"}],
            "stage": [{"external_id": "S0", "name": "Talking", "kind": "open", "position": 0, "pipeline": "P1"}],
            "account": [*accounts, *twins],
            "deal": deals,
        },
        actor=ADMIN,
        door="test",
        summary="rows",
    )
    yield store
    store.close()


def test_a_word_that_many_names_share_narrows_none_and_the_other_word_tells(store: Store) -> None:
    plan = Planner(store).plan("how many open deals at Dolberg0 Labs", actor=ADMIN, today=TODAY)
    assert isinstance(plan, Query)
    assert "Dolberg0 Labs" in str(plan.spec.where)


def test_customers_of_one_name_are_told_apart_by_their_city(store: Store) -> None:
    plan = Planner(store).plan("log a call with Kamiten Foods, they want a quote", actor=ADMIN, today=TODAY)
    assert isinstance(plan, Clarify)
    assert {city for city in ("Oslo", "Bergen") for option in plan.options if city in option} == {"Oslo", "Bergen"}


def test_a_code_is_looked_up_once_a_turn(store: Store) -> None:
    asked: list[str] = []
    with store.read(ADMIN) as connection:
        engine = connection.engine
    planner = Planner(store)
    planner.plan("how many deals", actor=ADMIN, today=TODAY)

    @event.listens_for(engine, "before_cursor_execute")
    def heard(_conn: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if "external_id) IN" in statement and "FROM deals" in statement:
            asked.append(str(parameters))

    plan = planner.plan("which account is D-4711 at", actor=ADMIN, today=TODAY)
    event.remove(engine, "before_cursor_execute", heard)
    assert isinstance(plan, Query)
    assert sum("D-4711".lower() in each.lower() for each in asked) == 1


@pytest.fixture(scope="module")
def clinics(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Customers whose software is called by a word that sentences are full of."""
    folder = tmp_path_factory.mktemp("clinics")
    (folder / "companies.csv").write_text(
        "Company,Software,Industry\n"
        + "".join(f"Clinic {at},{'Exact' if at % 3 else 'Vetport'},Dental\n" for at in range(9)),
        encoding="utf-8",
    )
    store = create_store(f"sqlite:///{folder / 'farley.db'}")
    apply_import(store, plan_import(store, [folder / "companies.csv"], today=TODAY), actor=ADMIN)
    yield store
    store.close()


@pytest.mark.parametrize("text", ["how many companies use Exact", "还有多少家客户在用 Exact"])
def test_a_stored_value_is_never_taken_for_a_small_word(clinics: Store, text: str) -> None:
    plan = Planner(clinics).plan(text, actor=ADMIN, today=TODAY)
    assert isinstance(plan, Query)
    assert "Exact" in str(plan.spec.where)


def test_a_small_word_is_no_stored_value(clinics: Store) -> None:
    plan = Planner(clinics).plan("the exact number of companies", actor=ADMIN, today=TODAY)
    assert isinstance(plan, Query)
    assert plan.spec.where is None
