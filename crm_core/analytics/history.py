"""The life of every deal that the asker may see, as arrays: when it began and ended, and where it stood in between.

Days are ordinals, so that the pipeline can be seen as it was on any day before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Row, select

from crm_core.analytics.ground import NEVER, Ground, day_or_never, labels_of
from crm_core.models import StageKind
from crm_core.query.compile import dialect, fields
from crm_core.query.spec import Filter

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

UNKNOWN = 0  # the place of a stage that no stage change tells of


@dataclass(frozen=True)
class StageInfo:
    """An open stage. Its place in a `History` is its index there, from 1."""

    name: str
    probability_pct: int


@dataclass(frozen=True)
class Stands:
    """How long deals stood where: a row for each stay of a deal in an open stage.

    Attributes:
        deal: row of the deal.
        stage: place of the stage.
        since, until: from that day on, and until the day before `until`.
    """

    deal: Ints
    stage: Ints
    since: Ints
    until: Ints

    def at(self, day: int) -> Ints:
        """Rows of the stays that last on a day."""
        return np.flatnonzero((self.since <= day) & (day < self.until))


@dataclass(frozen=True)
class History:
    """Deals as arrays, a row for each.

    Attributes:
        stages: open stages by place; the first is `UNKNOWN`.
        ids: of the deals.
        started, closes, closed: days; `closed` is NEVER for an open deal.
        won: closed and won.
        stage: place of the stage that it stands in now.
        amount: in minor units of the ground's currency; NaN where there is none.
        chosen: among those asked about.
        groups: what each is told apart by.
        stands: where they stood, by stage changes.
        lacking: by currency without a rate, how many deals were left out.
        undated: won or lost deals without the day that they closed, left out.
    """

    stages: tuple[StageInfo, ...]
    ids: Ints
    started: Ints
    closes: Ints
    closed: Ints
    won: Flags
    stage: Ints
    amount: Floats
    chosen: Flags
    groups: tuple[tuple[str | None, ...], ...]
    stands: Stands
    lacking: dict[str, int]
    undated: int

    def open_at(self, day: int) -> Ints:
        """Rows of the deals that were open at the end of a day."""
        return np.flatnonzero((self.started <= day) & (day < self.closed))

    @cached_property
    def first_end(self) -> int:
        """The first day that any deal closed on; before it there is nothing to learn from."""
        return int(self.closed.min(initial=NEVER))


def read_history(ground: Ground, where: Filter | None = None, by: Sequence[str] = ()) -> History:
    """All deals that the asker may see; `where` marks those asked about, `by` names what they are told apart by."""
    stages = _open_stages(ground)
    places = {stage_id: place for place, stage_id in enumerate(stages, 1)}
    rows, lacking = _without_rate(_deals(ground, where, by), ground)
    dated = [row for row in rows if row.kind == StageKind.OPEN or row.closed_on is not None]
    moves = _moves(ground)
    is_open = np.array([row.kind == StageKind.OPEN for row in dated], dtype=bool)
    closed = np.array([NEVER if row.kind == StageKind.OPEN else row.closed_on.toordinal() for row in dated], np.int64)
    started = np.array([_started(row, moves.get(row.id)) for row in dated], np.int64)
    return History(
        stages=(StageInfo("", 0), *stages.values()),
        ids=np.array([row.id for row in dated], np.int64),
        started=np.minimum(started, closed),
        closes=np.array([day_or_never(row.closes_on) for row in dated], np.int64),
        closed=closed,
        won=~is_open & np.array([row.kind == StageKind.WON for row in dated], dtype=bool),
        stage=np.array([places.get(row.stage_id, UNKNOWN) for row in dated], np.int64),
        amount=np.array([_worth(row, ground) for row in dated], np.float64),
        chosen=np.array([bool(row.is_chosen) for row in dated], dtype=bool),
        groups=tuple(labels_of(row[-len(by) :] if by else ()) for row in dated),
        stands=_stands([row.id for row in dated], started, closed, moves, places),
        lacking=lacking,
        undated=len(rows) - len(dated),
    )


def _deals(ground: Ground, where: Filter | None, by: Sequence[str]) -> Sequence[Row[Any]]:
    scope, guard = ground.rows("deal")
    stage = scope.reach([scope.entity.fields["stage"]])
    own = scope.table.c
    columns = [
        own.id, own.stage_id, stage.table.c.kind, own.amount_minor, fields.currency_of(scope).label("code"),
        own.started_on, own.closes_on, own.closed_on,
        dialect.day_of(own.created_at, ground.context.dialect).label("made_on"),
        ground.chosen(scope, where).label("is_chosen"),
        *(ground.value(scope, dotted).label(f"by_{at}") for at, dotted in enumerate(by)),
    ]  # fmt: skip
    return ground.connection.execute(select(*columns).select_from(scope.source()).where(*guard)).all()


def _open_stages(ground: Ground) -> dict[int, StageInfo]:
    scope, guard = ground.rows("stage")
    own = scope.table.c
    open_ones = select(own.id, own.name, own.probability_pct).where(*guard, own.kind == StageKind.OPEN)
    found = ground.connection.execute(open_ones.order_by(own.position, own.id))
    return {row.id: StageInfo(row.name, row.probability_pct) for row in found}


def _moves(ground: Ground) -> dict[int, list[tuple[int, int]]]:
    """By deal its stage changes in order: the day and the stage."""
    scope, guard = ground.rows("stage_change")
    own = scope.table.c
    found = select(own.deal_id, own.changed_on, own.to_stage_id).select_from(scope.source()).where(*guard)
    moves: dict[int, list[tuple[int, int]]] = {}
    for deal, day, stage in ground.connection.execute(found.order_by(own.changed_on, own.id)):
        moves.setdefault(deal, []).append((day.toordinal(), stage))
    return moves


def _without_rate(rows: Sequence[Row[Any]], ground: Ground) -> tuple[list[Row[Any]], dict[str, int]]:
    """Only deals whose amounts can be told, and how many of the chosen ones were left out for each currency."""
    kept = [row for row in rows if row.code not in ground.lacking]
    out = [row.code for row in rows if row.code in ground.lacking and row.is_chosen]
    return kept, {code: out.count(code) for code in sorted(set(out))}


def _started(row: Row[Any], moves: list[tuple[int, int]] | None) -> int:
    if row.started_on is not None:
        return int(row.started_on.toordinal())
    return moves[0][0] if moves else int(row.made_on.toordinal())


def _worth(row: Row[Any], ground: Ground) -> float:
    return np.nan if row.amount_minor is None else row.amount_minor * ground.worth[row.code]


def _stands(
    ids: list[int], started: Ints, closed: Ints, moves: dict[int, list[tuple[int, int]]], places: dict[int, int]
) -> Stands:
    found: list[tuple[int, int, int, int]] = []
    for deal, (deal_id, since, until) in enumerate(zip(ids, started.tolist(), closed.tolist(), strict=True)):
        steps = [(day, places[stage]) for day, stage in moves.get(deal_id, ()) if stage in places]
        if not steps or since < steps[0][0]:
            steps.insert(0, (since, UNKNOWN))
        ends = [*(day for day, _ in steps[1:]), until]
        found += [(deal, stage, day, min(end, until)) for (day, stage), end in zip(steps, ends, strict=True)]
    columns = np.array(found, np.int64).reshape(-1, 4).T
    return Stands(*columns)
