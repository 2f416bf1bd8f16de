"""Our own cases, over the demo company: the free suite that gates every change."""

from datetime import date
from pathlib import Path

import pytest

from copilot.agent import Copilot
from copilot.models import offline_model
from evals.case import load_cases
from evals.gold import settle
from evals.report import Report
from evals.run import run_cases
from evals.solvers import copilot_solver
from evals.world import demo_world, imported_world

# What the offline planner reads wrongly so far: nothing may join, and what leaves is taken out here.
NOT_YET = {
    "follow-up-narrows", "follow-up-replaces", "lost-by-reason",
}  # fmt: skip
CASES = Path(__file__).parents[2] / "evals" / "cases" / "first.yaml"


@pytest.fixture(scope="module")
def report():
    cases = load_cases([CASES])
    with demo_world(max(case.today for case in cases)) as world, world.copy() as store:
        solve = copilot_solver(Copilot(offline_model(store), store.for_agent), store)
        return Report(list(run_cases([settle(case, store) for case in cases], solve)))


def test_every_case_says_why_it_matters():
    assert [case.id for case in load_cases([CASES]) if len(case.why) < 20] == []


def test_case_ids_are_unique():
    ids = [case.id for case in load_cases([CASES])]

    assert len(ids) == len(set(ids))


def test_every_other_case_is_answered_rightly(report):
    assert {outcome.case.id for outcome in report.failures()} - NOT_YET == set(), "\n".join(report.lines(failures=100))


def test_a_question_takes_a_fraction_of_a_second(report):
    assert report.latency_ms(95) < 1000


def test_a_world_is_what_its_files_say_and_a_copy_is_its_own(tmp_path):
    (tmp_path / "accounts.csv").write_text("account,employees\nAcme,12\nBolt,30\n", encoding="utf-8")

    with imported_world(tmp_path, today=date(2026, 3, 31)) as world:
        with world.copy() as store, store.write() as connection:
            connection.exec_driver_sql("UPDATE accounts SET name = 'Changed'")
        with world.copy() as store, store.read() as connection:
            names = sorted(row[0] for row in connection.exec_driver_sql("SELECT name FROM accounts"))

    assert names == ["Acme", "Bolt"]
