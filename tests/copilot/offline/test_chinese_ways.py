"""Chinese: a cycle told from its first day, subsidiaries asked for by name."""

from datetime import date

import pytest

from copilot.offline.plan import Query
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from crm_core.query.run import run_query
from crm_core.setup import create_store
from crm_core.transfer import apply_import, plan_import

TODAY = date(2026, 11, 18)
FILES = {
    "accounts.csv": (
        "account,sector,revenue,subsidiary_of\nBrightwell,retail,100,\nOakmere,retail,90,Brightwell\nPinecroft,medical,80,Brightwell\n"
    ),
    "products.csv": "product,series,sales_price\nAlpha,A,100\nBeta,B,200\n",
    "sales_pipeline.csv": (
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
        "D1,Dora Oak,Alpha,Brightwell,Won,2026-01-01,2026-01-11,100\n"
        "D2,Dora Oak,Beta,Oakmere,Won,2026-02-01,2026-03-03,200\n"
        "D3,Dora Oak,Beta,Pinecroft,Engaging,2026-10-01,,\n"
    ),
}


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    folder = tmp_path_factory.mktemp("more_zh")
    store = create_store(f"sqlite:///{folder}/farley.db")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    apply_import(store, plan_import(store, [folder / name for name in FILES], today=TODAY), actor=ADMIN)
    planner = Planner(store)

    def answer(text):
        plan = planner.plan(text, dialogue=[], actor=ADMIN, today=TODAY)
        assert isinstance(plan, Query), plan
        return {str(row.values[0]) for row in run_query(store, plan.spec, actor=ADMIN, today=TODAY).rows}

    yield answer
    store.close()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Brightwell旗下有哪些子公司", {"Oakmere", "Pinecroft"}),
        ("Which companies are subsidiaries of Brightwell?", {"Oakmere", "Pinecroft"}),
        ("哪个产品从首次接触到签单的平均周期最长", {"Beta"}),
        ("Which product has the longest average sales cycle?", {"Beta"}),
    ],
)
def test_language_is_read(ask, text, first):
    assert ask(text) == first
