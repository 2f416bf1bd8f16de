"""What is late, what is planned for a day to come, days gone by and the source of deals."""

from datetime import date

import pytest

from copilot.offline.plan import Query
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from crm_core.query.run import run_query
from crm_core.setup import create_store
from crm_core.transfer import apply_import, plan_import
from crm_core.users import actor_for

TODAY = date(2026, 11, 22)
FILES = {
    "staff.csv": (
        "Name,Email,Team,Manager\nRuth Amsel,ruth@a.example,Head office,\nTom Birch,tom@a.example,Norway,Ruth Amsel\n"
    ),
    "deals.csv": (
        "Deal,Company,Sales rep,Stage,Status,Value,Source,Created,Closed\n"
        "D1,Oak,Tom Birch,Closed,Won,10,Fair,2026-08-01,2026-09-01\n"
        "D2,Elm,Tom Birch,Closed,Lost,10,Web,2026-08-01,2026-09-01\n"
    ),
    "tasks.csv": (
        "Task,Owner,Due date,Status\nT1,Tom Birch,2026-11-02,Open\nT2,Tom Birch,2026-11-03,Open\n"
        "T3,Ruth Amsel,2026-10-01,Open\nT4,Tom Birch,2026-11-23,Open\nT5,Ruth Amsel,2026-11-23,Open\n"
    ),
}


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    folder = tmp_path_factory.mktemp("days")
    store = create_store(f"sqlite:///{folder}/farley.db")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    apply_import(store, plan_import(store, [folder / name for name in FILES], today=TODAY), actor=ADMIN)
    planner = Planner(store)

    def asked(text, who):
        actor = actor_for(store, who)
        plan = planner.plan(text, dialogue=[], actor=actor, today=TODAY)
        assert isinstance(plan, Query), plan
        return [row.values[0] for row in run_query(store, plan.spec, actor=actor, today=TODAY).rows]

    yield asked
    store.close()


@pytest.mark.parametrize(
    ("text", "who", "firsts"),
    [
        ("who has the most overdue tasks?", "Ruth Amsel", ["Tom Birch"]),
        ("who has most overdue activities?", "Ruth Amsel", ["Tom Birch"]),
        ("谁的逾期任务最多", "Ruth Amsel", ["Tom Birch"]),
        ("what have I got on tomorrow?", "Tom Birch", ["T4"]),
        ("which tasks have a due date that's already gone by?", "Tom Birch", ["T1", "T2", "T3"]),
    ],
)
def test_what_is_late_and_what_is_planned(ask, text, who, firsts):
    assert sorted(str(v) for v in ask(text, who)) == firsts
