"""What the company's own history says of a deal's chances: from where it stands, and of closing within a period.

Two things are counted. Of the deals that ever stood in a stage and have ended, the share that was won. And, looking
back at the pipeline as it was on days before, the share of the deals that then stood there (and had stood there about
as long) that was won within a period of the same length. The windows do not overlap, so each counts for itself.
A stage is smoothed towards all of them, an age towards its stage: with Beta distributions, whose width says how little
is known. Source: empirical Bayes shrinkage of binomial rates, e.g. Gelman et al., Bayesian Data Analysis, ch. 5.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from crm_core.analytics.ground import NEVER
from crm_core.analytics.history import UNKNOWN, Flags, Floats, History, Ints
from crm_core.analytics.period import Period

FEWEST_ENDED = 20  # deals that have ended, below which the history of the whole pipeline is thin
FEWEST_IN_STAGE = 10  # of those that ever stood in a stage, below which the stage's history is thin
TOLD_SHARE = 0.8  # of the ended deals whose stages are told by stage changes, below which no stage's history counts
MOST_WINDOWS, FEWEST_WINDOWS, SHORTEST_STEP_DAYS = 24, 3, 7
_AGES = (1 / 3, 2 / 3)  # quantiles of how long deals have stood, that part them into ages
_STAGE_WEIGHT, _AGE_WEIGHT, _OWN_WEIGHT = 6.0, 12.0, 10.0  # how many deals what is smoothed towards counts for
_USUAL_DAYS = 90  # that a deal takes, where no history and no expected date tells
_LEAST, _MOST = 1e-4, 1 - 1e-4

Source = Literal["history", "all stages", "own"]


@dataclass(frozen=True)
class Span:
    """A period as seen from a day: the first and the last of its days, counted from the next one as 1."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """In days."""
        return self.last - self.first + 1

    @classmethod
    def ahead(cls, period: Period, day: date) -> "Span":
        """The days of a period that come after `day`; what is left of its last day counts as one."""
        return cls(max((period.since - day).days, 1), (period.until - day).days or 1)


@dataclass(frozen=True)
class StageChance:
    """What history says of a stage.

    Attributes:
        stood, won: deals that ever stood in it and have ended, and those of them that were won.
        share: won / stood, smoothed towards the stage's own probability; 0 to 1.
        source: "own" where too few deals have stood there to learn from.
    """

    stood: int
    won: int
    share: float
    source: Source


@dataclass(frozen=True)
class Chances:
    """What was learned as of a day for a span.

    Attributes:
        stages: by place.
        source: what the chances of closing within the span rest on.
        windows: how many such spans were looked back at.
        won, stood: cells of stage × age, counted over the windows.
        edges: ages in days that part the cells.
        timing: of the deals that were won at last, the share that was won within the span; None: not enough to tell.
        shock: by how much whole windows differ beyond chance: the variance of a factor of mean 1 on all odds.
    """

    stages: tuple[StageChance, ...]
    source: Source
    windows: int
    won: Floats
    stood: Floats
    edges: Floats
    timing: float | None
    shock: float


def learn(history: History, day: int, span: Span) -> Chances:
    """What is known at the end of `day`, and from nothing later."""
    ended = history.closed <= day
    stages = tuple(_stage_chance(history, place, ended, day) for place in range(len(history.stages)))
    places, is_told = _places(history, ended)
    windows = _windows(history, day, span)
    seen = [_seen(history, at) for at in windows]
    ages = np.concatenate([age for _, age in seen]) if seen else np.zeros(0)
    edges = np.quantile(ages, _AGES) if len(ages) else np.zeros(len(_AGES))
    shape = (len(history.stages), len(_AGES) + 1)
    won, stood, at_last = np.zeros((len(windows), *shape)), np.zeros((len(windows), *shape)), 0.0
    for number, (at, (rows, age)) in enumerate(zip(windows, seen, strict=True)):
        deals = history.stands.deal[rows]
        cells = places[history.stands.stage[rows]], np.searchsorted(edges, age, side="right")
        is_won = history.won[deals] & (history.closed[deals] >= at + span.first)
        is_won &= history.closed[deals] <= at + span.last
        np.add.at(stood[number], cells, 1.0)
        np.add.at(won[number], cells, is_won.astype(float))
        at_last += float((history.won & ended)[deals].sum())
    is_thin = int(ended.sum()) < FEWEST_ENDED or not windows
    source: Source = "own" if is_thin else "history" if is_told else "all stages"
    timing = float(won.sum() / at_last) if at_last >= FEWEST_IN_STAGE else None
    return Chances(stages, source, len(windows), won.sum(0), stood.sum(0), edges, timing, _shock(won, stood))


def draw_chances(
    history: History, chances: Chances, rows: Ints, day: int, span: Span, *, draws: int, rng: np.random.Generator
) -> Floats:
    """For each draw, each open deal's chance of being won within the span: draws × deals.

    Deals in one cell share what is not known of it, so that their errors go together.
    """
    stage, age = standing(history, rows, day)
    if chances.source == "own":
        return _own(history, chances, rows, stage, day, span, draws, rng)
    overall = _beta(rng, chances.won.sum(), chances.stood.sum(), np.full((draws, 1), 0.5), 1.0)
    stages = _beta(rng, chances.won.sum(1), chances.stood.sum(1), _prior(history, chances, overall), _STAGE_WEIGHT)
    cells = _beta(rng, chances.won, chances.stood, stages[:, :, None], _AGE_WEIGHT)
    if chances.shock:
        odds = rng.gamma(1 / chances.shock, chances.shock, (draws, 1, 1))
        cells = cells * odds / (1 - cells + cells * odds)
    places = np.zeros_like(stage) if chances.source == "all stages" else stage
    return cells[:, places, np.searchsorted(chances.edges, age, side="right")]


def standing(history: History, rows: Ints, day: int) -> tuple[Ints, Ints]:
    """The stage that open deals stand in on a day, and for how many days they have."""
    stands = history.stands
    at = stands.at(day)
    stage, age = np.zeros(len(history.ids), np.int64), np.zeros(len(history.ids), np.int64)
    stage[stands.deal[at]] = stands.stage[at]
    age[stands.deal[at]] = day - stands.since[at]
    return stage[rows], age[rows]


def _stage_chance(history: History, place: int, ended: Flags, day: int) -> StageChance:
    stands = history.stands
    deals = np.unique(stands.deal[(stands.stage == place) & (stands.since <= day)])
    deals = deals[ended[deals]]
    won = int(history.won[deals].sum())
    own = history.stages[place].probability_pct / 100
    if len(deals) < FEWEST_IN_STAGE:
        return StageChance(len(deals), won, own, "own")
    share = (won + _STAGE_WEIGHT * own) / (len(deals) + _STAGE_WEIGHT)
    return StageChance(len(deals), won, share, "history")


def _places(history: History, ended: Flags) -> tuple[Ints, bool]:
    """Where to count each stage, and whether stages count at all.

    Where most ended deals have no stage history, an open deal's stage says nothing: only open ones would be seen to
    have stood there, and none of them was won.
    """
    told = np.unique(history.stands.deal[history.stands.stage != UNKNOWN])
    share = float(ended[told].sum()) / max(int(ended.sum()), 1)
    own = np.arange(len(history.stages))
    return (own, True) if share >= TOLD_SHARE else (np.zeros_like(own), False)


def _windows(history: History, day: int, span: Span) -> list[int]:
    """Days to look back from: the latest whose span is over, and earlier ones a span apart."""
    step = max(span.length, SHORTEST_STEP_DAYS)
    latest = day - span.last
    return [at for at in range(latest, latest - step * MOST_WINDOWS, -step) if at >= history.first_end]


def _seen(history: History, at: int) -> tuple[Ints, Ints]:
    rows = history.stands.at(at)
    return rows, at - history.stands.since[rows]


def _shock(won: Floats, stood: Floats) -> float:
    """The variance of windows around what their cells would have them bring, less what chance alone makes of it."""
    if len(won) < FEWEST_WINDOWS:
        return 0.0
    rates = won.sum(0) / np.maximum(stood.sum(0), 1)
    expected = (stood * rates).sum(axis=(1, 2))
    by_chance = (stood * rates * (1 - rates)).sum(axis=(1, 2))
    beyond = float(((won.sum(axis=(1, 2)) - expected) ** 2 - by_chance).sum())
    return max(beyond / max(float((expected**2).sum()), 1e-9), 0.0)


def _prior(history: History, chances: Chances, overall: Floats) -> Floats:
    """What each stage is smoothed towards: all stages, or its own probability where its history is thin."""
    timing = chances.timing or 0.0
    columns = [
        np.full_like(overall, np.clip(info.probability_pct / 100 * timing, _LEAST, _MOST))
        if stage.source == "own" and place != UNKNOWN and chances.source == "history"
        else overall
        for place, (info, stage) in enumerate(zip(history.stages, chances.stages, strict=True))
    ]
    return np.concatenate(columns, axis=1)


def _own(
    history: History, chances: Chances, rows: Ints, stage: Ints, day: int, span: Span, draws: int,
    rng: np.random.Generator,
) -> Floats:  # fmt: skip
    """By the stages' own probabilities, in the period that each deal is expected to close in."""
    now = history.stage[rows]
    pct = np.array([info.probability_pct / 100 for info in history.stages])
    drawn = _beta(rng, 0.0, 0.0, np.clip(pct, _LEAST, _MOST)[None, :].repeat(draws, 0), _OWN_WEIGHT)
    closes = history.closes[rows]
    due = (closes <= day + span.last) & (closes >= day + span.first) | (closes <= day) & (span.first == 1)
    is_in = np.where(closes < NEVER, due.astype(float), min(1.0, span.length / _USUAL_DAYS))
    chosen: Floats = drawn[:, np.where(stage == UNKNOWN, now, stage)] * is_in
    return chosen


def _beta(rng: np.random.Generator, won: Floats | float, stood: Floats | float, prior: Floats, weight: float) -> Floats:
    prior = np.clip(prior, _LEAST, _MOST)
    drawn: Floats = rng.beta(won + weight * prior, stood - won + weight * (1 - prior))
    return drawn
