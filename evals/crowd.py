"""Load: the same case by many people at the same moment, over one store and one agent, as a server has them."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from evals.case import Case
from evals.ending import Cards, Ending
from evals.marks import mark
from evals.transcript import Exchange, Transcript

Talk = tuple[tuple[Exchange, ...], Cards]


def scaled(cases: Sequence[Case], scale: int) -> list[Case]:
    """The cases with `scale` times as many conversations where there are many; the others as they are."""
    return [
        case.model_copy(update={"load": case.load.model_copy(update={"talks": case.load.talks * scale})})
        if case.load and scale > 1
        else case
        for case in cases
    ]


def crowd(case: Case, talk: Callable[[], Talk], ending: Ending) -> Transcript:
    """All conversations of a case under load: the first that is not right, else the one with the slowest turn."""
    assert case.load is not None
    count = case.load.people * case.load.talks
    with ThreadPoolExecutor(case.load.people) as pool:
        talks = [one.result() for one in [pool.submit(talk) for _ in range(count)]]
    each = [_of_each(ending.transcript(told, case, cards), count) for told, cards in talks]
    wrong = (one for one in each if not all(found.is_right for found in mark(case, one)))
    return next(wrong, max(each, key=lambda one: one.took.ms))


def _of_each(whole: Transcript, count: int) -> Transcript:
    """What waits is of all together; a number that they cannot have alike is left whole, for it is wrong."""
    return replace(whole, waiting=whole.waiting // count) if whole.waiting % count == 0 else whole
