"""Our first cases are well made; `test_gate.py` plays all there are."""

from pathlib import Path

from evals.load import load_cases

CASES = Path(__file__).parents[2] / "evals" / "cases"


def test_every_case_says_why_it_matters():
    assert [case.id for case in load_cases([CASES]) if len(case.why) < 12] == []
