"""What the scorer said: models, and scores with their history. They are worked out, so never edited or undone."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm_core.models.base import Base


class ScoreModelRow(Base):
    """A model of one kind of record. The newest of a kind is in force; older ones explain older scores.

    `card` is what a person is told of it, `model` what `crm_core.scoring` reads.
    """

    __tablename__ = "score_models"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entity: Mapped[str] = mapped_column(index=True)
    made_at: Mapped[datetime]
    card: Mapped[dict[str, Any]] = mapped_column(default=dict)
    model: Mapped[str] = mapped_column(Text())


class ScoreRow(Base):
    """A record's score on a day, 0 to 100 where it is a chance, else points. A record that ended has no latest one.

    `reasons` hold the parts that add up to it, and the step that would raise it.
    """

    __tablename__ = "scores"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entity: Mapped[str]
    record_id: Mapped[int]
    model_id: Mapped[int]
    at: Mapped[datetime]
    scored_on: Mapped[date]
    score: Mapped[int]
    probability: Mapped[float | None]
    grade: Mapped[str]
    reasons: Mapped[dict[str, Any]] = mapped_column(default=dict)
    is_latest: Mapped[bool] = mapped_column(default=True)


Index("ix_scores_latest", ScoreRow.entity, ScoreRow.is_latest, ScoreRow.record_id)
Index("ix_scores_record", ScoreRow.entity, ScoreRow.record_id)
