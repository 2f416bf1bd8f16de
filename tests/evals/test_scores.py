"""The table of scores for the README."""

from benchmarks.scores import into, table
from evals.run import Outcome
from evals.scorers import Verdict
from evals.transcript import Transcript
from tests.evals.plays import make_case


def outcome(verdict: Verdict, lang: str) -> Outcome:
    return Outcome(make_case(lang=lang, suite="ask"), Transcript(()), (), verdict)


def test_a_suite_has_its_share_of_right_and_of_wrong_in_each_language():
    outcomes = [outcome(Verdict.RIGHT, "en"), outcome(Verdict.WRONG, "en"), outcome(Verdict.RIGHT, "zh")]

    told = table(outcomes, told="today").splitlines()

    assert told[2] == "| ask | 50% of 2, 50% | 100% of 1, 0% |"
    assert told[3] == "| **all** | 50% of 2, 50% | 100% of 1, 0% |"
    assert told[-1] == "today"


def test_the_table_takes_the_place_of_the_old_one():
    readme = "a\n<!-- scores -->\nold\n<!-- /scores -->\nb\n"

    assert into(readme, "new") == "a\n<!-- scores -->\nnew\n<!-- /scores -->\nb\n"
