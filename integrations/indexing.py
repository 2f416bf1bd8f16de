"""Keeping the search in step with the records: texts become passages, passages get vectors.

Taking in texts is quick; giving vectors takes a model. Both go on where they stopped.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from copilot.knowledge import documents, texts
from crm_core.db import ReadStore, Store
from crm_core.errors import Unavailable
from crm_core.models import ChangeRow
from crm_core.schema import Entity, Schema
from integrations.outbox import Cursor, newest
from retrieval import table
from retrieval.document import Source
from retrieval.embed import DamagedModel, Embedder
from retrieval.fill import embed_waiting

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
CURSOR = Cursor("searchable_up_to")  # the last change of the outbox whose texts were taken in
_FEW = 5_000  # records that a door takes in by itself the first time: a few seconds
_CHUNK = 500  # records at a time
_SETS = 50  # change sets at a time


@dataclass(frozen=True)
class State:
    """How far the search is behind.

    Attributes:
        passages: in all.
        embedded: of these, with a vector.
        behind: applied change sets whose texts are still to be taken in; None: nothing was ever taken in.
    """

    passages: int
    embedded: int
    behind: int | None


def state_of(store: ReadStore, embedder: Embedder | None) -> State:
    """How far the search of `store` is."""
    with store.read() as connection:
        return State(
            passages=table.count(connection),
            embedded=table.count(connection, embedded_by=embedder.name) if embedder else 0,
            behind=CURSOR.behind(connection),
        )


def take_in_all(store: Store, *, progress: Progress) -> int:
    """Bring the passages of every record in step with its text; gives how many records were taken in anew.

    Killed halfway, it skips next time what is in step already.
    """
    with store.read() as connection:
        schema, last = store.schema_at(connection), newest(connection)
        kinds = texts(schema)
        total = sum(_count(connection, entity) for entity in kinds)
    done = taken = 0
    for entity in kinds:
        after = 0
        while ids := _ids(store, entity, after):
            taken += _take_in(store, entity, ids)
            done, after = done + len(ids), ids[-1]
            progress(done, total)
    _drop_strangers(store, schema)
    with store.derive() as connection:
        CURSOR.move(connection, last)
    return taken


def take_in_changes(store: Store) -> int:
    """Bring in step what changed since the last time, change set by change set; gives the number of records.

    Where nothing was ever taken in, it does nothing: the whole is for `take_in_all`.
    """
    taken = 0
    while True:
        with store.read() as connection:
            schema, waiting = store.schema_at(connection), CURSOR.waiting(connection, limit=_SETS)
            if not waiting:
                return taken
            touched = _touched(connection, [row.change_set_id for row in waiting], schema)
        for entity, ids in touched:
            for start in range(0, len(ids), _CHUNK):
                taken += _take_in(store, entity, ids[start : start + _CHUNK])
        with store.derive() as connection:
            CURSOR.move(connection, waiting[-1].seq)


def add_vectors(store: Store, embedder: Embedder, *, progress: Progress) -> int:
    """Give every passage a vector of this embedder; gives how many were given.

    Raises:
        Unavailable: the embedding model is not what was published.
    """
    try:
        return embed_waiting(store.read, store.derive, embedder, progress=progress)
    except DamagedModel as error:
        raise Unavailable(str(error)) from error


def keep_in_step(store: Store) -> None:
    """Take in what changed, as a door does before it answers; nothing where the store cannot be written to."""
    try:
        with store.read() as connection:
            is_new = CURSOR.place(connection) is None
            is_small = is_new and sum(_count(connection, entity) for entity in texts(store.schema)) <= _FEW
        if is_small:
            take_in_all(store, progress=lambda _done, _total: None)
        elif not is_new:
            take_in_changes(store)
    except Unavailable:
        log.warning("texts are not taken in: the store cannot be written to")


def forget_all(store: Store) -> None:
    """Remove every passage, so that all is taken in anew."""
    with store.derive() as connection:
        connection.execute(table.passages.delete())
        CURSOR.forget(connection)


def _take_in(store: Store, entity: Entity, ids: Sequence[int]) -> int:
    """Passages of these records as their texts are now; gives how many had changed."""
    with store.derive() as connection:
        found = {one.source.id: one for one in documents(connection, entity, ids)}
        held = table.digests(connection, entity.name, ids)
        changed = [one for id_, one in found.items() if held.get(id_) != one.digest]
        table.replace(connection, changed)
        gone = [id_ for id_ in held if id_ not in found]
        table.remove(connection, (Source(entity.name, id_) for id_ in gone))
    return len(changed) + len(gone)


def _drop_strangers(store: Store, schema: Schema) -> None:
    """Passages of kinds that hold no texts any more."""
    with store.derive() as connection:
        known = [entity.name for entity in texts(schema)]
        connection.execute(table.passages.delete().where(table.passages.c.kind.not_in(known)))


def _touched(connection: Connection, sets: Sequence[str], schema: Schema) -> list[tuple[Entity, list[int]]]:
    """The records with texts that these change sets touched, by kind."""
    rows = select(ChangeRow.record_id).where(ChangeRow.change_set_id.in_(sets)).distinct()
    return [
        (entity, sorted(connection.scalars(rows.where(ChangeRow.entity == entity.name)))) for entity in texts(schema)
    ]


def _ids(store: Store, entity: Entity, after: int) -> list[int]:
    """The next records of a kind, deleted ones too: their passages go."""
    with store.read() as connection:
        ids = entity.table.c.id
        return list(connection.scalars(select(ids).where(ids > after).order_by(ids).limit(_CHUNK)))


def _count(connection: Connection, entity: Entity) -> int:
    return connection.execute(select(func.count()).select_from(entity.table)).scalar_one()
