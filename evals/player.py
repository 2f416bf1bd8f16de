"""Players: the stages of one process, and the cases that are played on them; with several processes side by side."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import cast

from evals.case import Case
from evals.doors import MakeDoor
from evals.processes import side_by_side
from evals.run import Hung, Outcome, run_case, within
from evals.solvers import Solver
from evals.stage import MakeCopilot, Refresh, Stage
from evals.transcript import Transcript

STAGES = 4  # that one process keeps open
Todo = tuple[Case, str, int]  # a case, the key of its world, and which repeat


@dataclass(frozen=True)
class Setup:
    """What a process needs to play. It is handed to other processes, so all of it can be pickled.

    Attributes:
        worlds: key → file.
        solve: plays a case on its stage.
        make: makes an agent over a store; it is told a folder for what the agent keeps beside the store.
        refresh: brings a store up to date.
        limit_s: that a case may take.
        doors: name → makes that door, for cases that are played through one.
        is_scripted: nothing is played on a stage: the solver makes it all up.
    """

    worlds: dict[str, Path]
    solve: Solver
    make: Callable[[Path], MakeCopilot]
    refresh: Refresh
    limit_s: float | None = None
    doors: Mapping[str, MakeDoor] = field(default_factory=dict)
    is_scripted: bool = False


class Player:
    """Plays cases, one after the other. A stage whose case hung is left alone from then on."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._exits = ExitStack()
        self._folder = Path(
            self._exits.enter_context(TemporaryDirectory(prefix="farley-eval-", ignore_cleanup_errors=True))
        )
        self._make = setup.make(self._folder / "home")
        self._stages: OrderedDict[str, Stage] = OrderedDict()
        self._numbers = count()

    def __enter__(self) -> "Player":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for stage in self._stages.values():
            stage.close()
        self._exits.close()

    def play(self, todo: Todo) -> Outcome:
        """One case."""
        case, world, run = todo
        if self._setup.is_scripted:
            return run_case(case, lambda asked: self._setup.solve(asked, cast(Stage, None)), run=run)
        stage = self._stage(world)  # made before the clock runs

        def played(asked: Case) -> Transcript:
            try:
                return within(self._setup.limit_s, lambda: self._on(stage, asked))
            except Hung:
                self._stages.pop(world)
                raise

        return run_case(case, played, run=run)

    def _on(self, stage: Stage, case: Case) -> Transcript:
        with stage.case(case.planted, case.today):
            return self._setup.solve(case, stage)

    def _stage(self, world: str) -> Stage:
        if world in self._stages:
            self._stages.move_to_end(world)
            return self._stages[world]
        if len(self._stages) >= STAGES:
            self._stages.popitem(last=False)[1].close()
        path = self._folder / f"stage-{next(self._numbers)}.db"
        template = self._setup.worlds[world]
        copyfile(template, path)
        self._stages[world] = Stage(template, path, self._make, self._setup.refresh, self._setup.doors)
        return self._stages[world]


def play_all(todo: Sequence[Todo], setup: Setup, *, workers: int) -> Iterator[Outcome]:
    """All outcomes, in the order of what is to be played.

    Args:
        todo: to be played.
        setup: that each process plays with.
        workers: how many processes; 1: this one.
    """
    return side_by_side(todo, partial(_playing, setup), workers=workers)


@contextmanager
def _playing(setup: Setup) -> Iterator[Callable[[Todo], Outcome]]:
    with Player(setup) as player:
        yield player.play
