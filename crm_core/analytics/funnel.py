"""How far deals come: how many reach each stage, how many go on from it, and how long they stay."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, case, func, select

from crm_core.access import Actor
from crm_core.analytics.ground import Ground, open_ground
from crm_core.db import ReadStore
from crm_core.models import StageKind
from crm_core.query.compile import dialect
from crm_core.query.spec import Filter


@dataclass(frozen=True)
class Step:
    """A stage of a funnel.

    Attributes:
        pipeline, stage: their names.
        reached: deals that ever stood in it or in a later one, or were won.
        share: of those that reached the stage before.
        days: median of the finished stays in it; None: no stay has ended.
    """

    pipeline: str
    stage: str
    reached: int
    share: float | None
    days: float | None


@dataclass(frozen=True)
class Funnel:
    """Steps in order; below them how it ended for all that entered."""

    steps: tuple[Step, ...]
    entered: int
    won: int
    lost: int


def read_funnel(store: ReadStore, *, actor: Actor, today: date, where: Filter | None = None) -> Funnel:
    """The funnel of the deals that match; a stage that was skipped counts as reached."""
    with open_ground(store, actor=actor, today=today) as ground:
        depths = _depths(ground, where)
        days = _days(ground, where)
        stages = _stages(ground)
    steps: list[Step] = []
    before: tuple[str, int] = ("", 0)
    for stage_id, pipeline_id, pipeline, name, position in stages:
        of_pipeline = [one for one in depths if one[0] == pipeline_id]
        first = all(step.pipeline != pipeline for step in steps)
        reached = sum(count for _, kind, depth, count in of_pipeline if first or _is_past(kind, depth, position))
        share = reached / before[1] if before[0] == pipeline and before[1] else None
        steps.append(Step(pipeline, name, reached, share, days.get(stage_id)))
        before = (pipeline, reached)
    ends = {kind: sum(count for _, one, _, count in depths if one == kind) for kind in StageKind}
    return Funnel(tuple(steps), sum(ends.values()), ends[StageKind.WON], ends[StageKind.LOST])


def _is_past(kind: str, depth: int | None, position: int) -> bool:
    return kind == StageKind.WON or (depth is not None and depth >= position)


def _stages(ground: Ground) -> list[tuple[int, int, str, str, int]]:
    scope, guard = ground.rows("stage")
    own, pipeline = scope.table.c, scope.reach([scope.entity.fields["pipeline"]]).table.c
    found = select(own.id, own.pipeline_id, pipeline.name, own.name, own.position).select_from(scope.source())
    found = found.where(*guard, own.kind == StageKind.OPEN)
    rows = ground.connection.execute(found.order_by(own.pipeline_id, own.position, own.id))
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


def _depths(ground: Ground, where: Filter | None) -> list[tuple[int, str, int | None, int]]:
    """(pipeline, kind of the stage that it stands in, furthest position, number) of the deals."""
    moves, of_moves = ground.rows("stage_change")
    to = moves.reach([moves.entity.fields["to_stage"]]).table.c
    furthest = (
        select(moves.table.c.deal_id, func.max(to.position).label("position"))
        .select_from(moves.source())
        .where(*of_moves, to.kind == StageKind.OPEN)
        .group_by(moves.table.c.deal_id)
        .subquery()
    )
    deals, guard = ground.rows("deal")
    stage = deals.reach([deals.entity.fields["stage"]]).table.c
    chosen = ground.chosen(deals, where)
    depth = func.coalesce(furthest.c.position, case((stage.kind == StageKind.OPEN, stage.position)))
    source = deals.source().outerjoin(furthest, furthest.c.deal_id == deals.id)
    keys = (stage.pipeline_id, stage.kind, depth)
    found = select(*keys, func.count()).select_from(source).where(*guard, chosen).group_by(*keys)
    return [(row[0], row[1], row[2], row[3]) for row in ground.connection.execute(found)]


def _days(ground: Ground, where: Filter | None) -> dict[int, float]:
    """By stage, the median days of the stays that have ended."""
    moves, of_moves = ground.rows("stage_change")
    own = moves.table.c
    following = func.lead(own.changed_on).over(partition_by=own.deal_id, order_by=(own.changed_on, own.id))
    stays = (
        select(own.deal_id, own.to_stage_id, own.changed_on, following.label("left_on"))
        .select_from(moves.source())
        .where(*of_moves)
        .subquery()
    )
    deals, guard = ground.rows("deal")
    chosen = ground.chosen(deals, where)
    flavour = ground.context.dialect
    left = func.coalesce(stays.c.left_on, deals.table.c.closed_on)
    days = dialect.days_between(stays.c.changed_on, left, flavour)
    source = deals.source().join(stays, and_(stays.c.deal_id == deals.id, left.is_not(None)))
    found = select(stays.c.to_stage_id, dialect.median(days, flavour)).select_from(source).where(*guard, chosen)
    return {row[0]: float(row[1]) for row in ground.connection.execute(found.group_by(stays.c.to_stage_id))}
