"""A company whose rates are known: deals arrive, move on, are won and lost by chances that never change."""

from datetime import date

import numpy as np

from crm_core.analytics.ground import NEVER
from crm_core.analytics.history import History, StageInfo, Stands

STAGES = (StageInfo("", 0), StageInfo("Talking", 20), StageInfo("Offered", 60))
FIRST = date(2020, 1, 1).toordinal()
MOVES_ON, FALLS_OUT, WINS, LOSES = 0.025, 0.02, 0.02, 0.012  # a day


def steady_world(months: int, *, a_day: float = 1.2, seed: int = 1) -> History:
    """A company of this age."""
    rng = np.random.default_rng(seed)
    days = months * 30
    deals, stands = [], []
    for start in range(days):
        for _ in range(rng.poisson(a_day)):
            told = _life(rng, start)
            row = len(deals)
            deals.append((start, told[-1][1], told[-1][2]))
            stands += [(row, stage, since, until) for stage, (since, until, _) in enumerate(told, 1)]
    amount = rng.lognormal(12, 0.6, len(deals))
    return _as_history(deals, stands, amount, days)


def _life(rng, start):
    """(since, until, is_won) of each stay."""
    left = start + rng.geometric(MOVES_ON + FALLS_OUT)
    if rng.random() > MOVES_ON / (MOVES_ON + FALLS_OUT):
        return [(start, left, False)]
    end = left + rng.geometric(WINS + LOSES)
    return [(start, left, False), (left, end, rng.random() < WINS / (WINS + LOSES))]


def _as_history(deals, stands, amount, days):
    started, closed, won = (np.array(column) for column in zip(*deals, strict=True))
    is_open = closed >= days
    rows = np.array([s for s in stands if s[2] < days]).T
    deal, stage, since, until = rows
    return History(
        stages=STAGES,
        ids=np.arange(len(deals)),
        started=started + FIRST,
        closes=np.full(len(deals), NEVER),
        closed=np.where(is_open, NEVER, closed + FIRST),
        won=won & ~is_open,
        stage=np.zeros(len(deals), np.int64),
        amount=amount,
        chosen=np.ones(len(deals), dtype=bool),
        groups=((),) * len(deals),
        stands=Stands(deal, stage, since + FIRST, np.where(is_open[deal] & (until >= days), NEVER, until + FIRST)),
        lacking={},
        undated=0,
    )
