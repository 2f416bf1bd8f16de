"""What is kept: models, and scores with their history. Scores are worked out, so they move no revision and no audit."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, insert, select, update

from crm_core.db import Store
from crm_core.ids import new_id
from crm_core.models import ScoreModelRow, ScoreRow, StoreInfo

if TYPE_CHECKING:
    from crm_core.scoring.model import Model

_ONE_AT_A_TIME = select(StoreInfo.value).where(StoreInfo.name == "revision").with_for_update()  # SQLite is so anyway
_MOST_IDS = 1_000
_MOST_TOLD = 200  # scores of one record


@dataclass(frozen=True)
class Kept:
    """A model as it stands in the store. `card` is what a person is told of it."""

    id: int
    entity: str
    made_at: datetime
    card: dict[str, Any]
    text: str

    @cached_property
    def model(self) -> "Model":
        """The model, read when it is needed."""
        from crm_core.scoring.model import Model

        return Model.from_json(self.text)


@dataclass(frozen=True)
class Scored:
    """A record's score, ready to be kept; see `ScoreRow`."""

    record_id: int
    score: int
    probability: float | None
    grade: str
    reasons: dict[str, Any]


def save_model(store: Store, entity: str, model: "Model", card: dict[str, Any], *, at: datetime) -> Kept:
    """Put a model in force. This moves the revision: from now on there is more to ask about."""
    kept = Kept(new_id(), entity, at, card, model.to_json())
    with store.write() as connection:
        row = {"id": kept.id, "entity": entity, "made_at": at, "card": card, "model": kept.text}
        connection.execute(insert(ScoreModelRow), [row])
    return kept


def set_card(store: Store, kept: Kept, card: dict[str, Any]) -> None:
    """Write down more about a model."""
    with store.derive() as connection:
        connection.execute(update(ScoreModelRow).where(ScoreModelRow.id == kept.id).values(card=card))


def latest_model(connection: Connection, entity: str) -> Kept | None:
    """The model in force for a kind of record."""
    query = select(ScoreModelRow.__table__).where(ScoreModelRow.entity == entity).order_by(ScoreModelRow.id.desc())
    row = connection.execute(query.limit(1)).first()
    return Kept(row.id, row.entity, row.made_at, row.card, row.model) if row else None


def keep_scores(store: Store, kept: Kept, scored: Sequence[Scored], *, at: datetime, today: date) -> int:
    """Put the scores in force, each beside the older ones of its record; gives how many say anything new."""
    with store.derive() as connection:
        connection.execute(_ONE_AT_A_TIME)
        held = {row.record_id: row for row in _latest(connection, kept.entity, [one.record_id for one in scored])}
        fresh = [one for one in scored if _differs(held.get(one.record_id), one, kept)]
        same = [one.record_id for one in scored if not _differs(held.get(one.record_id), one, kept)]
        _mark(connection, kept.entity, same, {"scored_on": today})
        _mark(connection, kept.entity, [one.record_id for one in fresh], {"is_latest": False})
        if fresh:
            connection.execute(insert(ScoreRow), [_row(kept, one, at, today) for one in fresh])
    return len(fresh)


def drop_latest(store: Store, entity: str, ids: Iterable[int]) -> None:
    """These records ended or are gone: they keep their history and have no score now."""
    with store.derive() as connection:
        _mark(connection, entity, list(ids), {"is_latest": False})


def scored_ids(connection: Connection, entity: str) -> set[int]:
    """The records of a kind that have a score now."""
    query = select(ScoreRow.record_id).where(ScoreRow.entity == entity, ScoreRow.is_latest.is_(True))
    return set(connection.scalars(query))


def history_of(connection: Connection, entity: str, record_id: int) -> tuple[Row[Any], ...]:
    """A record's latest scores, the newest first; see `ScoreRow`."""
    of_record = ScoreRow.entity == entity, ScoreRow.record_id == record_id
    query = select(ScoreRow.__table__).where(*of_record).order_by(ScoreRow.id.desc()).limit(_MOST_TOLD)
    return tuple(connection.execute(query))


def model_with_id(connection: Connection, id_: int) -> Kept | None:
    """A model, in force or an older one."""
    row = connection.execute(select(ScoreModelRow.__table__).where(ScoreModelRow.id == id_)).first()
    return Kept(row.id, row.entity, row.made_at, row.card, row.model) if row else None


def _latest(connection: Connection, entity: str, ids: Sequence[int]) -> Iterator[Any]:
    columns = ScoreRow.record_id, ScoreRow.score, ScoreRow.grade, ScoreRow.model_id, ScoreRow.reasons
    for some in _parts(ids):
        latest = ScoreRow.entity == entity, ScoreRow.is_latest.is_(True), ScoreRow.record_id.in_(some)
        yield from connection.execute(select(*columns).where(*latest))


def _mark(connection: Connection, entity: str, ids: Sequence[int], values: dict[str, Any]) -> None:
    for some in _parts(ids):
        latest = ScoreRow.entity == entity, ScoreRow.is_latest.is_(True), ScoreRow.record_id.in_(some)
        connection.execute(update(ScoreRow).where(*latest).values(values))


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _MOST_IDS):
        yield ids[start : start + _MOST_IDS]


def _differs(held: Any, one: Scored, kept: Kept) -> bool:
    if held is None:
        return True
    return (held.score, held.grade, held.model_id, held.reasons) != (one.score, one.grade, kept.id, one.reasons)


def _row(kept: Kept, one: Scored, at: datetime, today: date) -> dict[str, Any]:
    return {
        "id": new_id(), "entity": kept.entity, "record_id": one.record_id, "model_id": kept.id, "at": at,
        "scored_on": today, "score": one.score, "probability": one.probability, "grade": one.grade,
        "reasons": one.reasons, "is_latest": True,
    }  # fmt: skip
