"""Shapes that follow a measure from period to period: its change since the one before, its running total."""

from copilot.offline.filters import both
from copilot.offline.shapes.builder import Builder
from copilot.offline.shapes.ranked import grouped
from copilot.offline.shapes.unclear import Unclear
from crm_core.query.spec import QuerySpec


def tells_periods(b: Builder) -> bool:
    """Whether it is told period by period, or periods are ranked."""
    return any(group.bucket for group in b.reading.groups) or (b.group_target() or "").startswith("bucket:")


def series(b: Builder) -> QuerySpec:
    """As in "growth by month" and "cumulative bookings by month": periods in order of time, of one kind of group."""
    spec = grouped(b)
    if len(spec.group_by) != 1 or spec.group_by[0].bucket in (None, "weekday") or spec.having or spec.order_by:
        raise Unclear("compared with which period?", ())
    one = spec.measures[0]
    if b.reading.growth:
        told = [one, one.model_copy(update={"growth": True, "name": "growth"})]
    else:
        told = [each.model_copy(update={"running": True}) for each in spec.measures]
    where = both(f for f in (spec.where, b.named_group(spec.group_by[0])) if f is not None)
    return spec.model_copy(update={"measures": told, "where": where})
