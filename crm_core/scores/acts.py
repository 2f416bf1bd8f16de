"""The smallest realistic step that would raise a score: something that a seller can do today, tried out by scoring."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crm_core.scores.columns import GIVEN
from crm_core.scores.rows import Reader, Row
from crm_core.scores.shares import shown
from crm_core.scores.touches import COUNTS, with_touch
from crm_core.scoring.change import best_steps
from crm_core.scoring.feature import Floats
from crm_core.scoring.model import Model

_LOGGED = ("call", "email", "meeting")


def best_acts(model: Model, reader: Reader, rows: Sequence[Row], values: Floats) -> list[dict[str, Any] | None]:
    """For each row the step that raises its shown score most, as {"log": kind} or {"fill": field}, with the `score`.

    None where no step adds a point. It says what the score would do, not what makes a customer buy.
    """
    found = best_steps(model, rows, _acts(model, reader, rows))
    return [
        None if best is None else _told(model, *best, float(value)) for best, value in zip(found, values, strict=True)
    ]


def _told(model: Model, act: dict[str, str], best: float, value: float) -> dict[str, Any] | None:
    is_more = best > value and shown(model, best) > shown(model, value)
    return {**act, "score": shown(model, best)} if is_more else None


def _acts(model: Model, reader: Reader, rows: Sequence[Row]) -> Iterator[tuple[dict[str, str], list[Row | None]]]:
    """Each act with the rows as they would be after it; None where it cannot be done."""
    used = {feature.name for feature in model.features}
    if used & {"interactions", "recent_interactions", "days_since_interaction", *COUNTS.values()}:
        for kind in _LOGGED:
            yield {"log": kind}, [with_touch(row, kind) for row in rows]
    for column in reader.columns:
        if column.via is None and column.is_presence and column.field.edit and column.name in used:
            yield {"fill": column.name}, [_filled(row, column.name) for row in rows]


def _filled(row: Mapping[str, object], name: str) -> Row | None:
    return {**row, name: GIVEN} if row.get(name) is None else None
