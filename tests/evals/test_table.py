from io import StringIO

from rich.console import Console

from evals.report import Report
from evals.run import run_cases
from evals.table import as_report
from tests.evals.plays import make_case, says


def report(value, *, runs=1):
    played = [one for run in range(runs) for one in run_cases([make_case("a")], says(value), run=run)]
    return Report(played).to_json()


def test_two_reports_stand_side_by_side_as_pydantic_evals_shows_them():
    out = StringIO()

    as_report(report(1), name="now").print(
        baseline=as_report(report(2), name="before"), console=Console(file=out, width=160), include_durations=False
    )

    assert "f/a" in out.getvalue()
    assert "wrong number" in out.getvalue()


def test_repeats_are_its_groups():
    [group] = as_report(report(1, runs=3), name="now").case_groups()

    assert (group.name, len(group.runs)) == ("f/a", 3)
