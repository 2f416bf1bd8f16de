"""The smallest realistic change that raises a score, tried out by scoring the changed record."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from crm_core.scoring.feature import Floats
from crm_core.scoring.model import Model

Row = Mapping[str, object]
Step = TypeVar("Step")
_NONE = -np.inf
_NOTICEABLE = 0.05  # log-odds, or points: less is not worth a call


@dataclass(frozen=True)
class Change:
    """Set `feature` to `value`: the shown value rises by `gain`."""

    feature: str
    value: object
    text: str
    gain: float


def best_steps(
    model: Model, rows: Sequence[Row], steps: Iterable[tuple[Step, Sequence[Row | None]]]
) -> list[tuple[Step, float] | None]:
    """For each row the step after which its value is highest, with that value; None where no step can be taken.

    Args:
        model: that scores.
        rows: as they are.
        steps: each with the rows as they would be after it; None: it cannot be taken there.
    """
    tried = [(step, _scored(model, changed)) for step, changed in steps]
    best = (
        max(((step, float(scores[at])) for step, scores in tried), key=_value, default=None) for at in range(len(rows))
    )
    return [one if one is not None and one[1] > _NONE else None for one in best]


def _value(pair: tuple[object, float]) -> float:
    return pair[1]


def _scored(model: Model, changed: Sequence[Row | None]) -> Floats:
    done = [at for at, row in enumerate(changed) if row is not None]
    found = np.full(len(changed), _NONE)
    if done:
        found[done] = model.score([changed[at] or {} for at in done]).values
    return found


def smallest_change(model: Model, row: Row, *, fixed: Collection[str] = ()) -> Change | None:
    """Of one field and one step the change that raises the score most; None where no step does.

    A number moves to the next bin; a category, or a field that is not given, to a value that the history holds.
    `fixed` are fields that nobody can change, such as a country.
    """
    steps = [step for step in _steps(model, row) if step[0] not in fixed]
    found = best_steps(model, [row], ((step, [{**row, step[0]: step[1]}]) for step in steps))[0]
    if found is None:
        return None
    (name, value, text), after = found
    gain = after - float(model.score([row]).values[0])
    return Change(name, value, text, gain) if gain >= _NOTICEABLE else None


def _steps(model: Model, row: Row) -> Iterator[tuple[str, object, str]]:
    codes = model.encode([row]).codes[0]
    for one, code in zip(model.features, map(int, codes), strict=True):
        near = [code - 1, code + 1] if one.kind == "number" and code else range(1, one.bins)
        for other in near:
            if 0 < other < one.bins and other != code and (value := one.value(other)) is not None:
                yield one.name, value, one.say(other)
