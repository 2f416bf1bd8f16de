"""Pipelines and their stages: rows, so that each company has its own."""

from enum import StrEnum

from sqlalchemy.orm import Mapped

from crm_core.models.base import EntityInfo, Kind, Record, Role, field, reference


class StageKind(StrEnum):
    """What a stage means for the deal that stands in it."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Pipeline(Record):
    """A way of selling, with its own stages."""

    __tablename__ = "pipelines"
    __entity__ = EntityInfo(name="pipeline", words=("sales process",))

    name: Mapped[str] = field(words=("name", "pipeline name"), role=Role.TITLE)


class Stage(Record):
    """A step of a pipeline. Each pipeline has open stages and at least one won and one lost."""

    __tablename__ = "stages"
    __entity__ = EntityInfo(name="stage", words=("stage", "deal stage", "sales stage", "phase"))

    name: Mapped[str] = field(words=("name", "stage name"), role=Role.TITLE)
    position: Mapped[int] = field(words=("stage order", "stage position"), default=0)
    probability_pct: Mapped[int] = field(
        words=("probability", "win probability", "chance"), kind=Kind.PERCENT, default=0
    )
    kind: Mapped[str] = field(words=("outcome", "deal status"), kind=Kind.CHOICE, default=StageKind.OPEN)
    pipeline_id: Mapped[int] = reference("pipelines", words=("pipeline",), inverse="stages")
