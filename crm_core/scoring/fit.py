"""Learn to score from a table of closed records, or say why that cannot be done honestly."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from crm_core.errors import Invalid
from crm_core.scoring.calibrate import calibrate
from crm_core.scoring.choose import GAIN, Trial, best, hold_back, trials
from crm_core.scoring.columns import Columns, Row, read_columns
from crm_core.scoring.encode import Encoded, encode
from crm_core.scoring.feature import Feature, Floats
from crm_core.scoring.leaks import find_leaks
from crm_core.scoring.measures import Truth, auc_error, brier, ece, lift, sigmoid
from crm_core.scoring.model import Model, ModelCard
from crm_core.scoring.order import Split, clocks, has_order
from crm_core.scoring.rungs import Card, starter_card
from crm_core.scoring.values import as_day

FEWEST = 50  # records of each outcome below which nothing is learned
_LEAST_AUC, _ERRORS = 0.53, 3.0  # less than this, or than so many standard errors over chance, is no signal
_GRADES = (0.9, 0.65, 0.3)  # quantiles of the history's scores from which on a record is A, B, C


def fit(
    rows: Sequence[Row],
    outcomes: Sequence[bool | None],
    *,
    names: Sequence[str] | None = None,
    order: str | None = None,
    today: date | None = None,
    trusted: Sequence[str] = (),
    card: Card | None = None,
) -> Model:
    """A model of the rows whose outcome is known, in the order of `order` (a column of days) or as they come.

    `trusted` columns pass the leak guard. Rows whose day lies after `today` are not learned from. `card` is the points
    card to score by while there is too little history, one row of points a feature; by default a point a filled field.

    Raises:
        Invalid: there is no row, or not as many outcomes as rows.
    """
    if not rows or len(rows) != len(outcomes):
        raise Invalid(f"There are {len(rows)} rows and {len(outcomes)} outcomes: one each is needed, and at least one.")
    columns = read_columns(rows, list(names or dict.fromkeys(name for row in rows for name in row)), order=order)
    known, truth, days = _known(rows, outcomes, columns.order, today)
    about = _About(columns, len(known), int(truth.sum()), *_span(days))
    if min(about.good, about.rows - about.good) < FEWEST:
        return _without_history(columns.features, about, rows, card)
    encoded = encode(columns.features, known)
    refused = find_leaks(columns.features, encoded, truth, trusted=frozenset(trusted))
    in_time = bool(columns.order) or has_order(columns.features, encoded, truth)
    clock = set(clocks(columns.features, encoded)) - set(trusted) if in_time else set()
    kept = [at for at, one in enumerate(columns.features) if one.name not in refused and one.name not in clock]
    about.left_out.update(dict.fromkeys(clock - set(refused), "it says little but when the record came"))
    about.refused.update(refused)
    features = tuple(columns.features[at] for at in kept)
    return _learn(features, encoded.columns(kept), truth, hold_back(truth, in_time=in_time), about)


class _About:
    """The part of the model card that is known before anything is learned."""

    def __init__(self, columns: Columns, rows: int, good: int, first: str | None, last: str | None) -> None:
        self.rows, self.good, self.first, self.last = rows, good, first, last
        self.left_out, self.refused = dict(columns.left_out), dict[str, str]()

    def card(self, rung: str, why: str, **figures: Any) -> ModelCard:
        return ModelCard(
            rows=self.rows, good=self.good, first_day=self.first, last_day=self.last, rung=rung, why=why,
            refused=self.refused, left_out=self.left_out, **figures,
        )  # fmt: skip


def _known(
    rows: Sequence[Row], outcomes: Sequence[bool | None], order: str | None, today: date | None
) -> tuple[list[Row], Truth, Floats]:
    """Known rows that do not lie in the future, sorted by day; one without a day stays with the row before."""
    days = np.array([as_day(row.get(order)) if order else np.nan for row in rows])
    late = days > today.toordinal() if today else np.zeros(len(rows), dtype=bool)
    last = np.maximum.accumulate(np.where(np.isnan(days), 0, np.arange(len(days))))
    filled = np.nan_to_num(days[last], nan=-np.inf)
    which = [int(at) for at in np.argsort(filled, kind="stable") if outcomes[at] is not None and not late[at]]
    return [rows[at] for at in which], np.array([bool(outcomes[at]) for at in which], dtype=bool), days[which]


def _span(days: Floats) -> tuple[str | None, str | None]:
    held = days[np.isfinite(days)]
    if not len(held):
        return None, None
    return date.fromordinal(int(held.min())).isoformat(), date.fromordinal(int(held.max())).isoformat()


def _without_history(features: tuple[Feature, ...], about: _About, rows: Sequence[Row], card: Card | None) -> Model:
    bad = about.rows - about.good
    why = (
        f"Not enough history: {about.good:,} good and {bad:,} bad outcomes, and {FEWEST} of each are needed. "
        "The points card is used: it ranks, and tells no probability."
    )
    rung = card or starter_card(features)
    return Model(
        status="not enough history", features=features, rung=rung, card=about.card("points", why),
        grades=_grades(rung.scores(encode(features, rows))),
    )  # fmt: skip


def _learn(features: tuple[Feature, ...], encoded: Encoded, truth: Truth, held: Split, about: "_About") -> Model:
    if not features:
        return _no_signal(about, {})
    tried = trials(features, encoded, truth, held)
    name = best(tried)
    outcomes = truth[np.concatenate([judge for _, judge in held.parts])]
    by_rung = {rung: round(trial.auc, 4) for rung, trial in tried.items()}
    if tried[name].auc < max(_LEAST_AUC, 0.5 + _ERRORS * auc_error(outcomes)):
        return _no_signal(about, by_rung)
    calibration = calibrate(tried[name].raw, outcomes)
    shown = calibration(tried[name].raw)
    figures = _figures(tried[name], shown, outcomes, in_time=held.in_time)
    return Model(
        status="fitted",
        features=features,
        rung=tried[name].fit(features, encoded, truth),
        calibration=calibration,
        grades=_grades(shown),
        card=about.card(name, _why(name), auc_by_rung=by_rung, calibration=calibration.kind, **figures),
    )


def _figures(trial: Trial, shown: Floats, outcomes: Truth, *, in_time: bool) -> dict[str, Any]:
    told = sigmoid(shown)
    return {
        "auc": trial.auc,
        "brier": brier(outcomes, told),
        "ece": ece(outcomes, told),
        "lift_top_tenth": lift(outcomes, shown),
        "held_back": "the later half, in three steps" if in_time else "each part in turn: the rows have no order",
    }


def _why(name: str) -> str:
    if name == "scorecard":
        return "Neither points nor trees were better in every part of the rows held back."
    return f"It beat the scorecard in every part of the rows held back, by {GAIN} of AUC or more on average."


def _no_signal(about: "_About", by_rung: dict[str, float]) -> Model:
    found = (
        f"The best way to score sorts rows held back with an AUC of {max(by_rung.values()):.3f}, and 0.5 is chance."
        if by_rung
        else "No column is left to learn from."
    )
    why = f"The history holds no signal: it does not tell who is won. {found}"
    return Model(
        status="no signal", features=(), rung=starter_card(()), card=about.card("none", why, auc_by_rung=by_rung)
    )


def _grades(shown: Floats) -> tuple[float, float, float]:
    first, second, third = (float(np.quantile(shown, at)) for at in _GRADES)
    return first, second, third
