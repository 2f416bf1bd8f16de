"""Our own cases: each says why, can be passed, and fails when what it looks at is spoilt."""

from collections import Counter
from pathlib import Path

import pytest

from evals.load import load_cases
from evals.scripted import unproved
from evals.world import Worlds
from integrations.headers import header_words

FOLDER = Path(__file__).parents[2] / "evals" / "cases"


@pytest.fixture(scope="module")
def cases():
    return load_cases([FOLDER])


def test_there_are_several_hundred_in_both_languages(cases):
    languages = Counter(case.lang for case in cases)

    assert len(cases) > 600
    assert languages["zh"] > 150


def test_no_two_say_the_same_in_the_same_world(cases):
    said = Counter((str(case.world), case.actor, case.solver, str(case.turns), str(case.expect)) for case in cases)

    assert [one for one, count in said.items() if count > 1] == []


def test_each_says_why_in_words_of_its_own(cases):
    whys = Counter(case.why for case in cases)
    assert [why for why, count in whys.items() if count > 3] == []


def test_each_can_be_passed_and_fails_when_spoilt(cases, tmp_path):
    last_day = max(case.today for case in cases)
    worlds = Worlds(tmp_path, default="demo", last_day=last_day, extra_words=header_words(), for_answers=True)

    assert list(unproved(worlds.prepare(cases))) == []
