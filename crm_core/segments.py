"""Segments: lists that people keep under a name, for themselves or for everybody.

A segment holds a question, so each reader finds in it what they may see.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from pydantic import ValidationError
from sqlalchemy import Row, delete, insert, or_, select

from crm_core.access import Actor
from crm_core.db import ReadStore, Store
from crm_core.errors import Forbidden, Invalid, NotFound
from crm_core.ids import new_id
from crm_core.models import SegmentRow, UserRole
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec

LONGEST_NAME = 80


@dataclass(frozen=True)
class Segment:
    """A kept list; see `SegmentRow`."""

    id: int
    owner_id: int
    name: str
    spec: QuerySpec
    is_shared: bool


def list_segments(store: ReadStore, entity: str, *, actor: Actor) -> tuple[Segment, ...]:
    """The actor's own lists of a kind of record and those that others share, by name."""
    table = SegmentRow.__table__
    may_see = or_(SegmentRow.owner_id == actor.id, SegmentRow.is_shared.is_(True))
    query = select(table).where(SegmentRow.entity == entity, may_see).order_by(SegmentRow.name, SegmentRow.id)
    with store.read(actor) as connection:
        found = (_segment(row) for row in connection.execute(query))
        return tuple(one for one in found if one is not None)


def find_segment(store: ReadStore, segment_id: int, *, actor: Actor) -> Segment:
    """One of the lists that the actor may see; NotFound otherwise."""
    with store.read(actor) as connection:
        row = connection.execute(select(SegmentRow.__table__).where(SegmentRow.id == segment_id)).first()
    found = _segment(row) if row is not None else None
    if found is None or not (found.is_shared or found.owner_id == actor.id):
        raise NotFound("There is no such list.")
    return found


def save_segment(
    store: Store, name: str, spec: QuerySpec, *, actor: Actor, today: date, is_shared: bool = False
) -> Segment:
    """Keep a list, in the place of the actor's own one of that name.

    Raises:
        Invalid: it has no name, or the question does not fit the store.
    """
    told = " ".join(name.split())
    if not 0 < len(told) <= LONGEST_NAME:
        raise Invalid(f"Give the list a name of 1 to {LONGEST_NAME} characters.", field="name")
    run_query(store, spec.model_copy(update={"limit": 1, "offset": 0}), actor=actor, today=today)
    kept = Segment(new_id(), actor.id, told, spec, is_shared)
    same = (SegmentRow.owner_id == actor.id, SegmentRow.entity == spec.entity, SegmentRow.name == told)
    row = {
        "id": kept.id, "owner_id": actor.id, "entity": spec.entity, "name": told, "is_shared": is_shared,
        "spec": spec.model_dump(mode="json", exclude_defaults=True), "created_at": datetime.now(UTC),
    }  # fmt: skip
    with store.derive() as connection:
        connection.execute(delete(SegmentRow).where(*same))
        connection.execute(insert(SegmentRow), [row])
    return kept


def delete_segment(store: Store, segment_id: int, *, actor: Actor) -> None:
    """Forget a list.

    Raises:
        NotFound: there is none that the actor may see.
        Forbidden: it is another person's, and the actor is no administrator.
    """
    found = find_segment(store, segment_id, actor=actor)
    if found.owner_id != actor.id and actor.role is not UserRole.ADMIN:
        raise Forbidden("This list is another person's; only they or an administrator may delete it.")
    with store.derive() as connection:
        connection.execute(delete(SegmentRow).where(SegmentRow.id == segment_id))


def _segment(row: Row[object]) -> Segment | None:
    """None where the question can no longer be read."""
    of = row._mapping
    try:
        return Segment(of["id"], of["owner_id"], of["name"], QuerySpec.model_validate(of["spec"]), of["is_shared"])
    except ValidationError:
        return None
