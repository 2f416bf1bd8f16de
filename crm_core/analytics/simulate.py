"""What a period will bring: won so far, what is open, and business not yet opened, drawn many times over.

The draws are seeded, so the same question gives the same figures.
"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from crm_core.analytics.chances import FEWEST_WINDOWS, SHORTEST_STEP_DAYS, Chances, Span, draw_chances
from crm_core.analytics.history import Flags, Floats, History, Ints
from crm_core.money import to_major

SEED = 20
LOW, HIGH = 0.1, 0.9  # an interval of 80 %
_CELLS, _MOST_DRAWS, _FEWEST_DRAWS = 8_000_000, 4_000, 200
_FEWEST_AMOUNTS, _FRESH_WINDOWS = 5, 12


@dataclass(frozen=True)
class Drawn:
    """Draws of what each group of deals brings, draws × groups, in minor units; `fresh`: by deals not opened yet.

    `fresh` is None where history does not tell.
    """

    open: Floats
    fresh: Floats | None

    @property
    def total(self) -> Floats:
        """Both together."""
        return self.open if self.fresh is None else self.open + self.fresh


@dataclass(frozen=True)
class Range:
    """An interval of 80 % and the middle of it, in major units."""

    low: Decimal
    likely: Decimal
    high: Decimal


def range_of(draws: Floats, currency: str) -> Range:
    """The range of what was drawn, in minor units."""
    return Range(*(to_major(round(one), currency) for one in np.quantile(draws, (LOW, 0.5, HIGH)).tolist()))


def draw_period(
    history: History, chances: Chances, day: int, span: Span, *, groups: Ints, count: int, chosen: Flags
) -> Drawn:
    """What is won within the span by deals among `chosen`, seen from the end of `day`.

    Args:
        history: of all deals.
        chances: what was learned as of `day` for `span`.
        day: ordinal.
        span: the days ahead.
        groups: group of each deal.
        count: how many groups there are.
        chosen: which deals are asked about.
    """
    rng = np.random.default_rng(SEED)
    rows = history.open_at(day)
    rows = rows[chosen[rows]]
    draws = int(np.clip(_CELLS // max(len(rows), 1), _FEWEST_DRAWS, _MOST_DRAWS))
    chance = draw_chances(history, chances, rows, day, span, draws=draws, rng=rng)
    is_won = rng.random(chance.shape) < chance
    worth = _worth(history, rows, day, draws, rng)
    brought = np.where(is_won, worth, 0.0)
    by_group = np.zeros((draws, count))
    for group in np.unique(groups[rows]):
        by_group[:, group] = brought[:, groups[rows] == group].sum(axis=1)
    return Drawn(by_group, _fresh(history, day, span, groups, count, chosen, draws, rng))


def amounts_known(history: History, day: int) -> Floats:
    """What deals that were won until the day were worth."""
    worth = history.amount[history.won & (history.closed <= day)]
    known: Floats = worth[~np.isnan(worth)]
    return known


def _worth(history: History, rows: Ints, day: int, draws: int, rng: np.random.Generator) -> Floats:
    """The deals' amounts; one that has none is worth what won deals were."""
    worth = np.broadcast_to(history.amount[rows], (draws, len(rows))).copy()
    unknown = np.isnan(history.amount[rows])
    known = amounts_known(history, day)
    if unknown.any():
        shape = (draws, int(unknown.sum()))
        worth[:, unknown] = rng.choice(known, shape) if len(known) >= _FEWEST_AMOUNTS else 0.0
    return worth


def _fresh(
    history: History, day: int, span: Span, groups: Ints, count: int, chosen: Flags, draws: int,
    rng: np.random.Generator,
) -> Floats | None:  # fmt: skip
    """Deals not opened yet that are won within the span: as many as in windows of the same length before.

    Their number is negative binomial where the windows differ by more than chance would have them, else Poisson; its
    rate is drawn from what the windows leave open. Groups share it as they shared it before.
    """
    windows = fresh_windows(history, day, span)
    if len(windows) < FEWEST_WINDOWS:
        return None
    found = [_fresh_won(history, at, span, chosen) for at in windows]
    numbers = np.array([len(rows) for rows in found], np.float64)
    rows = np.concatenate(found)
    by_group = np.zeros((draws, count))
    known = rows[~np.isnan(history.amount[rows])]
    if not len(known):
        return by_group
    drawn = _numbers(numbers, draws, rng)
    picks = rng.choice(known, int(drawn.sum()))
    of_draw = np.repeat(np.arange(draws), drawn)
    np.add.at(by_group, (of_draw, groups[picks]), history.amount[picks])
    return by_group


def fresh_windows(history: History, day: int, span: Span) -> list[int]:
    """Days whose new business is over and known."""
    step, latest = max(span.length, SHORTEST_STEP_DAYS), day - span.last
    return [at for at in range(latest, latest - _FRESH_WINDOWS * step, -step) if at >= history.first_end]


def _fresh_won(history: History, at: int, span: Span, chosen: Flags) -> Ints:
    closed = history.closed
    is_in = (closed >= at + span.first) & (closed <= at + span.last)
    return np.flatnonzero(history.won & chosen & is_in & (history.started > at))


def _numbers(seen: Floats, draws: int, rng: np.random.Generator) -> Ints:
    mean, windows = float(seen.mean()), len(seen)
    rate = rng.gamma(seen.sum() + 0.5, 1 / windows, draws)
    excess = float(seen.var(ddof=1)) - mean
    if excess > 0 and mean > 0:
        size = mean * mean / excess
        rate = rate * rng.gamma(size, 1 / size, draws)
    return rng.poisson(rate)
