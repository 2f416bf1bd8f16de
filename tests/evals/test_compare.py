import pytest

from evals.compare import compare, mcnemar
from evals.report import Report
from evals.run import run_cases
from tests.evals.plays import make_case, reply, told


def report(prompts=None, **values):
    """A report on one case a keyword; 1 is right, a number that is not is wrong, None is declined."""

    def play(case):
        value = values[case.id]
        return told(reply(value, status="answered" if value else "cannot"))

    cases = [make_case(name) for name in values]
    return Report(list(run_cases(cases, play)), {"prompts": prompts or {}}).to_json()


def test_what_was_repaired_broken_and_made_worse_is_told_case_by_case():
    found = compare(report(a=1, b=2, c=None, d=1, e=1), report(a=2, b=1, c=2, d=1, f=1))

    assert (found.broken, found.repaired) == (("f/a",), ("f/b",))
    assert found.worse == (("f/c", "needless refusal", "wrong number"),)
    assert (found.paired, found.only_before, found.only_now) == (4, 1, 1)


def test_prompts_that_differ_are_named():
    found = compare(report({"a.md": "1", "b.md": "1"}, a=1), report({"a.md": "2", "b.md": "1", "c.md": "1"}, a=1))

    assert found.prompts == ("a.md", "c.md")
    assert "prompts that differ: a.md, c.md" in list(found.lines())


@pytest.mark.parametrize(
    ("one", "other", "p"), [(0, 0, 1.0), (1, 1, 1.0), (5, 0, 0.0625), (0, 6, 0.03125), (1, 9, 22 / 1024)]
)
def test_chance_is_the_two_sided_exact_test_on_the_flips(one, other, p):
    assert mcnemar(one, other) == pytest.approx(p)


def test_flips_that_all_go_one_way_are_more_than_chance_only_when_there_are_enough():
    few = compare(report(a=2, b=2), report(a=1, b=1))
    many = compare(report(**dict.fromkeys("abcdefgh", 2)), report(**dict.fromkeys("abcdefgh", 1)))

    assert (few.chance < 0.05, many.chance < 0.05) == (False, True)
