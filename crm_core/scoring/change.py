"""The smallest realistic change that raises a score: one field, one step."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from crm_core.scoring.model import Model

Row = Mapping[str, object]
_NOTICEABLE = 0.05  # log-odds, or points: less is not worth a call


@dataclass(frozen=True)
class Change:
    """Set `feature` to `value`: the shown value rises by `gain`."""

    feature: str
    value: object
    text: str
    gain: float


def smallest_change(model: Model, row: Row, *, fixed: Collection[str] = ()) -> Change | None:
    """The step that raises the score most, each checked by scoring the changed row; None where no step does.

    A number moves to the next bin; a category, or a field that is not given, to a value that the history holds.
    `fixed` are fields that nobody can change, such as a country.
    """
    steps = [step for step in _steps(model, row) if step[0] not in fixed]
    if not steps:
        return None
    values = model.score([row, *({**row, name: value} for name, value, _ in steps)]).values
    best = int(values[1:].argmax())
    gain = float(values[1 + best] - values[0])
    name, value, text = steps[best]
    return Change(name, value, text, gain) if gain >= _NOTICEABLE else None


def _steps(model: Model, row: Row) -> Iterator[tuple[str, object, str]]:
    codes = model.encode([row]).codes[0]
    for one, code in zip(model.features, map(int, codes), strict=True):
        near = [code - 1, code + 1] if one.kind == "number" and code else range(1, one.bins)
        for other in near:
            if 0 < other < one.bins and other != code and (value := one.value(other)) is not None:
                yield one.name, value, one.say(other)
