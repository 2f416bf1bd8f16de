"""The forecast of a period: what is won, what will probably be, commit and best case, against the quota.

Rates are learned from all deals that the asker may see; the filter chooses what is forecast by them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import numpy as np

from crm_core.access import Actor
from crm_core.analytics.backtest import BackTest, back_test
from crm_core.analytics.chances import Chances, Span, StageChance, learn, standing
from crm_core.analytics.ground import NEVER, Ground, open_ground
from crm_core.analytics.history import UNKNOWN, Flags, Floats, History, Ints, StageInfo, read_history
from crm_core.analytics.period import Period
from crm_core.analytics.quotas import read_quotas
from crm_core.analytics.simulate import Drawn, Range, draw_period, range_of
from crm_core.db import ReadStore
from crm_core.errors import Invalid
from crm_core.money import to_major
from crm_core.query.spec import Filter

COMMIT_SHARE = 0.7  # of the deals that ever stood in a stage: from there on a deal that is due is committed


@dataclass(frozen=True)
class Figures:
    """What a group of deals brings in the period; money in major units.

    Attributes:
        label: what the group is called, by each field it is told apart by.
        won: closed and won in the period so far.
        range: won by the end of the period, with what is won so far.
        open: the mean of what the open deals bring.
        fresh: the mean of what deals not opened yet bring; None: history does not tell.
        commit: won, and open deals due in the period from stages of at least `COMMIT_SHARE`; None: no deal has an
            expected close date.
        best: won, and all open deals due in the period.
        quota: of the period; None: there is none, or it cannot be told for these deals.
        deals: open deals that were looked at.
    """

    label: tuple[str | None, ...]
    won: Decimal
    range: Range
    open: Decimal
    fresh: Decimal | None
    commit: Decimal | None
    best: Decimal | None
    quota: Decimal | None
    deals: int


@dataclass(frozen=True)
class StageFigures:
    """An open stage: what history says of it, and its open deals among those asked about."""

    stage: StageInfo
    chance: StageChance
    deals: int
    amount: Decimal


@dataclass(frozen=True)
class Forecast:
    """A forecast as of the end of a day.

    Attributes:
        period: that is forecast.
        day: that it is made on.
        currency: of all money.
        total: over everything.
        groups: as asked, the largest first.
        stages: in order.
        chances: what was learned.
        no_amount: open deals without an amount, taken at what won deals are worth.
        undated: closed deals without the day that they closed, left out.
        lacking: by currency without a rate, how many deals were left out.
        past: how wrong such forecasts were.
    """

    period: Period
    day: date
    currency: str
    total: Figures
    groups: tuple[Figures, ...]
    stages: tuple[StageFigures, ...]
    chances: Chances
    no_amount: int
    undated: int
    lacking: dict[str, int]
    past: BackTest


def make_forecast(
    store: ReadStore, period: Period, *, actor: Actor, today: date, where: Filter | None = None,
    by: Sequence[str] = (),
) -> Forecast:  # fmt: skip
    """What the deals asked about bring in a period.

    Args:
        store: that is asked.
        period: that is not over: its last day still has hours in which deals close.
        actor: who asks; only what they may see counts.
        today: the day that it is made on, with all that is known by its evening.
        where: which deals; None: all.
        by: fields of the deal to tell apart by.

    Raises:
        Invalid: the period is over, or a name does not fit the store.
    """
    if period.until < today:
        raise Invalid(f"{period.since} to {period.until} is over: ask what was won in it, or forecast a later period.")
    with open_ground(store, actor=actor, today=today) as ground:
        history = read_history(ground, where, by)
        labels, groups = group_of(history)
        quotas = read_quotas(ground, period, where, by)
        return _forecast(history, ground, period, today, labels, groups, quotas)


def _forecast(
    history: History, ground: Ground, period: Period, today: date, labels: Sequence[tuple[str | None, ...]],
    groups: Ints, quotas: dict[tuple[str | None, ...], Decimal] | None,
) -> Forecast:  # fmt: skip
    """The forecast as it would have been made on a day, from the history up to it."""
    day, span = today.toordinal(), Span.ahead(period, today)
    chances = learn(history, day, span)
    drawn = draw_period(history, chances, day, span, groups=groups, count=len(labels), chosen=history.chosen)
    tell = _Teller(history, ground.currency, chances, period, day, groups, drawn)
    figures = [tell.group(at, label) for at, label in enumerate(labels)]
    total = tell.total()
    if quotas is not None:
        figures = [replace(one, quota=quotas.get(one.label)) for one in figures]
        total = replace(total, quota=sum(quotas.values(), Decimal(0)) if quotas else None)
    rows = history.open_at(day)
    rows = rows[history.chosen[rows]]
    return Forecast(
        period, today, ground.currency, total,
        tuple(sorted(figures, key=lambda one: -one.range.likely)) if len(labels) > 1 or labels[:1] != [()] else (),
        tuple(tell.stages(rows)), chances,
        no_amount=int(np.isnan(history.amount[rows]).sum()), undated=history.undated, lacking=history.lacking,
        past=back_test(history, today=today, currency=ground.currency),
    )  # fmt: skip


def group_of(history: History) -> tuple[list[tuple[str | None, ...]], Ints]:
    """The groups by label, and the group of each deal; one group of all where nothing tells them apart."""
    labels = sorted(
        {label for label, is_in in zip(history.groups, history.chosen, strict=True) if is_in},
        key=lambda label: tuple((one is None, one or "") for one in label),
    )
    place = {label: at for at, label in enumerate(labels)}
    return labels, np.array([place.get(label, 0) for label in history.groups], np.int64)


@dataclass(frozen=True)
class _Teller:
    history: History
    currency: str
    chances: Chances
    period: Period
    day: int
    groups: Ints
    drawn: Drawn

    def group(self, at: int, label: tuple[str | None, ...]) -> Figures:
        fresh = None if self.drawn.fresh is None else self.drawn.fresh[:, at]
        return self._figures(label, self.history.chosen & (self.groups == at), self.drawn.open[:, at], fresh)

    def total(self) -> Figures:
        fresh = None if self.drawn.fresh is None else self.drawn.fresh.sum(axis=1)
        return self._figures((), self.history.chosen, self.drawn.open.sum(axis=1), fresh)

    def stages(self, rows: Ints) -> list[StageFigures]:
        where, _ = standing(self.history, rows, self.day)
        where = np.where(where == UNKNOWN, self.history.stage[rows], where)
        worth = np.nan_to_num(self.history.amount[rows])
        return [
            StageFigures(info, chance, int((where == place).sum()), self._money(worth[where == place].sum()))
            for place, (info, chance) in enumerate(zip(self.history.stages, self.chances.stages, strict=True))
            if place != UNKNOWN
        ]

    def _figures(self, label: tuple[str | None, ...], among: Flags, opened: Floats, fresh: Floats | None) -> Figures:
        history, period = self.history, self.period
        amount = np.nan_to_num(history.amount)
        is_in = (history.closed >= period.since.toordinal()) & (history.closed <= self.day)
        won = float(amount[among & history.won & is_in].sum())
        rows = history.open_at(self.day)
        rows = rows[among[rows]]
        due = rows[history.closes[rows] <= period.until.toordinal()]
        total: Floats = won + opened if fresh is None else won + opened + fresh
        has_dates = bool(len(rows)) and bool((history.closes[history.open_at(self.day)] < NEVER).any())
        return Figures(
            label,
            won=self._money(won),
            range=range_of(total, self.currency),
            open=self._money(opened.mean()),
            fresh=None if fresh is None else self._money(fresh.mean()),
            commit=self._money(won + amount[due[self._is_committed(due)]].sum()) if has_dates else None,
            best=self._money(won + amount[due].sum()) if has_dates else None,
            quota=None,
            deals=len(rows),
        )

    def _is_committed(self, rows: Ints) -> Flags:
        shares = np.array([one.share for one in self.chances.stages])
        is_likely: Flags = shares[self.history.stage[rows]] >= COMMIT_SHARE
        return is_likely

    def _money(self, minor: float) -> Decimal:
        return to_major(round(float(minor)), self.currency)
