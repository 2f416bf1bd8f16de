"""The seeded faults fit the code as it stands; `make mutants` puts them in and wants them noticed."""

from collections import Counter

from benchmarks.mutants.__main__ import PACKAGES, load_faults
from benchmarks.mutants.probe import CASES
from evals.load import load_cases


def test_each_fault_stands_exactly_once_in_the_code_and_changes_it():
    faults = load_faults()

    assert len(faults) > 30
    assert all(fault.old != fault.new for fault in faults)
    assert [one for one, count in Counter(fault.id for fault in faults).items() if count > 1] == []
    assert {fault.file.split("/")[0] for fault in faults} <= set(PACKAGES)


def test_each_fault_has_a_suite_to_notice_it():
    suites = {case.suite for case in load_cases([CASES])} | {"safety", "proof"}

    assert {fault.suite for fault in load_faults()} <= suites
