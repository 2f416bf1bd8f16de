"""Keeping scores in step with the records: learning when asked, scoring anew what changed."""

import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from crm_core.db import ReadStore, Store
from crm_core.errors import Conflict, Unavailable
from crm_core.models import ChangeRow, Deal, Interaction, StageChange
from crm_core.query.derived import SCORED
from crm_core.scores.keep import Kept, latest_model
from integrations.outbox import Cursor, newest

if TYPE_CHECKING:
    from crm_core.scores.run import Run

log = logging.getLogger(__name__)

CURSOR = Cursor("scored_up_to")  # the last change of the outbox whose records were scored anew
_FEW = 2_000  # records that a door scores by itself; more wait for `farley score`
_SETS = 50  # change sets at a time

Progress = Callable[[int, int], None]
Bar = Callable[[str], AbstractContextManager[Progress]]


def no_bar(_what: str) -> AbstractContextManager[Progress]:
    """Where nobody looks on."""
    return nullcontext(lambda _done, _total: None)


@dataclass(frozen=True)
class Outcome:
    """What `score` did with one kind of record. `learned` is why a model was made, None where one was there."""

    kept: Kept
    run: "Run"
    learned: str | None


@dataclass(frozen=True)
class State:
    """A kind's model in force, the fields that it lacks and the change sets that wait to be scored."""

    kept: Kept
    gone: tuple[str, ...]
    behind: int


def score(
    store: Store, entities: Iterable[str], *, train: bool, card: Path | None, today: date, bar: Bar
) -> list[Outcome]:
    """Score every open record of these kinds, and learn first where that was asked for or there is no model to use.

    Args:
        store: that the records and the scores stand in.
        entities: kinds of records.
        train: learn anew.
        card: the file of the company's own points card, if it has one; None: those that come with Farley.
        today: days are counted up to this one.
        bar: gives a progress bar for what it is told.
    """
    from crm_core.scores.learn import learn
    from crm_core.scores.points import read_cards
    from crm_core.scores.run import score_all

    cards, at = read_cards(card), datetime.now(UTC)
    with store.read() as connection:
        last = newest(connection)
    done = []
    for entity in entities:
        why = "it was asked for" if train else _why_learn(store, entity, cards[entity].model_dump_json(), today)
        kept = _in_force(store, entity)
        if why or kept is None:
            with bar(f"learning from {entity}s") as step:
                kept = learn(store, entity, cards[entity], today=today, at=at, progress=step)
        with bar(f"scoring {entity}s") as step:
            done.append(Outcome(kept, score_all(store, kept, today=today, at=at, progress=step), why))
    if {one.kept.entity for one in done} == set(SCORED):
        with store.derive() as connection:
            CURSOR.move(connection, last)
    return done


def keep_scores_in_step(store: Store, today: date) -> None:
    """Score anew what changed since the last time, as a door does before it answers; nothing where there is no model.

    Where too much changed at once, or the store cannot be written to, the scores stay as they are.
    """
    try:
        while _follow(store, today):
            pass
    except (Conflict, Unavailable) as error:
        log.warning("scores are not kept in step: %s", error)


def states(store: ReadStore, today: date) -> list[State]:
    """How the scores of each kind that has a model stand."""
    from crm_core.scores.run import gone_from, reader_of

    with store.read() as connection:
        kept = [one for entity in SCORED if (one := latest_model(connection, entity))]
        waiting = CURSOR.behind(connection) or 0
        gone = [gone_from(one, reader_of(store, connection, one.entity, today)) for one in kept]
        return [State(one, tuple(names), waiting) for one, names in zip(kept, gone, strict=True)]


def _follow(store: Store, today: date) -> bool:
    """Take in a few change sets; whether there were any."""
    with store.read() as connection:
        waiting = CURSOR.waiting(connection, limit=_SETS)
        if not waiting:
            return False
        touched = _touched(connection, [row.change_set_id for row in waiting])
    if sum(map(len, touched.values())) > _FEW:
        raise Conflict("more changed than is scored at once; `farley score` catches up")
    for entity, ids in touched.items():
        kept = _in_force(store, entity)
        if kept is not None and ids:
            _score_some(store, kept, ids, today)
    with store.derive() as connection:
        CURSOR.move(connection, waiting[-1].seq)
    return True


def _score_some(store: Store, kept: Kept, ids: set[int], today: date) -> None:
    from crm_core.scores.run import score_some

    last = kept.card.get("run")  # none: killed before it had scored all
    counted = date.fromisoformat(last["on"]) if last else today  # a question about an earlier day moves no score back
    score_some(store, kept, ids, today=max(today, counted), at=datetime.now(UTC))


def _why_learn(store: Store, entity: str, card: str, today: date) -> str | None:
    from crm_core.scores.run import gone_from, reader_of

    with store.read() as connection:
        kept = latest_model(connection, entity)
        if kept is None:
            return "there was no model"
        gone = gone_from(kept, reader_of(store, connection, entity, today))
    if gone:
        return f"{', '.join(gone)} is no field any more"
    if kept.card["model"]["status"] == "points" and kept.card["points"] != card:
        return "the points card was changed"
    return None


def _in_force(store: ReadStore, entity: str) -> Kept | None:
    with store.read() as connection:
        return latest_model(connection, entity)


def _touched(connection: Connection, sets: list[str]) -> dict[str, set[int]]:
    """The leads and deals whose score these change sets may move, by kind."""
    rows = connection.execute(
        select(ChangeRow.entity, ChangeRow.record_id, ChangeRow.set)
        .where(ChangeRow.change_set_id.in_(sets))
        .where(ChangeRow.entity.in_([*SCORED, "interaction", "stage_change", "account"]))
    ).all()
    ids = {kind: {row.record_id for row in rows if row.entity == kind} for kind in ("lead", "deal", "account")}
    for row in rows:
        for kind in SCORED:  # what an interaction pointed to before counts as well
            ids[kind] |= {id_ for id_ in row.set.get(kind, ()) if isinstance(id_, int)}
    said = [row.record_id for row in rows if row.entity == "interaction"]
    moved = [row.record_id for row in rows if row.entity == "stage_change"]
    for column, table, wanted in (
        (Interaction.lead_id, Interaction.id, said), (Interaction.deal_id, Interaction.id, said),
        (StageChange.deal_id, StageChange.id, moved),
    ):  # fmt: skip
        kind = "lead" if column is Interaction.lead_id else "deal"
        ids[kind] |= set(connection.scalars(select(column).where(table.in_(wanted)))) - {None}
    accounts = ids["account"] | set(connection.scalars(select(Deal.account_id).where(Deal.id.in_(ids["deal"]))))
    with_them = select(Deal.id).where(Deal.account_id.in_(accounts - {None}))
    return {"lead": ids["lead"], "deal": ids["deal"] | set(connection.scalars(with_them))}
