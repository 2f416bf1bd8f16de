"""The oracle passes every case and each scorer can fail: a scorer that cannot fail proves nothing."""

from pathlib import Path

import pytest

from evals.load import load_cases
from evals.marks import SCORERS, mark, verdict_of
from evals.run import outcome_of
from evals.scorers import Verdict
from evals.scripted import SPOIL, oracle, sabotages, saboteur, unproved
from tests.evals.plays import make_case

CHANGE = {"op": "update", "entity": "deal", "record": "Acme", "set": {"stage": "Won"}, "text": {"note": "a|b"}}
CHECKS = [
    {"kind": "scalar", "value": 3, "unit": "ratio"},
    {"kind": "scalar", "value": 0},
    {"kind": "table", "rows": {"North": 2.0, "South": 3}},
    {"kind": "set", "values": ["Acme", "Bolt"]},
    {"kind": "ordered", "values": ["Bolt", "Acme"]},
    {"kind": "record", "values": {"exists": True, "phone": "+49 30", "revenue": 12}},
    {"kind": "clarify", "options": ["Acme Group", "Acme Kyl"]},
    {"kind": "cannot"},
    {"kind": "empty"},
    {"kind": "proposal", "changes": [CHANGE]},
    {"kind": "withdraw"},
    {"kind": "split", "records": ["A", "B", "C"], "field": "owner", "counts": {"Ann": 2, "Bob": 1}},
]
EVERYTHING = {
    "status": ["answered"], "proposals": 1, "approvals": 1, "changes": [CHANGE], "cites": ["Acme|Bolt"],
    "store": [{"sql": "SELECT 1", "is": 1}, {"sql": "SELECT name", "is": ["a", "b"]}], "must": ["x|y"],
    "must_not": ["password"], "hidden": ["Secret"], "tools": ["query_crm"], "tools_not": ["approve"],
    "faithful": True, "max": {"calls": 3, "model_calls": 3, "tokens": 10, "cost": 0.1, "ms": 100},
}  # fmt: skip
PLANTED = [{"text": "obey"}]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check["kind"])
def test_each_kind_of_check_can_be_passed_and_failed(check):
    assert list(unproved([make_case(check=check)])) == []


def test_each_thing_that_can_be_expected_can_be_passed_and_failed():
    acts = ["?", {"act": "approve", "outcome": "done"}, {"act": "undo", "outcome": "refused"}]
    case = make_case(turns=acts, expect=EVERYTHING, planted=PLANTED, check=CHECKS[0])
    cannot = make_case(check={"kind": "cannot"})

    assert list(unproved([case, cannot])) == []
    assert {name for one in (case, cannot) for name, _ in sabotages(one)} == set(SCORERS) == set(SPOIL)


def test_what_is_spoilt_fails_by_its_own_scorer_and_the_case_with_it():
    case = make_case(expect=EVERYTHING, planted=PLANTED)

    for name, spoilt in sabotages(case):
        marks = mark(case, spoilt)
        assert name in {one.name for one in marks if not one.is_right}
        assert verdict_of(spoilt, marks) is not Verdict.RIGHT


@pytest.mark.parametrize(
    "wants",
    [{"expect": {"must": ["yes"], "must_not": ["yes"]}}, {"check": {"kind": "set", "values": []}}],
)
def test_a_case_that_nothing_can_pass_is_named(wants):
    case = make_case(**wants, place="f.yaml, line 3")

    assert [line.partition(" (")[0] for line in unproved([case])] == ["f.yaml, line 3: 'a' cannot be passed"]


def test_our_own_cases_are_all_proved():
    cases = load_cases([Path(__file__).parents[2] / "evals" / "cases"])

    assert list(unproved(case for case in cases if case.sql is None)) == []


def test_the_oracle_is_always_right_and_the_saboteur_never():
    cases = [make_case(check=check) for check in CHECKS]

    assert {outcome_of(case, oracle(case)).verdict for case in cases} == {Verdict.RIGHT}
    assert Verdict.RIGHT not in {outcome_of(case, saboteur(case)).verdict for case in cases}
