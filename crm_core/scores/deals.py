"""What sets a deal apart beyond its fields: where it stood, since when, and how earlier deals of its account ended."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from crm_core.models import StageChange, StageKind
from crm_core.schema import Schema
from crm_core.scores.stored import Stored
from crm_core.scores.subjects import Seen

STAGE, CHANCE, IN_STAGE, EARLIER_WINS, EARLIER_LOSSES = (
    "stage", "stage.probability_pct", "days_in_stage", "earlier_wins", "earlier_losses",
)  # fmt: skip
DEAL_FEATURES = (STAGE, CHANCE, IN_STAGE, EARLIER_WINS, EARLIER_LOSSES)

Move = tuple[date, int | None, int]  # day, from and to which stage
End = tuple[int, date, str]  # deal, day, won or lost


def deal_cells(
    connection: Connection, schema: Schema, seen: Sequence[Seen], stored: Mapping[int, tuple[Stored, Any]]
) -> dict[int, dict[str, object]]:
    """The features of DEAL_FEATURES, by deal."""
    table = schema.entities["stage"].table
    stages = {row["id"]: row for row in connection.execute(select(table)).mappings()}
    moves = _moves(connection, [one.id for one in seen])
    ends = _ends(connection, schema, {own["account"] for own, _ in stored.values()} - {None})
    found: dict[int, dict[str, object]] = {}
    for one in seen:
        if one.id in stored:
            own = stored[one.id][0]
            found[one.id] = _standing(one, own, moves.get(one.id, ()), stages)
            found[one.id] |= _before(ends.get(own["account"], ()), one)
    return found


def _standing(one: Seen, own: Stored, moves: Sequence[Move], stages: Mapping[int, Any]) -> dict[str, object]:
    """The open stage on that day; of a deal that ended it is known only where its moves are."""
    before = [move for move in moves if one.moment is not None and move[0] <= one.moment]
    at_first = moves[0][1] if moves else None
    stage = stages.get(own["stage"] if one.outcome is None else before[-1][2] if before else at_first or 0)
    if stage is None or stage["kind"] != StageKind.OPEN:
        return {}
    since = {IN_STAGE: (one.moment - before[-1][0]).days} if before and one.moment else {}
    return {STAGE: stage["name"], CHANCE: stage["probability_pct"], **since}


def _before(ends: Sequence[End], one: Seen) -> dict[str, object]:
    if one.moment is None:
        return {}
    kinds = [kind for id_, on, kind in ends if id_ != one.id and on <= one.moment]
    return {EARLIER_WINS: kinds.count(StageKind.WON), EARLIER_LOSSES: kinds.count(StageKind.LOST)}


def _moves(connection: Connection, ids: Sequence[int]) -> dict[int, list[Move]]:
    table = StageChange.__table__.c
    rows = connection.execute(
        select(table.deal_id, table.changed_on, table.from_stage_id, table.to_stage_id)
        .where(table.deal_id.in_(ids), table.deleted_at.is_(None))
        .order_by(table.changed_on, table.id)
    )
    found: dict[int, list[Move]] = defaultdict(list)
    for row in rows:
        found[row.deal_id].append((row.changed_on, row.from_stage_id, row.to_stage_id))
    return found


def _ends(connection: Connection, schema: Schema, accounts: Iterable[int]) -> dict[int, list[End]]:
    deals, stages = schema.entities["deal"].table.c, schema.entities["stage"].table.c
    rows = connection.execute(
        select(deals.id, deals.account_id, deals.closed_on, stages.kind)
        .join_from(deals.id.table, stages.id.table, stages.id == deals.stage_id)
        .where(deals.account_id.in_(list(accounts)), deals.deleted_at.is_(None))
        .where(stages.kind != StageKind.OPEN, deals.closed_on.is_not(None))
    )
    found: dict[int, list[End]] = defaultdict(list)
    for row in rows:
        found[row.account_id].append((row.id, row.closed_on, row.kind))
    return found
