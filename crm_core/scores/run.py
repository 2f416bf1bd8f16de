"""Scoring the open leads and deals: all of them, or those that a change touched."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection

from crm_core.db import ReadStore, Store
from crm_core.errors import Conflict
from crm_core.scores.acts import best_acts
from crm_core.scores.drift import FEWEST, make_up, moved, rate_moved
from crm_core.scores.keep import Kept, Scored, drop_latest, keep_scores, scored_ids, set_card
from crm_core.scores.rates import rates_on
from crm_core.scores.rows import Progress, Reader, Row, chunks
from crm_core.scores.shares import parts_of, shown
from crm_core.scores.subjects import Seen, Subject, seen_today, subjects_of

_DRIFT_ROWS = 20_000  # open records that the make-up is taken of


@dataclass
class Run:
    """What a run of the scorer found."""

    scored: int = 0
    changed: int = 0
    grades: dict[str, int] = field(default_factory=lambda: dict.fromkeys("ABCD", 0))
    lacking_rates: set[str] = field(default_factory=set)
    moved: dict[str, float] = field(default_factory=dict)
    rate_since: float | None = None
    ended_since: int = 0


def gone_from(kept: Kept, reader: Reader) -> list[str]:
    """Features of a model that the records have no more: a custom field that was deleted."""
    return [name for name in kept.card.get("features", ()) if name not in reader.names]


def score_all(store: Store, kept: Kept, *, today: date, at: datetime, progress: Progress) -> Run:
    """Score every open record of the model's kind.

    Raises:
        Conflict: the model needs a field that is gone.
    """
    run, rows_seen = Run(), list[Row]()
    with store.read() as connection:
        reader = _checked(store, connection, kept, today)
        subjects = subjects_of(connection, reader.schema, reader.entity)
        stale = scored_ids(connection, kept.entity)
    seen = seen_today(subjects, today)
    for some in chunks(seen):
        with store.read() as connection:
            found = reader.rows(connection, some)
        _take(run, store, kept, reader, found, at=at, today=today)
        if len(rows_seen) < _DRIFT_ROWS:
            rows_seen += [row for _, row in found]
        progress(run.scored, len(seen))
    drop_latest(store, kept.entity, stale - {one.id for one in seen})
    run.lacking_rates = reader.rates.lacking
    _look_for_drift(run, store, kept, rows_seen, subjects, today)
    return run


def score_some(store: Store, kept: Kept, ids: Collection[int], *, today: date, at: datetime) -> Run:
    """Score those of these records that are open; those that ended lose their score.

    Raises:
        Conflict: the model needs a field that is gone.
    """
    run, wanted = Run(), set(ids)
    with store.read() as connection:
        reader = _checked(store, connection, kept, today)
        subjects = subjects_of(connection, reader.schema, reader.entity, wanted)
    seen = seen_today(subjects, today)
    for some in chunks(seen):
        with store.read() as connection:
            found = reader.rows(connection, some)
        _take(run, store, kept, reader, found, at=at, today=today)
    drop_latest(store, kept.entity, wanted - {one.id for one in seen})
    return run


def scores_of(kept: Kept, reader: Reader, found: Iterable[tuple[Seen, Row]]) -> list[Scored]:
    """The scores of these rows with their reasons."""
    pairs, model = list(found), kept.model
    rows = [row for _, row in pairs]
    scores = model.score(rows)
    acts = best_acts(model, reader, rows, scores.values)
    return [
        Scored(
            one.id,
            shown(model, score.value),
            score.probability,
            score.grade,
            parts_of(model, score) | ({"act": act} if act else {}),
        )
        for (one, _), score, act in zip(pairs, scores, acts, strict=True)
    ]


def reader_of(store: ReadStore, connection: Connection, entity: str, today: date) -> Reader:
    """What reads the rows of a kind of record on a day."""
    return Reader.of(store.schema_at(connection), entity, rates_on(connection, today), today)


def _checked(store: Store, connection: Connection, kept: Kept, today: date) -> Reader:
    reader = reader_of(store, connection, kept.entity, today)
    gone = gone_from(kept, reader)
    if gone:
        raise Conflict(
            f"The model of {reader.entity.plural} learned from {', '.join(gone)}, which is no field any more. "
            "`farley score --train` learns anew."
        )
    return reader


def _take(
    run: Run, store: Store, kept: Kept, reader: Reader, found: list[tuple[Seen, Row]], *, at: datetime, today: date
) -> None:
    scored = scores_of(kept, reader, found)
    run.changed += keep_scores(store, kept, scored, at=at, today=today)
    run.scored += len(scored)
    for one in scored:
        run.grades[one.grade] += 1


def _look_for_drift(run: Run, store: Store, kept: Kept, rows: list[Row], subjects: list[Subject], today: date) -> None:
    """Compare with the open records as they were when the model first scored them, and with the rate it learned."""
    card, learned = dict(kept.card), kept.card["model"]
    made = kept.made_at.date()
    ended = [bool(one.outcome) for one in subjects if one.outcome is not None and one.ended and one.ended > made]
    run.ended_since = len(ended)
    if learned["status"] == "fitted":
        run.rate_since = rate_moved(learned["good"] / max(learned["rows"], 1), ended)
    if len(rows) >= FEWEST:
        encoded = kept.model.encode(rows)
        values = kept.model.score(encoded).values
        if "make_up" in card:
            run.moved = moved(card["make_up"], kept.model, encoded, values)
        else:
            card["make_up"] = make_up(kept.model, encoded, values)
    card["run"] = {"on": today.isoformat(), "moved": run.moved, "rate_since": run.rate_since, "ended": len(ended)}
    set_card(store, kept, card)
