"""What evals is handed: agents over the stores of its worlds, wired as everywhere else."""

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from secrets import token_bytes
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from integrations.settings import Settings, get_settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from copilot.agent import Copilot
    from crm_core.db import Store
    from evals.case import Case
    from evals.doors import Door
    from evals.report import Report
    from evals.solvers import Solver
    from evals.stage import MakeCopilot
    from evals.world import Worlds

OFFLINE = "offline"
SCRIPTED = ("oracle", "saboteur")


@dataclass(frozen=True)
class Run:
    """How cases are played.

    Attributes:
        world: of cases that name none: a folder, or `demo`.
        solver: offline; model (of the settings) or its name; oracle or saboteur.
        repeats: how often each case is played.
        workers: processes; 1: this one alone.
        limit_s: that a case may take.
        report: that is written; what is done so far is kept beside it.
        goes_on: with what a stopped run kept.
        scale: so many times the conversations of the cases under load.
    """

    world: str | None = None
    solver: str = "offline"
    repeats: int = 1
    workers: int = 1
    limit_s: float = 120
    report: Path | None = None
    goes_on: bool = False
    scale: int = 1


def measure(
    cases: "Sequence[Case]", run: Run, *, progress: Callable[[int, int], object] = lambda _done, _total: None
) -> "Report":
    """Play `cases` and report on them; the report is written where the run says."""
    from crm_core.errors import Invalid
    from evals.crowd import scaled
    from evals.harness import Job, play_kept
    from evals.player import Setup

    settings = get_settings()
    is_scripted = run.solver in SCRIPTED
    model = OFFLINE if is_scripted else settings.model if run.solver == "model" else run.solver
    if model != OFFLINE and settings.local_only == "on":
        raise Invalid("FARLEY_LOCAL_ONLY is on, so no language model may answer; measure the offline planner.")
    with TemporaryDirectory(prefix="farley-worlds-") as folder:
        worlds = _worlds(Path(folder), cases, run.world, for_answers=is_scripted)
        ready = worlds.prepare(scaled(cases, run.scale))
        setup = Setup(
            {key: world.path for key, world in worlds.built.items()},
            _solver(run.solver, settings, model),
            partial(maker, settings, model),
            refresh,
            run.limit_s,
            {"slack": open_slack_here},
            is_scripted=is_scripted,
        )
        todo = [(case, worlds.key(case), number) for number in range(run.repeats) for case in ready]
        job = Job(todo, setup, run.workers, about(run, model))
        return play_kept(job, report=run.report, goes_on=run.goes_on, progress=progress)


def with_answers(cases: "Sequence[Case]", world: str | None) -> "list[Case]":
    """The cases with the answers that their queries give, each in its world."""
    with TemporaryDirectory(prefix="farley-worlds-") as folder:
        return _worlds(Path(folder), cases, world, for_answers=True).prepare(cases)


def _worlds(folder: Path, cases: "Sequence[Case]", world: str | None, *, for_answers: bool) -> "Worlds":
    from evals.world import Worlds
    from integrations.headers import header_words

    last_day = max((case.today for case in cases), default=date.min)
    return Worlds(
        folder, default=world, last_day=last_day, refresh=refresh, extra_words=header_words(), for_answers=for_answers
    )


def about(run: Run, model: str) -> dict[str, Any]:
    """What a report says of how it came to be."""
    from prompts import fingerprints

    return {
        "solver": run.solver,
        "model": model,
        "world": run.world,
        "repeats": run.repeats,
        "scale": run.scale,
        "commit": commit(),
        "prompts": fingerprints(),
        "times": {"at": datetime.now(UTC).isoformat(timespec="seconds")},
    }


def commit() -> str:
    """Of the code that runs; "" where it is no checkout."""
    root = Path(__file__).parents[1]
    try:
        done = subprocess.run(
            ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=12"],
            capture_output=True, text=True, timeout=10, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def _solver(name: str, settings: Settings, model: str) -> "Solver":
    from evals.scripted import oracle, saboteur
    from evals.solvers import agent

    if name in SCRIPTED:
        return oracle if name == "oracle" else saboteur
    rep = None if model == OFFLINE else partial(_rep, settings, model)
    return partial(agent, price=partial(_price, settings), rep=rep)


def _price(settings: Settings, tokens_in: int, tokens_out: int) -> float:
    cost = tokens_in * settings.model_price_in + tokens_out * settings.model_price_out
    return float(cost) / 1_000_000


def _rep(settings: Settings, model: str) -> "BaseChatModel":
    """The model plays the simulated person too; it is shown replies alone."""
    from integrations.model import build_language_model

    return build_language_model(settings.model_copy(update={"model": model}))


def judging_model() -> "BaseChatModel":
    """The model that judges tone and usefulness.

    Raises:
        Unavailable: none is set, or none may be asked.
    """
    from crm_core.errors import Unavailable
    from integrations.model import build_language_model

    settings = get_settings()
    if settings.model == OFFLINE or settings.local_only == "on":
        raise Unavailable("The judge is a language model: set FARLEY_MODEL, and FARLEY_LOCAL_ONLY to off.")
    return build_language_model(settings)


def draft_cases(settings: Settings, store: "Store", *, since: date) -> str:
    """Drafts of cases from what people were not happy with, as YAML."""
    from copilot.egress import PeopleOf
    from copilot.feedback import Feedback
    from evals.candidates import as_yaml, drafts, mask_of
    from integrations.bootstrap import open_conversations

    kept = open_conversations(settings)
    try:
        rated = Feedback(kept).all()
    finally:
        kept.close()
    mask = mask_of(store, PeopleOf(store.for_agent)(), token_bytes(16))
    return as_yaml(drafts(store, rated, since=since), mask)


def maker(settings: Settings, model: str, home: Path) -> "MakeCopilot":
    """Makes agents as the doors have them. What they keep beside the store is kept in `home`.

    A model that fails is not rescued by the offline planner, for it is the model that is measured.
    """
    own = settings.model_copy(update={"model": model, "learn": "off", "home": home})

    def make(store: "Store", driver: "BaseChatModel | None") -> "Copilot":
        from integrations.bootstrap import build_copilot

        return build_copilot(own, store, remembers=False, model=driver, is_rescued=driver is not None)

    return make


def open_slack_here(store: "Store", copilot: "Copilot") -> "Door":
    """Slack's door in a workspace on this machine."""
    from integrations.rehearsal.door import SlackDoor

    return SlackDoor(store, copilot)


def refresh(store: "Store", today: date) -> None:
    """Make searchable what a world says, and score it, as a server does each night; by the card that Farley brings."""
    from crm_core.query.derived import SCORED
    from integrations.current import bring_up_to_date
    from integrations.scoring import no_bar, score, states

    bring_up_to_date(store, today)
    if not states(store, today):
        score(store, SCORED, train=False, card=None, today=today, bar=no_bar)
