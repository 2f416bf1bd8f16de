"""The steps of a company's pipelines, for whoever arranges them. A deleted stage must leave no deal without one."""

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import Connection, func, select

from crm_core.access import Actor
from crm_core.changes import Change, Op, commit_on
from crm_core.changes.change import Head
from crm_core.db import ReadStore, Store
from crm_core.errors import Conflict, NotFound
from crm_core.models import Deal, Pipeline, Stage


@dataclass(frozen=True)
class Step:
    """A stage, and how many deals stand in it."""

    id: int
    pipeline_id: int
    pipeline: str
    name: str
    position: int
    probability_pct: int
    kind: str
    version: int
    deals: int


def list_stages(store: ReadStore) -> tuple[Step, ...]:
    """Every stage in the order of its pipeline; its deals are those of everybody."""
    with store.read() as connection:
        return _stages(connection)


def delete_stage(store: Store, stage_id: int, *, actor: Actor, door: str) -> str:
    """Take an empty stage out of its pipeline; gives the change set's id.

    Raises:
        NotFound: there is none.
        Conflict: deals stand in it, or its pipeline has no other stage of its outcome.
        Forbidden: the actor is no administrator.
    """
    with store.write() as connection:
        stages = _stages(connection)
        found = next((one for one in stages if one.id == stage_id), None)
        if found is None:
            raise NotFound("There is no such stage.")
        if found.deals:
            raise Conflict(f"{found.deals:,} deals stand in {found.name}; move them to another stage first.")
        if sum((one.pipeline_id, one.kind) == (found.pipeline_id, found.kind) for one in stages) < 2:
            raise Conflict(f"{found.name} is the only {found.kind} stage of {found.pipeline}; a pipeline needs one.")
        head = Head(str(uuid4()), "edit", f"delete the stage {found.name}", actor.name, actor.id, door)
        change = Change(Op.DELETE, "stage", stage_id, found.version)
        commit_on(connection, store.schema_at(connection), [change], head, actor=actor)
    return head.id


def _stages(connection: Connection) -> tuple[Step, ...]:
    deals = select(func.count()).where(Deal.stage_id == Stage.id, Deal.deleted_at.is_(None)).scalar_subquery()
    query = (
        select(
            Stage.id, Stage.pipeline_id, Pipeline.name.label("pipeline"), Stage.name, Stage.position,
            Stage.probability_pct, Stage.kind, Stage.version, deals.label("deals"),
        )
        .join(Pipeline, Pipeline.id == Stage.pipeline_id)
        .where(Stage.deleted_at.is_(None), Pipeline.deleted_at.is_(None))
        .order_by(Pipeline.name, Stage.pipeline_id, Stage.position, Stage.id)
    )  # fmt: skip
    return tuple(Step(*row) for row in connection.execute(query))
