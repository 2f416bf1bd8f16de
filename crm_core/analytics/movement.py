"""What moved a forecast since a day, and why: told from stage changes and change sets, deal by deal.

A deal counts by what it was expected to bring: its amount times its chance of being won within the period. So the
parts add up to the difference between the two forecasts' means.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

import numpy as np
from sqlalchemy import select

from crm_core.access import Actor, Scope
from crm_core.analytics.chances import Span, draw_chances, learn, standing
from crm_core.analytics.ground import NEVER, Ground, open_ground
from crm_core.analytics.history import UNKNOWN, Floats, History, read_history
from crm_core.analytics.period import Period
from crm_core.analytics.simulate import SEED, amounts_known, draw_period
from crm_core.db import ReadStore
from crm_core.models import ChangeDecision, ChangeRow, ChangeSetRow
from crm_core.money import to_major
from crm_core.query.compile.values import day_start
from crm_core.query.spec import Filter

Cause = Literal["won", "lost", "new", "slipped", "pulled_in", "amount", "moved"]
_DRAWS = 400


@dataclass(frozen=True)
class Moved:
    """One deal that changed.

    Attributes:
        deal: its id.
        cause: the weightiest thing that happened to it.
        before, after: stage, expected close date or amount, where the cause is one of these.
        effect: on the mean of the forecast, in major units.
    """

    deal: int
    cause: Cause
    before: str | None
    after: str | None
    effect: Decimal


@dataclass(frozen=True)
class Movement:
    """Two forecasts of one period, as of two evenings.

    Attributes:
        period: that is forecast.
        since, day: the two evenings.
        currency: of all money.
        before, after: the means, with what was won by then.
        moved: deals, the weightiest first.
        fresh: how business not opened yet moved it.
        passed: time that went by and what was learned: the rest.
    """

    period: Period
    since: date
    day: date
    currency: str
    before: Decimal
    after: Decimal
    moved: tuple[Moved, ...]
    fresh: Decimal
    passed: Decimal


def find_movement(
    store: ReadStore, period: Period, since: date, *, actor: Actor, today: date, where: Filter | None = None
) -> Movement:
    """How the forecast of a period moved from the evening of `since` to that of `today`."""
    with open_ground(store, actor=actor, today=today) as ground:
        history = read_history(ground, where)
        edits = _edits(ground, actor, since)
    place = {deal: row for row, deal in enumerate(history.ids.tolist())}
    then = _as_it_was(history, edits, place)
    before, after = (_expected(one, period, on) for one, on in ((then, since), (history, today)))
    fresh = [_fresh(one, period, on) for one, on in ((then, since), (history, today))]
    effect = after - before

    def money(minor: float) -> Decimal:
        return to_major(round(float(minor)), ground.currency)

    causes = dict(_causes(history, period, since, today, edits, place, ground))
    moved = [
        Moved(int(history.ids[row]), cause, old, new, money(effect[row])) for row, (cause, old, new) in causes.items()
    ]
    told = sum((one.effect for one in moved), Decimal(0))
    means = [money(one.sum() + extra) for one, extra in ((before, fresh[0]), (after, fresh[1]))]
    new_business = money(fresh[1] - fresh[0])
    return Movement(
        period, since, today, ground.currency, means[0], means[1],
        tuple(sorted(moved, key=lambda one: -abs(one.effect))), new_business,
        passed=means[1] - means[0] - new_business - told,
    )  # fmt: skip


def _expected(history: History, period: Period, on: date) -> Floats:
    """What each deal asked about was expected to bring in the period; what it brought, once it is won."""
    day, span = on.toordinal(), Span.ahead(period, on)
    rows = history.open_at(day)
    rows = rows[history.chosen[rows]]
    rng = np.random.default_rng(SEED)
    chance = draw_chances(history, learn(history, day, span), rows, day, span, draws=_DRAWS, rng=rng).mean(axis=0)
    known = amounts_known(history, day)
    usual = float(known.mean()) if len(known) else 0.0
    brings = np.zeros(len(history.ids))
    brings[rows] = chance * np.where(np.isnan(history.amount[rows]), usual, history.amount[rows])
    is_won = history.won & history.chosen & (history.closed <= day) & (history.closed >= period.since.toordinal())
    brings[is_won] = np.nan_to_num(history.amount[is_won])
    return brings


def _fresh(history: History, period: Period, on: date) -> float:
    day, span = on.toordinal(), Span.ahead(period, on)
    nobody = np.zeros(len(history.ids), np.int64)
    chances = learn(history, day, span)
    drawn = draw_period(history, chances, day, span, groups=nobody, count=1, chosen=history.chosen)
    return 0.0 if drawn.fresh is None else float(drawn.fresh.mean())


Edits = dict[int, dict[str, tuple[object, object]]]


def _edits(ground: Ground, actor: Actor, since: date) -> Edits:
    """By deal, its amount and expected close date as they were on the evening of `since` and as they became."""
    row, decision, asked = ChangeRow.__table__.c, ChangeDecision.__table__.c, ChangeSetRow.__table__.c
    changes = (
        select(row.record_id, row.set)
        .join(decision.change_set_id.table, decision.change_set_id == row.change_set_id)
        .join(asked.id.table, asked.id == row.change_set_id)
        .where(row.entity == "deal", row.op == "update", decision.state == "applied")
        .where(decision.at >= day_start(since, after=1))
        .order_by(decision.at, decision.id)
    )
    if actor.reads is not Scope.ALL:
        changes = changes.where(asked.asked_by_id.in_(list(actor.team if actor.reads is Scope.TEAM else {actor.id})))
    edits: Edits = {}
    for deal, fields in ground.connection.execute(changes):
        for name in ("amount", "closes_on"):
            if name in fields:
                old, new = fields[name]
                first = edits.setdefault(deal, {}).get(name, (old, new))[0]
                edits[deal][name] = (first, new)
    return edits


def _as_it_was(history: History, edits: Edits, place: dict[int, int]) -> History:
    """With the amounts and expected close dates that were known then.

    An edit of the amount of a deal whose currency has a rate of its own keeps its ratio.
    """
    amount, closes = history.amount.copy(), history.closes.copy()
    for deal, fields in edits.items():
        if deal in place and "closes_on" in fields:
            due = fields["closes_on"][0]
            closes[place[deal]] = date.fromisoformat(due).toordinal() if isinstance(due, str) else NEVER
        if deal in place and "amount" in fields:
            old, new = fields["amount"]
            row = place[deal]
            ratio = history.amount[row] / new if isinstance(new, int) and new else 1.0
            amount[row] = old * ratio if isinstance(old, int) else np.nan
    return replace(history, amount=amount, closes=closes)


def _causes(
    history: History, period: Period, since: date, today: date, edits: Edits, place: dict[int, int], ground: Ground
) -> Iterable[tuple[int, tuple[Cause, str | None, str | None]]]:
    """Row of a deal → what happened to it; what comes later overrules."""
    first, last = since.toordinal(), today.toordinal()
    both = np.intersect1d(history.open_at(first), history.open_at(last))
    was, _ = standing(history, both, first)
    now, _ = standing(history, both, last)
    names = [stage.name for stage in history.stages]
    for row, old, new in zip(both.tolist(), was.tolist(), now.tolist(), strict=True):
        if old != new and UNKNOWN not in (old, new) and history.chosen[row]:
            yield row, ("moved", names[old], names[new])
    for deal, fields in edits.items():
        row = place.get(deal)
        if row is None or not history.chosen[row]:
            continue
        yield from ((row, cause) for cause in _edited(fields, period, ground))
    started = history.chosen & (history.started > first) & (history.started <= last) & (history.closed > last)
    ended = history.chosen & (history.closed > first) & (history.closed <= last) & (history.closed < NEVER)
    for cause, rows in (("new", started), ("won", ended & history.won), ("lost", ended & ~history.won)):
        yield from ((row, (cause, None, None)) for row in np.flatnonzero(rows).tolist())  # type: ignore[misc]


def _edited(
    fields: dict[str, tuple[object, object]], period: Period, ground: Ground
) -> Iterable[tuple[Cause, str | None, str | None]]:
    for name, (old, new) in fields.items():
        if old == new:
            continue
        if name == "amount":
            told = [to_major(one, ground.currency) if isinstance(one, int) else None for one in (old, new)]
            yield "amount", *(None if one is None else f"{one:,}" for one in told)  # type: ignore[misc]
        elif isinstance(old, str) and isinstance(new, str):
            until = period.until.isoformat()
            if old <= until < new:
                yield "slipped", old, new
            elif new <= until < old:
                yield "pulled_in", old, new
