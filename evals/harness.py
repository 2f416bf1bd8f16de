"""A whole run: what is to be played, what an earlier run has played already, and the report on all of it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.kept import keeping, key_of
from evals.player import Setup, Todo, play_all
from evals.report import Report
from evals.run import Outcome

Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class Job:
    """What is to be done.

    Attributes:
        todo: all that is played, in the order of the report.
        setup: that it is played with.
        workers: how many processes.
        about: what the report says of the run.
    """

    todo: Sequence[Todo]
    setup: Setup
    workers: int
    about: Mapping[str, Any]


def play_kept(job: Job, *, report: Path | None, goes_on: bool, progress: Progress) -> Report:
    """Play all of it. With a report to write, each outcome is kept as it comes."""
    if report is None:
        return _play(job, {}, lambda _outcome: None, progress)
    how = json.dumps({name: value for name, value in job.about.items() if name != "times"}, sort_keys=True)
    cases = [case for case, _, _ in job.todo]
    with keeping(report, cases, how, goes_on=goes_on) as kept:
        found = _play(job, dict(kept.outcomes), kept.add, progress)
        kept.finish(report, json.dumps(found.to_json(), indent=1, ensure_ascii=False))
    return found


def _play(job: Job, done: dict[Any, Outcome], keep: Callable[[Outcome], None], progress: Progress) -> Report:
    rest = [todo for todo in job.todo if key_of(todo[0], todo[2]) not in done]
    for outcome in play_all(rest, job.setup, workers=job.workers):
        keep(outcome)
        done[key_of(outcome.case, outcome.run)] = outcome
        progress(len(done), len(job.todo))
    return Report([done[key_of(case, run)] for case, _, run in job.todo], job.about)
