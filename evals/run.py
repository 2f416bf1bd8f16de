"""Running cases: one verdict and the time of each turn."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from crm_core.errors import CrmError
from evals.case import Case
from evals.scorers import Verdict, judge
from evals.solvers import Solver

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What a case gave.

    Attributes:
        case: that was asked.
        reply: to its last turn, as the command line's JSON.
        verdict: on that reply.
        elapsed_ms: of each turn.
    """

    case: Case
    reply: dict[str, Any]
    verdict: Verdict
    elapsed_ms: tuple[float, ...]


def run_cases(
    cases: Sequence[Case], solve: Solver, *, progress: Callable[[int, int], object] = lambda _done, _total: None
) -> Iterator[Outcome]:
    """Solve and judge each case. One that breaks the solver counts as declined, and is logged.

    Args:
        cases: to solve, in order.
        solve: answers them.
        progress: told (done, of how many).
    """
    for done, case in enumerate(cases, 1):
        yield _run(case, solve)
        progress(done, len(cases))


def _run(case: Case, solve: Solver) -> Outcome:
    started = time.perf_counter()
    try:
        replies = solve(case)
    except Exception as error:  # an edge: one broken case must not hide the others
        if not isinstance(error, CrmError):
            log.exception("case %s broke the solver", case.id)
        replies = [{"id": case.id, "status": "error", "text": f"{type(error).__name__}: {error}"}]
    whole_ms = (time.perf_counter() - started) * 1000
    times = tuple(float(reply.get("elapsed_ms", whole_ms)) for reply in replies)
    return Outcome(case, replies[-1], judge(case, replies[-1]), times)
