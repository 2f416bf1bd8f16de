import json

import pytest

from evals.case import Case
from evals.report import Report
from evals.run import run_cases
from evals.scorers import Verdict


def case(id, *, lang="en", turns=("?",), wanted=1, source="a", skill="read.count"):
    return Case.model_validate(
        {"id": id, "lang": lang, "turns": list(turns), "today": "2017-12-31", "skill": skill, "source": source,
         "check": {"kind": "scalar", "value": wanted}}
    )  # fmt: skip


def says(value, status="answered", ms=10):
    reply = {"status": status, "rows": [[value]] if value is not None else [], "text": "", "elapsed_ms": ms}
    return lambda case: [reply] * len(case.turns)


def solve_by_id(**solvers):
    return lambda case: solvers[case.id](case)


@pytest.fixture
def report():
    cases = [case("r"), case("w", lang="zh", turns=("?", "?")), case("d", source="b", skill="clarify.x")]
    solve = solve_by_id(r=says(1), w=says(2, ms=30), d=says(None, status="cannot", ms=20))
    return Report(list(run_cases(cases, solve)))


def test_right_wrong_and_declined_are_counted_apart(report):
    assert (report.total.right, report.total.wrong, report.total.declined) == (1, 1, 1)


def test_rates_are_told_by_what_cases_share(report):
    groups = {name: (rates.right, rates.n) for name, rates in report.by_group().items()}

    assert groups == {
        "file:a": (1, 2), "file:b": (0, 1), "kind:scalar": (1, 3), "lang:en": (1, 2), "lang:en/single": (1, 2),
        "lang:zh": (0, 1), "lang:zh/multi": (0, 1), "skill:clarify": (0, 1), "skill:read": (1, 2),
    }  # fmt: skip


def test_latency_is_of_every_turn(report):
    assert (report.latency_ms(50), report.latency_ms(95)) == (20, 30)


def test_the_dangerous_failures_come_first(report):
    assert [outcome.case.id for outcome in report.failures()] == ["w", "d"]


def test_failures_are_told_on_request(report):
    assert not any("WRONG" in line for line in report.lines())
    assert any("WRONG a/w" in line for line in report.lines(failures=1))


def test_the_report_is_json(report):
    found = json.loads(json.dumps(report.to_json()))

    assert (found["right"], found["wrong_confident"], found["n"]) == (1, 1, 3)
    assert [c["verdict"] for c in found["cases"]] == ["right", "wrong", "declined"]


def test_the_interval_holds_the_rate_and_narrows_with_more_cases():
    few = Report(list(run_cases([case("r")] * 4, says(1)))).total
    many = Report(list(run_cases([case("r")] * 400, says(1)))).total

    assert few.interval()[1] == many.interval()[1] == 1
    assert few.interval()[0] < many.interval()[0] < 1


def test_no_case_at_all_is_a_report_too():
    assert list(Report([]).lines())


def test_a_case_that_breaks_the_solver_is_declined_and_the_rest_goes_on():
    def broken(case):
        raise RuntimeError("no luck")

    found = list(run_cases([case("b"), case("r")], solve_by_id(b=broken, r=says(1))))

    assert [outcome.verdict for outcome in found] == [Verdict.DECLINED, Verdict.RIGHT]
    assert "no luck" in found[0].reply["text"]
