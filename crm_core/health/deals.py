"""Warnings that the deal, its tasks and its lines give."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import case, exists, func, select

from crm_core.health.ground import Fired, Ground, Raw
from crm_core.health.norms import stage_norms
from crm_core.models import ChangeRow, Deal, TaskStatus
from crm_core.query.compile import dialect

_DEALS = Deal.__table__
_AMOUNT = "amount"


def overdue(at: Ground) -> Fired:
    """The expected close date has passed: (that date,)."""
    due = _DEALS.c.closes_on
    return _fired(at, select(_DEALS.c.id, due).where(due < at.ago(at.limits.of("overdue")), _DEALS.c.id.in_(at.deals)))


def stalled(at: Ground) -> Fired:
    """Too long in a stage: (since when, the norm in days, whether it is of past deals)."""
    moves = at.scope("stage_change")
    since = func.max(moves.table.c.changed_on)
    last = (
        select(moves.table.c.deal_id.label("deal"), since.label("since"))
        .where(moves.table.c.deal_id.in_(at.deals), *moves.guard())
        .group_by(moves.table.c.deal_id)
        .subquery()
    )
    norms, default = stage_norms(at), at.limits.of("stalled")
    cuts = {stage: at.ago(days) for stage, days in norms.items()}
    cut = case(cuts, value=_DEALS.c.stage_id, else_=at.ago(default)) if cuts else at.ago(default)
    wanted = select(_DEALS.c.id, last.c.since, _DEALS.c.stage_id).join_from(_DEALS, last, last.c.deal == _DEALS.c.id)
    found = at.connection.execute(wanted.where(last.c.since < cut))
    return {id_: (day, norms.get(stage, default), stage in norms) for id_, day, stage in found}


def no_next_step(at: Ground) -> Fired | None:
    """Nothing is planned: (). None: nobody plans in this store."""
    plans = at.holds("deal", lambda deal: func.coalesce(deal.next_step, "") != "")
    if not plans and not at.holds("task", lambda task: task.deal_id.is_not(None)):
        return None
    tasks = at.scope("task")
    is_open = (tasks.table.c.deal_id == _DEALS.c.id, tasks.table.c.status == TaskStatus.OPEN)
    has_task = exists().where(*is_open, *tasks.guard()).select_from(tasks.table).correlate(_DEALS)
    began = func.coalesce(_DEALS.c.started_on, dialect.day_of(_DEALS.c.created_at, at.context.dialect))
    wanted = select(_DEALS.c.id).where(
        func.coalesce(_DEALS.c.next_step, "") == "", ~has_task, began <= at.ago(at.limits.of("no_next_step")),
        _DEALS.c.id.in_(at.deals),
    )  # fmt: skip
    return _fired(at, wanted)


def discount(at: Ground) -> Fired:
    """Too much was given away: (percent, whether it is a line's discount)."""
    limit = at.limits.of("discount")
    lines = at.scope("deal_line")
    highest = func.max(lines.table.c.discount_pct)
    wanted = (
        select(lines.table.c.deal_id, highest)
        .where(lines.table.c.deal_id.in_(at.deals), *lines.guard())
        .group_by(lines.table.c.deal_id)
        .having(highest >= limit)
    )
    fell: Fired = {id_: (fall, False) for id_, fall in _falls(at) if fall >= limit}
    return fell | {id_: (round(Decimal(pct)), True) for id_, pct in at.connection.execute(wanted)}


def _falls(at: Ground) -> Iterator[tuple[int, int]]:
    """By how much percent amounts are below what was first recorded, as far as the asker sees the changes."""
    change = ChangeRow.__table__.c
    changed = select(change.record_id, change.set, _DEALS.c.amount_minor).join_from(
        ChangeRow.__table__, _DEALS, (change.record_id == _DEALS.c.id) & (change.entity == "deal")
    )
    wanted = changed.where(change.op == "update", change.record_id.in_(at.deals)).order_by(change.base_version)
    first: dict[int, tuple[float, float]] = {}
    for id_, values, now in at.connection.execute(wanted):
        was = values[_AMOUNT][0] if _AMOUNT in values else None
        if isinstance(was, int | float) and was > 0 and now is not None:
            first.setdefault(id_, (was, now))
    return ((id_, round(100 * (1 - now / was))) for id_, (was, now) in first.items())


def _fired(at: Ground, wanted: Any) -> Fired:
    rows: Iterator[Raw] = (tuple(row) for row in at.connection.execute(wanted))
    return {row[0]: row[1:] for row in rows}
