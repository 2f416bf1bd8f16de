"""The pipeline and stages that imported deals need, made where the store lacks them."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from crm_core.changes.change import Change, Json, Op
from crm_core.ids import new_id
from crm_core.models import Pipeline, Stage, StageKind
from crm_core.titles import same_title
from crm_core.transfer.convert import Lookups
from crm_core.transfer.mapping import PipelineMap
from crm_core.transfer.references import Directory


class StageMaker:
    """Makes what is missing of a pipeline, and lets stages be found by name in it alone."""

    def __init__(self, connection: Connection, wanted: PipelineMap, lookups: Lookups) -> None:
        self._connection = connection
        self._wanted = wanted
        self._lookups = lookups
        self.pipeline_id = 0
        self.first_open: int | None = None

    def changes(self) -> Iterator[Change]:
        """Creates of the pipeline and of its missing stages; fills the lookups."""
        found = self._connection.execute(
            select(Pipeline.id).where(Pipeline.name == self._wanted.name, Pipeline.deleted_at.is_(None))
        ).scalar()
        self.pipeline_id = found or new_id()
        if found is None:
            yield _create("pipeline", self.pipeline_id, {"name": self._wanted.name})
        yield from self._stages()

    def _stages(self) -> Iterator[Change]:
        directory = Directory()
        query = select(Stage.__table__).where(Stage.pipeline_id == self.pipeline_id, Stage.deleted_at.is_(None))
        stored = {same_title(row.name): row for row in self._connection.execute(query.order_by(Stage.position))}
        last = max((row.position for row in stored.values()), default=-1)
        for row in stored.values():
            self._note(directory, row.id, row.name, row.kind, row.external_id)
        for stage in self._wanted.stages:
            if same_title(stage.name) in stored:
                continue
            last, stage_id = last + 1, new_id()
            self._note(directory, stage_id, stage.name, stage.kind, None)
            values: dict[str, Json] = {
                "name": stage.name, "position": last, "probability_pct": stage.probability_pct,
                "kind": str(stage.kind), "pipeline": self.pipeline_id,
            }  # fmt: skip
            yield _create("stage", stage_id, values)
        self._lookups.directories["stage"] = directory

    def _note(self, directory: Directory, stage_id: int, name: str, kind: str, code: str | None) -> None:
        directory.add(stage_id, code=code, title=name)
        self._lookups.stage_kinds[stage_id] = kind
        if kind == StageKind.OPEN and self.first_open is None:
            self.first_open = stage_id


def _create(entity: str, record_id: int, values: dict[str, Json]) -> Change:
    return Change(Op.CREATE, entity, record_id, None, {name: (None, value) for name, value in values.items()})
