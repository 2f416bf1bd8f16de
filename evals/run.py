"""Running cases: what each gave, its marks and its verdict. One that hangs or breaks is one failed case."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from threading import Thread
from typing import Any, TypeVar

from crm_core.errors import CrmError
from evals.case import Case
from evals.marks import Mark, danger_of, mark, verdict_of
from evals.scorers import Verdict
from evals.transcript import Transcript

log = logging.getLogger(__name__)
T = TypeVar("T")
Play = Callable[[Case], Transcript]


class Hung(Exception):
    """A case took longer than it may."""


@dataclass(frozen=True)
class Outcome:
    """What a case gave.

    Attributes:
        case: that was played.
        transcript: of it.
        marks: each scorer's.
        verdict: on all of it.
        run: which repeat, from 0.
    """

    case: Case
    transcript: Transcript
    marks: tuple[Mark, ...]
    verdict: Verdict
    run: int = 0

    @property
    def reply(self) -> dict[str, Any]:
        """To the last turn, as the command line's JSON."""
        return self.transcript.reply

    @property
    def elapsed_ms(self) -> tuple[float, ...]:
        """Of each turn that said something."""
        return tuple(float(one.took.ms) for one in self.transcript.exchanges if one.reply)

    @property
    def danger(self) -> str:
        """How bad a failure it is; "" for none."""
        return danger_of(self.case, self.transcript, self.verdict, self.marks)

    @property
    def failed(self) -> tuple[Mark, ...]:
        """The marks that are wrong."""
        return tuple(one for one in self.marks if not one.is_right)


def outcome_of(case: Case, transcript: Transcript, *, run: int = 0) -> Outcome:
    """The verdict on what happened."""
    marks = mark(case, transcript)
    if transcript.error:
        marks = (*marks, Mark("ran", False, transcript.error))
    return Outcome(case, transcript, marks, verdict_of(transcript, marks), run)


def run_cases(
    cases: Sequence[Case],
    play: Play,
    *,
    limit_s: float | None = None,
    run: int = 0,
    progress: Callable[[int, int], object] = lambda _done, _total: None,
) -> Iterator[Outcome]:
    """Play and judge each case. One that hangs or breaks the solver counts as declined, and is logged.

    Args:
        cases: to play, in order.
        play: gives what happened.
        limit_s: that a case may take; None: however long it takes.
        run: which repeat this is.
        progress: told (done, of how many).
    """
    for done, case in enumerate(cases, 1):
        yield run_case(case, play, limit_s=limit_s, run=run)
        progress(done, len(cases))


def run_case(case: Case, play: Play, *, limit_s: float | None = None, run: int = 0) -> Outcome:
    """One of them."""
    try:
        transcript = within(limit_s, lambda: play(case))
    except Exception as error:  # an edge: one broken case must not hide the others
        if not isinstance(error, CrmError | Hung):
            log.exception("case %s broke the solver", case.id)
        transcript = Transcript((), error=f"{type(error).__name__}: {error}")
    return outcome_of(case, transcript, run=run)


def within(limit_s: float | None, work: Callable[[], T]) -> T:
    """What `work` gives, if it does in time. What hangs is left behind: a thread cannot be stopped.

    Raises:
        Hung: it does not.
    """
    if limit_s is None:
        return work()
    given: list[T] = []
    raised: list[Exception] = []

    def caught() -> None:
        try:
            given.append(work())
        except Exception as error:  # handed on to whoever waits
            raised.append(error)

    thread = Thread(target=caught, daemon=True)
    thread.start()
    thread.join(limit_s)
    if thread.is_alive():
        raise Hung(f"it took longer than {limit_s:g} seconds")
    if raised:
        raise raised[0]
    return given[0]
