"""Questions in the words of a company's own headers."""

from collections.abc import Iterator

import pytest

from copilot.offline.plan import Query
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.query.run import run_query
from crm_core.setup import create_store
from crm_core.transfer import apply_import, plan_import
from tests.worlds import TODAY

FILES = {
    "companies.csv": "Company,Vertical,ARR\nAcme,Fintech,100\nBorg,Media,300\n",
    "reps.csv": "AE,VP,Office\nAna Ames,Eva Eck,Bonn\nBo Brook,Flo Falk,Rome\n",
    "opportunities.csv": "Ref,Company,AE,Stage,Created,Signed,ACV\n"
    "D1,Acme,Ana Ames,Won,2024-01-02,2024-02-01,10\nD2,Acme,Ana Ames,Won,2024-01-03,2024-08-01,20\n"
    "D3,Borg,Bo Brook,Lost,2024-01-04,2024-08-02,40\nD4,Borg,Bo Brook,Demo,2024-05-05,,80\n",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store that four deals were imported into."""
    folder = tmp_path_factory.mktemp("own_words")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    made = create_store(f"sqlite:///{folder}/farley.db")
    apply_import(made, plan_import(made, [folder], today=TODAY), actor=ADMIN)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("total ACV of won deals", [(30,)]),
        ("average acv of won deals", [(15,)]),
        ("total ARR", [(400,)]),  # "not held" in other stores
        ("win rate by vertical", [("Fintech", 1.0), ("Media", 0.0)]),
        ("which AE won the most deals", [("Ana Ames", 2)]),
        ("won deals by VP", [("Eva Eck", 2)]),
        ("how many AEs are in Bonn", [(1,)]),
        ("how many deals were created in May 2024", [(1,)]),  # when it began, not when its row was made
        ("how many deals were signed in Q3 2024", [(1,)]),  # what was won, though lost deals have the date too
    ],
)
def test_a_header_is_a_word_of_the_questions(store: Store, question: str, rows: list[tuple[object, ...]]) -> None:
    plan = Planner(store).plan(question, dialogue=(), actor=ADMIN, today=TODAY)

    assert isinstance(plan, Query), plan
    found = run_query(store, plan.spec, actor=ADMIN, today=TODAY)
    assert [row.values for row in found.rows] == rows
