"""A run that was stopped goes on; two runs never write one report."""

import pytest

from crm_core.errors import Conflict, Invalid
from evals.harness import Job, play_kept
from evals.kept import keeping
from evals.player import Setup
from evals.report import Report
from tests.evals.plays import make_case, reply, told

CASES = [make_case("a"), make_case("b"), make_case("c")]


class Played:
    """A solver that counts, and is stopped at one case."""

    def __init__(self, stops_at=None):
        self.ids, self.stops_at = [], stops_at

    def __call__(self, case, _stage):
        if case.id == self.stops_at:
            raise KeyboardInterrupt
        self.ids.append(case.id)
        return told(reply(1))


def run(path, played, *, goes_on=False, cases=CASES, solver="x") -> Report:
    setup = Setup({}, played, lambda _home: None, lambda _store, _today: None, is_scripted=True)
    job = Job([(case, "", 0) for case in cases], setup, 1, {"solver": solver, "times": {"at": "now"}})
    return play_kept(job, report=path, goes_on=goes_on, progress=lambda _done, _all: None)


@pytest.fixture
def stopped(tmp_path):
    path = tmp_path / "out.json"
    with pytest.raises(KeyboardInterrupt):
        run(path, Played(stops_at="c"))
    return path


def test_a_run_that_was_stopped_goes_on_where_it_was_and_gives_the_same_report(stopped, tmp_path):
    rest = Played()

    run(stopped, rest, goes_on=True)
    run(tmp_path / "whole.json", Played())

    assert rest.ids == ["c"]
    assert stopped.read_text() == (tmp_path / "whole.json").read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.json", "whole.json"]


def test_a_line_that_was_cut_off_is_played_again(stopped):
    part = stopped.with_name("out.json.part")
    part.write_text(part.read_text()[:-9], encoding="utf-8")
    rest = Played()

    run(stopped, rest, goes_on=True)

    assert rest.ids == ["b", "c"]


def test_a_run_that_was_killed_before_it_kept_anything_begins_anew(tmp_path):
    path, played = tmp_path / "out.json", Played()
    path.with_name("out.json.part").write_text('{"ru', encoding="utf-8")

    run(path, played, goes_on=True)

    assert played.ids == ["a", "b", "c"]


def test_a_file_that_no_run_began_is_named(tmp_path):
    path = tmp_path / "out.json"
    path.with_name("out.json.part").write_text("my notes\n", encoding="utf-8")

    with pytest.raises(Invalid, match=r"out.json.part, line 1"):
        run(path, Played(), goes_on=True)


def test_what_is_kept_is_not_thrown_away_unasked(stopped):
    with pytest.raises(Invalid, match="Go on with --continue"):
        run(stopped, Played())


@pytest.mark.parametrize("other", [{"cases": CASES[:2]}, {"solver": "y"}])
def test_what_another_run_kept_is_not_gone_on_with(stopped, other):
    with pytest.raises(Invalid, match=r"out.json.part, line 1.*other cases"):
        run(stopped, Played(), goes_on=True, **other)


def test_a_kept_line_that_is_none_is_named(stopped):
    part = stopped.with_name("out.json.part")
    part.write_text(part.read_text() + "{}\n", encoding="utf-8")

    with pytest.raises(Invalid, match=r"out.json.part, line 4, is no outcome"):
        run(stopped, Played(), goes_on=True)


def test_a_second_run_that_would_write_the_same_report_is_refused(tmp_path):
    path = tmp_path / "out.json"

    with keeping(path, CASES, "x", goes_on=False), pytest.raises(Conflict, match="Another run writes"):
        run(path, Played())
