"""The verdicts: each kind of check right and wrong, and agreement with the shared grader where it is at hand."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from evals.case import Case
from evals.check import Check
from evals.scorers import Verdict, is_right, judge

GRADER = Path(__file__).parents[3] / "shared" / "tools" / "grade.py"
CHECKS: TypeAdapter[Any] = TypeAdapter(Check)


def check(**given: Any) -> Any:
    return CHECKS.validate_python(given)


def answer(*rows: list[Any], columns: tuple[str, ...] = (), text: str = "", status: str = "answered") -> dict[str, Any]:
    return {
        "status": status,
        "text": text,
        "columns": list(columns),
        "rows": list(rows),
        "proposals": [],
        "options": [],
    }


def proposal(*changes: dict[str, Any]) -> dict[str, Any]:
    return {"status": "proposed", "text": "", "rows": [], "proposals": [{"changes": list(changes)}]}


def update(record: str, **values: Any) -> dict[str, Any]:
    pairs = {name: [None, value] for name, value in values.items()}
    return {
        "op": "update",
        "entity": "deal",
        "external_id": record,
        "label": "A deal",
        "record_id": 7,
        "set": pairs,
    }


SCALAR = {"kind": "scalar", "value": 0.25, "rel_tol": 0.01, "unit": "ratio"}
TABLE = {"kind": "table", "rows": {"2017-03": 10, "2017-04": 20}, "rel_tol": 0}
WANTED = {
    "op": "update",
    "entity": "deal",
    "record": "AB12CD34",
    "set": {"stage": "Won", "close_date": "2017-12-31"},
}

RIGHT = [
    (SCALAR, answer([0.25])),
    (SCALAR, answer([25.1])),
    (SCALAR, answer(text="That is 25%.")),
    (SCALAR, answer(["North", 0.25])),
    (TABLE, answer(["April 2017", 20], ["Mar", 10])),
    (TABLE, answer(["3月", "10"], ["4月", "20"], [None, 5])),
    (TABLE, answer([10, 20], columns=("2017-03", "2017-04"))),
    ({"kind": "set", "values": ["Ada", "Bo"]}, answer([1, "bo"], [2, "ADA"])),
    ({"kind": "ordered", "values": ["2017-Q2", "2017-Q1"]}, answer(["第二季度"], ["Q1 2017"])),
    ({"kind": "record", "values": {"revenue": 12.5, "country": "Italy"}}, answer(["italy", 12_500_000])),
    ({"kind": "record", "values": {"exists": True}}, answer(text="Yes, there is one.")),
    ({"kind": "clarify", "options": ["Ada North"]}, answer(text="Which Ada?", status="clarify")),
    ({"kind": "cannot"}, answer(text="No weather here.", status="cannot")),
    ({"kind": "empty"}, answer()),
    ({"kind": "empty"}, answer([0])),
    ({"kind": "proposal", "changes": [WANTED]}, proposal(update("AB12CD34", stage="Won", closed_on="2017-12-31"))),
    ({"kind": "withdraw"}, answer(text="Dropped.")),
    (
        {"kind": "split", "records": ["A", "B"], "field": "owner", "counts": {"Ada": 1, "Bo": 1}},
        proposal(update("B", owner="Ada"), update("A", owner="Bo")),
    ),
]  # fmt: skip

WRONG = [
    (SCALAR, answer([0.26])),
    (SCALAR, answer([0.25], status="clarify")),
    (SCALAR, {**answer([0.25]), "proposals": [{"changes": []}]}),
    (TABLE, answer(["2017-03", 10], ["2017-04", 20], ["2017-05", 1])),
    (TABLE, answer(["2017-03", 10])),
    ({"kind": "set", "values": ["Ada", "Bo"]}, answer(["Ada"])),
    ({"kind": "ordered", "values": ["Ada", "Bo"]}, answer(["Bo"], ["Ada"])),
    ({"kind": "record", "values": {"employees": 12}}, answer([13])),
    ({"kind": "clarify", "options": ["Ada North"]}, answer(text="Which month?", status="clarify")),
    ({"kind": "cannot"}, answer([7])),
    ({"kind": "empty"}, answer(["Ada"])),
    ({"kind": "proposal", "changes": [WANTED]}, proposal(update("AB12CD34", stage="Won"))),
    ({"kind": "proposal", "changes": [WANTED]}, proposal(update("AB12CD34", **WANTED["set"], amount=5))),
    ({"kind": "withdraw"}, proposal(update("A", stage="Won"))),
    (
        {"kind": "split", "records": ["A", "B"], "field": "owner", "counts": {"Ada": 2}},
        proposal(update("A", owner="Ada"), update("A", owner="Ada")),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("given", "reply"), RIGHT)
def test_a_right_reply_is_right(given, reply):
    assert is_right(check(**given), reply)


@pytest.mark.parametrize(("given", "reply"), WRONG)
def test_a_wrong_reply_is_not_right(given, reply):
    assert not is_right(check(**given), reply)


def test_an_implied_date_may_be_left_to_the_store():
    given = {"kind": "proposal", "changes": [{**WANTED, "implied": ["close_date"]}]}

    assert is_right(check(**given), proposal(update("AB12CD34", stage="Won")))
    assert not is_right(check(**given), proposal(update("AB12CD34", stage="Won", closed_on="2017-12-30")))


def test_a_fall_counts_told_either_way_only_where_a_change_was_asked_for():
    given = check(kind="scalar", value=12.0)

    assert is_right(given, answer([-12]), skill="read.growth")
    assert not is_right(given, answer([-12]), skill="read.sum")


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("answered", Verdict.WRONG),
        ("clarify", Verdict.DECLINED),
        ("cannot", Verdict.DECLINED),
        ("error", Verdict.DECLINED),
    ],
)
def test_only_a_wrong_answer_told_as_right_is_the_dangerous_kind(status, verdict):
    case = Case.model_validate(
        {"id": "a", "turns": ["?"], "today": "2017-12-31", "check": {"kind": "set", "values": ["Ada"]}}
    )

    assert judge(case, answer(["Bo"], status=status)) is verdict


@pytest.fixture(scope="module")
def grader() -> ModuleType:
    if not GRADER.exists():
        pytest.skip(f"the shared grader is not here: {GRADER}")
    spec = importlib.util.spec_from_file_location("shared_grader", GRADER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


LABELS = st.sampled_from(
    ["Ada", "ada ", "Bo", "2017-03", "March", "Mar 2017", "3月", "2016年3月", "Q1", "2017-Q1", "第一季度", "2017 Q2",
     "technolgy", "Technology", "GTXPro", "", "none", "AB12CD34", None, "2017-03-01", "may", "sept", "10%"]
)  # fmt: skip
NUMBERS = st.sampled_from(
    [0, 1, -1, 10, 20, 0.25, 25, 0.2501, -0.25, "25%", "$1,200", 1200, "1.2k", "12 days", 12, None, True, "x", 1e6,
     12_500_000]
)  # fmt: skip
CELLS = LABELS | NUMBERS
TEXTS = st.sampled_from(["", "Yes, 25% of Ada.", "Which Ada, -12 or $1,200?", "没有 10 个", "是 Bo 3月", "1 2 3 0.25"])
STATUSES = st.sampled_from(["answered", "proposed", "clarify", "cannot", "refused", "error"])
FIELDS = st.sampled_from(
    ["stage", "stage_id", "close_date", "closed_on", "closes_on", "amount", "amount_minor", "owner", "assigned_to",
     "name", "first_name", "last_name", "body", "note", "subject", "due_on", "happened_on", "kind", "lost_reason",
     "next_step", "parent", "founded_year", "job_title", "customer_email", "email", "started_on"]
)  # fmt: skip
VALUES = st.sampled_from(
    [
        "Won",
        "won",
        "2017-12-31",
        "2017-12-31T10:00",
        5,
        "5",
        5.0,
        None,
        "",
        "Ada Li",
        "ada.li@x.io",
        "call bo",
        True,
    ]
)
RECORDS = st.sampled_from(["A", "B", "7", "AB12CD34", 7])
PAIRS = st.dictionaries(FIELDS, VALUES.map(lambda v: [None, v]) | VALUES | VALUES.map(lambda v: [v]), max_size=3)
CHANGES = st.fixed_dictionaries(
    {
        "op": st.sampled_from(["create", "update"]),
        "entity": st.sampled_from(["deal", "interaction", "activity", "task"]),
        "set": PAIRS,
    },
    optional={"label": RECORDS, "external_id": RECORDS, "record_id": RECORDS},
)
EXPECTED = st.fixed_dictionaries(
    {"op": st.sampled_from(["create", "update"]), "entity": st.sampled_from(["deal", "interaction", "task"])},
    optional={
        "record": RECORDS, "set": st.dictionaries(FIELDS, VALUES, max_size=2), "allow": st.lists(FIELDS, max_size=2),
        "text": st.dictionaries(FIELDS, st.sampled_from(["bo|ada", ["call", "bo"], "won"]), max_size=1),
        "implied": st.lists(FIELDS, max_size=2),
    },
)  # fmt: skip
TOLERANCE = {
    "rel_tol": st.sampled_from([0.0, 0.005, 0.01]),
    "unit": st.sampled_from(["count", "usd", "ratio", "fraction", "days"]),
}
NAMES = st.sampled_from(["Ada", "Bo", "2017-03", "2017-Q1", "technolgy", "Won", "GTX Pro"])
FIGURES = st.sampled_from([0.0, 1.0, 10.0, 0.25, -0.25, 12.0, 1200.0, -12.0])
TABLES = st.dictionaries(NAMES, FIGURES, min_size=1, max_size=3)
RECORD_VALUES = st.dictionaries(
    st.sampled_from(["revenue", "name", "exists"]), FIGURES | NAMES | st.just(12), max_size=2
)
ALL_CHECKS = st.one_of(
    st.fixed_dictionaries({"kind": st.just("scalar"), "value": FIGURES}, optional=TOLERANCE),
    st.fixed_dictionaries({"kind": st.just("table"), "rows": TABLES}, optional=TOLERANCE),
    st.fixed_dictionaries({"kind": st.sampled_from(["set", "ordered"]), "values": st.lists(NAMES, max_size=3)}),
    st.fixed_dictionaries({"kind": st.just("record"), "values": RECORD_VALUES}),
    st.fixed_dictionaries({"kind": st.just("clarify"), "options": st.lists(NAMES | st.just("AB12CD34"), max_size=2)}),
    st.fixed_dictionaries({"kind": st.sampled_from(["cannot", "empty", "withdraw"])}),
    st.fixed_dictionaries({"kind": st.just("proposal"), "changes": st.lists(EXPECTED, max_size=2)}),
    st.fixed_dictionaries(
        {"kind": st.just("split"), "records": st.lists(RECORDS, max_size=2), "field": FIELDS,
         "counts": st.dictionaries(st.sampled_from(["Won", "Ada Li"]), st.integers(1, 2), max_size=2)}
    ),
)  # fmt: skip
REPLIES = st.fixed_dictionaries(
    {
        "status": STATUSES, "text": TEXTS, "columns": st.lists(LABELS, max_size=3),
        "rows": st.integers(0, 3).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), max_size=3)),
        "proposals": st.just([]) | st.lists(CHANGES, max_size=2).map(lambda changes: [{"changes": changes}]),
        "options": st.lists(LABELS, max_size=2),
    }
)  # fmt: skip
SKILLS = st.sampled_from(["read.sum", "read.growth", "write.stage", "clarify.write_x", "read.ratio", ""])


@settings(max_examples=1000, deadline=None, derandomize=True)
@given(given=ALL_CHECKS, reply=REPLIES, skill=SKILLS)
def test_verdicts_agree_with_the_shared_grader(grader, given, reply, skill):
    assert is_right(check(**given), reply, skill=skill) == bool(grader.right(given, reply, skill))


@settings(max_examples=500, deadline=None, derandomize=True)
@given(change=CHANGES, expected=EXPECTED, data=st.data())
def test_verdicts_on_near_misses_agree_with_the_shared_grader(grader, change, expected, data):
    """A change made to fit, but for one field more or less: random ones would nearly never fit."""
    extra = data.draw(PAIRS)
    fitting = {
        **change,
        "op": expected["op"],
        "entity": expected["entity"],
        "label": expected.get("record"),
        "set": {**expected.get("set", {}), **extra},
    }
    given = {"kind": "proposal", "changes": [expected]}

    assert is_right(check(**given), proposal(fitting)) == bool(grader.right(given, proposal(fitting)))
