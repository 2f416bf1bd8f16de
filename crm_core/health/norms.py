"""How long past deals stayed in a stage."""

from collections.abc import Sequence

from sqlalchemy import func, select

from crm_core.health.ground import Ground

SHARE = 0.8  # of past stays that were no longer
FEWEST = 5  # stays; fewer are no norm
_BACK_DAYS = 730


def stage_norms(at: Ground) -> dict[int, int]:
    """By stage, the days that four of five past stays did not exceed. A stage with too thin a history is missing."""
    moves = at.scope("stage_change")
    own = moves.table.c
    left = func.lead(own.changed_on).over(partition_by=own.deal_id, order_by=(own.changed_on, own.id))
    stays = (
        select(own.to_stage_id.label("stage"), own.changed_on.label("entered"), left.label("left"))
        .where(own.changed_on >= at.ago(_BACK_DAYS), *moves.guard())
        .subquery()
    )
    days = at.days(stays.c.entered, stays.c.left)
    wanted = select(stays.c.stage, days, func.count()).where(stays.c.left.is_not(None)).group_by(stays.c.stage, days)
    counted: dict[int, list[tuple[int, int]]] = {}
    for stage, length, count in at.connection.execute(wanted):
        counted.setdefault(stage, []).append((length, count))
    return {stage: _quantile(lengths) for stage, lengths in counted.items() if _total(lengths) >= FEWEST}


def _total(lengths: Sequence[tuple[int, int]]) -> int:
    return sum(count for _, count in lengths)


def _quantile(lengths: Sequence[tuple[int, int]]) -> int:
    needed = SHARE * _total(lengths)
    passed = 0
    for length, count in sorted(lengths):
        passed += count
        if passed >= needed:
            return length
    raise AssertionError("no share is above 1")
