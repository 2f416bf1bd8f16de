import json
from random import random
from threading import Event
from uuid import uuid4

import pytest

from crm_core.ids import new_id
from evals.report import Report
from evals.run import run_cases
from evals.scorers import Verdict
from tests.evals.plays import by_id, make_case, reply, says, told


def case(id, *, lang="en", turns=("?",), wanted=1, source="a", skill="read.count", **more):
    check = {"kind": "scalar", "value": wanted}
    return make_case(id, lang=lang, turns=list(turns), skill=skill, source=source, check=check, **more)


@pytest.fixture
def report():
    cases = [case("r"), case("w", lang="zh", turns=("?", "?")), case("d", source="b", skill="clarify.x")]
    solve = by_id(r=says(1), w=says(2, ms=30), d=says(None, status="cannot", ms=20))
    return Report(list(run_cases(cases, solve)))


def test_right_wrong_and_declined_are_counted_apart(report):
    assert (report.total.right, report.total.wrong, report.total.declined) == (1, 1, 1)


def test_rates_are_told_by_what_cases_share(report):
    groups = {name: (rates.right, rates.n) for name, rates in report.by_group().items()}

    assert groups == {
        "file:a": (1, 2), "file:b": (0, 1), "kind:scalar": (1, 3), "lang:en": (1, 2), "lang:en/single": (1, 2),
        "lang:zh": (0, 1), "lang:zh/multi": (0, 1), "skill:clarify": (0, 1), "skill:read": (1, 2), "suite:s": (1, 3),
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

    found = list(run_cases([case("b"), case("r")], by_id(b=broken, r=says(1))))

    assert [outcome.verdict for outcome in found] == [Verdict.DECLINED, Verdict.RIGHT]
    assert "no luck" in found[0].reply["text"]


def test_a_case_that_hangs_is_declined_and_the_rest_goes_on():
    forever = Event()
    found = list(run_cases([case("h"), case("r")], by_id(h=lambda _: forever.wait(), r=says(1)), limit_s=0.05))
    forever.set()

    assert [outcome.verdict for outcome in found] == [Verdict.DECLINED, Verdict.RIGHT]
    assert "longer than 0.05 seconds" in found[0].reply["text"]


def test_a_case_is_reliable_only_where_every_repeat_is_right():
    played = [
        *run_cases([case("a"), case("b")], says(1)),
        *run_cases([case("a"), case("b")], by_id(a=says(1), b=says(2)), run=1),
    ]

    assert Report(played).passes() == (2, 0.75, 0.5)


def test_two_equal_runs_give_equal_json_but_for_the_times():
    def drawn():
        ids = {"id": str(uuid4()), "sha256": uuid4().hex, "changes": [{"record_id": new_id(), "label": "Acme"}]}
        more = reply(
            None,
            text=f"See {uuid4()}, {uuid4().hex[:8]}, {uuid4().hex[:12]} and {new_id()}.",
            proposals=[ids],
            status="proposed",
        )
        report = Report(list(run_cases([case("w")], lambda _: told(more, ms=random()))))
        return {key: value for key, value in report.to_json().items() if key not in ("times", "latency_ms")}

    assert json.dumps(drawn()) == json.dumps(drawn())
