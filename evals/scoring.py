"""How good the scorer is on any table that says how each row ended: learned from one file, judged on another."""

import csv
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from crm_core.errors import Invalid
from crm_core.scoring import measures
from crm_core.scoring.feature import Floats
from crm_core.scoring.fit import fit
from crm_core.scoring.model import Model
from crm_core.scoring.values import as_outcome, as_word

_SHOWN = 8  # of endless lists in a message


@dataclass(frozen=True)
class Measured:
    """A model and how it did on rows that it never saw; figures are None where they would mean nothing."""

    model: Model
    rows: int
    figures: dict[str, float | None]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """The report as scripts read it."""
        card = self.model.card
        return {
            **self.figures,
            "rung": card.rung,
            "status": self.model.status,
            "why": card.why,
            "refused_columns": list(card.refused),
            "rows": self.rows,
            "train_seconds": round(self.seconds, 2),
            "card": card.model_dump(),
        }

    def lines(self) -> Iterator[str]:
        """The report as text."""
        card = self.model.card
        yield f"rung: {card.rung} ({self.model.status}). {card.why}"
        yield "  ".join(f"{name} {'-' if value is None else value}" for name, value in self.figures.items())
        for said, columns in (("refused", card.refused), ("left out", card.left_out)):
            yield from (f"{said}: {name}: {why}" for name, why in columns.items())
        yield f"learned from {card.rows:,} rows in {self.seconds:.1f} s, judged on {self.rows:,}"


def measure(
    train: Path, test: Path, target: str, *, order: str | None = None, trusted: Sequence[str] = (), today: date
) -> Measured:
    """Learn from `train`, score `test`. Rows without an outcome are left aside.

    Raises:
        Invalid: a file cannot be read, lacks the column, or the column has not two values.
    """
    rows, outcomes = _split(train, target)
    unseen, ended = _split(test, target)
    _check_columns([*trusted, *([order] if order else [])], rows[0], train)
    begun = time.perf_counter()
    model = fit(rows, outcomes, order=order, trusted=trusted, today=today)
    seconds = time.perf_counter() - begun
    judged = [at for at, outcome in enumerate(ended) if outcome is not None]
    return Measured(
        model, len(judged), _figures(model, [unseen[at] for at in judged], [ended[at] for at in judged]), seconds
    )


def _figures(model: Model, rows: Sequence[dict[str, str]], outcomes: Sequence[bool | None]) -> dict[str, float | None]:
    names = ("auc", "pr_auc", "brier", "ece", "lift@10%")
    if model.status == "no signal" or not rows:
        return dict.fromkeys(names)
    truth, scores = np.array(outcomes, dtype=bool), model.score(rows)
    told, values = scores.probability, scores.values
    found = (
        measures.auc(truth, values),
        measures.pr_auc(truth, values),
        _of(measures.brier, truth, told),
        _of(measures.ece, truth, told),
        measures.lift(truth, values),
    )
    return {
        name: None if value is None or np.isnan(value) else round(value, 4)
        for name, value in zip(names, found, strict=True)
    }


def _of(measure_: Any, truth: measures.Truth, told: Floats | None) -> float | None:
    return None if told is None else measure_(truth, told)


def _split(path: Path, target: str) -> tuple[list[dict[str, str]], list[bool | None]]:
    """The rows without the target, and whether each ended well; None where that is not said."""
    rows = _read(path)
    _check_columns([target], rows[0], path)
    said = [as_word(row.pop(target)) for row in rows]
    values = sorted(set(said) - {""})
    if any(as_outcome(value) is None for value in values):
        raise Invalid(
            f"Column {target!r} of {path} is not two-valued like 1 and 0, yes and no or won and lost: "
            f"it says {', '.join(values[:_SHOWN])}{' …' if len(values) > _SHOWN else ''}."
        )
    return rows, [as_outcome(value) for value in said]


def _read(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [{str(name): cell or "" for name, cell in row.items() if name} for row in csv.DictReader(file)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Invalid(f"{path} cannot be read: {error}.") from error
    if not rows:
        raise Invalid(f"{path} has no row.")
    return rows


def _check_columns(wanted: Sequence[str], row: dict[str, str], path: Path) -> None:
    for name in wanted:
        if name not in row:
            shown = ", ".join(list(row)[:_SHOWN])
            raise Invalid(f"{path} has no column {name!r}; it has {shown}{' …' if len(row) > _SHOWN else ''}.")
