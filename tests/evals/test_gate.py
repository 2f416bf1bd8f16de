"""The gate itself, and our own cases held to it: what gates every change."""

from pathlib import Path

import pytest

from crm_core.errors import Invalid
from evals.gate import FILE, Gate, load_gate, shortfalls
from evals.report import Report
from evals.run import run_cases
from tests.evals.plays import make_case, reply, told


def report(*values, suite="s", ms=10):
    def play(case):
        value = values[int(case.id)]
        return told(reply(value, status="answered" if value else "cannot"), ms=ms)

    cases = [make_case(str(n), suite=suite) for n in range(len(values))]
    return Report(list(run_cases(cases, play))).to_json()


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"all": {"right": 0.6}}, ["all suites: 50.0% right (2 of 4), 60.0% are needed"]),
        ({"all": {"most": {"wrong number": 0}}}, ["all suites: 1 wrong number, at most 0 are allowed: f/2"]),
        ({"suites": {"s": {"n": 5}}}, ["suite s: 4 cases, there must be 5"]),
        ({"suites": {"gone": {}}}, ["suite gone: 0 cases, there must be 1"]),
        ({"others": {"right": 0.9}}, ["suite s: 50.0% right (2 of 4), 90.0% are needed"]),
        ({"suites": {"s": {"right": 0.5}}, "others": {"right": 0.9}}, []),
        ({"all": {"p95_ms": 9}}, ["all suites: a turn takes 10 ms (p95), at most 9 are allowed"]),
        ({"all": {"right": 0.5, "most": {"wrong number": 1, "needless refusal": 1}, "p95_ms": 10}}, []),
    ],
)
def test_a_report_that_falls_short_is_told_where(limits, told):
    assert shortfalls(Gate.model_validate(limits), report(1, 1, 2, None)) == told


@pytest.mark.parametrize("text", ["alll: {}", "all: {right: 2}", "all: {most: {wrong_write: 0}}", "all: ["])
def test_a_file_of_thresholds_that_says_something_unknown_is_named(tmp_path, text):
    path = tmp_path / "gate.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(Invalid, match=r"gate\.yaml"):
        load_gate(path)


def test_a_suite_that_may_be_absent_is_held_to_its_rate_where_it_is_there():
    limits = Gate.model_validate({"suites": {"s": {"right": 0.6, "n": 0}, "gone": {"right": 1, "n": 0}}})

    assert shortfalls(limits, report(1, 2)) == ["suite s: 50.0% right (1 of 2), 60.0% are needed"]


def test_our_own_thresholds_name_cases_that_are_there():
    gate, paths = load_gate(FILE)

    assert all(Path(path).exists() for path in paths)
    assert set(gate.fast) <= gate.suites.keys()
