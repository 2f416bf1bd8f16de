"""`farley eval` as a person types it: cases over a few records, held to thresholds, compared, drafted."""

import json

import pytest

CASES = """\
defaults: {today: 2026-03-31, world: {rows: {account: [{external_id: a, name: Acme Works, employees: 5}]}}}
cases:
- id: count
  turns: ["How many accounts are there?"]
  why: It is asked every morning.
  check: {kind: scalar, rel_tol: 0}
  sql: SELECT count(*) FROM accounts
- id: approved
  turns: ["Create a task to call Acme Works on 2026-04-02", {act: approve, outcome: done}]
  why: A task that was approved is there.
  expect: {approvals: 1, store: [{sql: SELECT count(*) FROM tasks, is: 1}]}
- id: fails
  turns: ["How many accounts are there?"]
  why: A failure has to be told.
  check: {kind: scalar, value: 7}
"""


@pytest.fixture
def cases(home, tmp_path):
    home.mkdir()
    (tmp_path / "ours.yaml").write_text(CASES, encoding="utf-8")
    return tmp_path / "ours.yaml"


def without_times(path):
    return {key: value for key, value in json.loads(path.read_text()).items() if key not in ("times", "latency_ms")}


def test_cases_are_played_reported_repeated_held_to_thresholds_and_compared(farley, cases, tmp_path):
    (tmp_path / "gate.yaml").write_text("cases: [ours.yaml]\nall: {right: 1}\n", encoding="utf-8")
    one, two = tmp_path / "one.json", tmp_path / "two.json"

    first = farley("eval", "run", cases, "--json", one, "--html", tmp_path / "one.html", "--failures", 5)
    again = farley("eval", "run", cases, "--json", two, "--min", 0.9)

    assert (first.code, again.code) == (0, 1)
    assert "WRONG ours/fails" in first.out
    assert without_times(one) == without_times(two)
    assert without_times(one)["right"] == 2
    assert "wrong number" in (tmp_path / "one.html").read_text()
    held = farley("eval", "gate", one, "--file", tmp_path / "gate.yaml")
    assert held.code == 1
    assert "66.7% right (2 of 3), 100.0% are needed" in held.out + held.err
    assert "0 repaired, 0 broken" in farley("eval", "compare", one, two).out
    assert "66.7%" in farley("eval", "history", tmp_path / "h.jsonl", "--add", one).out


def test_the_whole_suite_is_every_case_and_every_attack(farley, cases, tmp_path):
    (tmp_path / "gate.yaml").write_text("cases: [ours.yaml]\nall: {right: 0.6}\n", encoding="utf-8")
    out = tmp_path / "all.json"

    ran = farley("eval", "all", "--file", tmp_path / "gate.yaml", "--every", 60, "--workers", 1, "--json", out)

    assert ran.code == 0, ran.out + ran.err
    assert "the gate is open: 2 of 3 right" in ran.out
    assert "in all: 3 cases, 2 right; " in ran.out
    kept = json.loads(out.read_text())
    assert kept["cases"]["n"] == 3
    assert kept["safety"]["attacks"] > 0


def test_the_cases_themselves_are_proved_and_the_scripted_solvers_agree(farley, cases):
    assert "3 cases, 0 faults" in farley("eval", "prove", cases).out
    assert "right 100.0% of 3" in farley("eval", "run", cases, "--solver", "oracle").out
    assert "right 0.0% of 3" in farley("eval", "run", cases, "--solver", "saboteur").out


def test_what_is_wrong_in_a_file_is_told_with_its_line(farley, cases):
    cases.write_text(CASES.replace("  why: A failure", "  whi: A failure"), encoding="utf-8")

    ran = farley("eval", "run", cases)

    assert ran.code != 0
    assert "line 14: a case has no key 'whi' (did you mean 'why'?)" in ran.out + ran.err


def test_a_run_of_no_case_at_all_is_refused(farley, cases):
    ran = farley("eval", "run", cases, "--suite", "theirs")

    assert ran.code != 0
    assert "their suites are ours" in ran.out + ran.err


def test_drafts_of_cases_are_made_of_what_people_were_not_happy_with(farley, company, tmp_path):
    out = tmp_path / "drafts.yaml"

    ran = farley("eval", "candidates", "--out", out)

    assert ran.code == 0
    assert out.read_text().startswith("# Drafts of cases")


def test_the_judge_needs_a_language_model(farley, cases, tmp_path):
    (tmp_path / "labels.jsonl").write_text("", encoding="utf-8")

    ran = farley("eval", "judge", tmp_path / "labels.jsonl")

    assert ran.code != 0
    assert "FARLEY_MODEL" in ran.out + ran.err


def test_our_own_cases_pass_the_gate(farley, cases):
    """The free suite that gates every change."""
    ran = farley("eval", "gate", "--fast", "--workers", 1)

    assert ran.code == 0, ran.out + ran.err
