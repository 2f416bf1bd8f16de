"""How wrong the forecast was: made anew as of past month ends, from what was known then, against what was won.

A deal's amount is taken as it stands now, for most stores do not tell what it was.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from crm_core.analytics.chances import FEWEST_ENDED, FEWEST_WINDOWS, Span, learn
from crm_core.analytics.history import History
from crm_core.analytics.period import Period, months_before
from crm_core.analytics.simulate import Range, draw_period, fresh_windows, range_of
from crm_core.money import to_major

MOST_MONTHS, FEWEST_MONTHS, FEWEST_WON = 12, 3, 10
_PLAIN_MONTHS = 3


@dataclass(frozen=True)
class Month:
    """A month as it was forecast on the evening before it, and what it brought."""

    period: Period
    range: Range
    actual: Decimal

    @property
    def is_held(self) -> bool:
        """Whether the interval holds what came."""
        return self.range.low <= self.actual <= self.range.high


@dataclass(frozen=True)
class BackTest:
    """Past forecasts against the truth; the errors are None below `FEWEST_MONTHS` and `FEWEST_WON` deals.

    Attributes:
        months: the earliest first.
        error: mean distance of likely from what came, as a share of what came.
        bias: mean of likely over what came, less 1: above 0 it promised too much.
        plain_error: of the mean of the three months before instead.
    """

    months: tuple[Month, ...]
    error: float | None
    bias: float | None
    plain_error: float | None

    @property
    def held(self) -> int:
        """In how many months the interval of 80 % held what came."""
        return sum(month.is_held for month in self.months)


def back_test(history: History, *, today: date, currency: str, most: int = MOST_MONTHS) -> BackTest:
    """The months that are over and had enough history before them, at most `most`."""
    months = [one for one in months_before(today, most + _PLAIN_MONTHS) if _has_history(history, one)]
    tested = tuple(_test(history, period, currency) for period in months[-most:])
    if len(tested) < FEWEST_MONTHS or _won(history, tested) < FEWEST_WON:
        return BackTest(tested, None, None, None)
    actual = np.array([float(one.actual) for one in tested])
    likely = np.array([float(one.range.likely) for one in tested])
    plain = np.array([_plain(history, one.period, currency) for one in tested])
    whole = float(actual.sum())
    if not whole:
        return BackTest(tested, None, None, None)
    error, plain_error = (float(np.abs(one - actual).sum()) / whole for one in (likely, plain))
    return BackTest(tested, error, float(likely.sum()) / whole - 1, plain_error)


def won_in(history: History, since: date, until: date) -> float:
    """What the deals asked about brought between two days, in minor units."""
    is_in = (history.closed >= since.toordinal()) & (history.closed <= until.toordinal())
    worth = history.amount[history.won & history.chosen & is_in]
    return float(np.nan_to_num(worth).sum())


def _has_history(history: History, period: Period) -> bool:
    eve = period.since - timedelta(days=1)
    is_learned = int((history.closed <= eve.toordinal()).sum()) >= FEWEST_ENDED
    return is_learned and len(fresh_windows(history, eve.toordinal(), Span.ahead(period, eve))) >= FEWEST_WINDOWS


def _won(history: History, months: tuple[Month, ...]) -> int:
    is_in = history.closed >= months[0].period.since.toordinal()
    return int((history.won & history.chosen & is_in).sum())


def _test(history: History, period: Period, currency: str) -> Month:
    eve = period.since - timedelta(days=1)
    day, span = eve.toordinal(), Span.ahead(period, eve)
    nobody = np.zeros(len(history.ids), np.int64)
    chances = learn(history, day, span)
    drawn = draw_period(history, chances, day, span, groups=nobody, count=1, chosen=history.chosen)
    actual = won_in(history, period.since, period.until)
    return Month(period, range_of(drawn.total[:, 0], currency), to_major(round(actual), currency))


def _plain(history: History, period: Period, currency: str) -> float:
    """The mean of the three months before."""
    before = months_before(period.since - timedelta(days=1), _PLAIN_MONTHS)
    won = won_in(history, before[0].since, before[-1].until) / _PLAIN_MONTHS
    return float(to_major(round(won), currency))
