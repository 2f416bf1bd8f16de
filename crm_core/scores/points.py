"""The points card: declared as text that a company can edit, used while there is no history to learn from."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from rapidfuzz import process

from crm_core.errors import Invalid, Unavailable
from crm_core.scores.columns import GIVEN
from crm_core.scoring.feature import Feature
from crm_core.scoring.model import Model, ModelCard
from crm_core.scoring.rungs import Card

MISSING = "missing"
_CARD = Path(__file__).with_name("points.yaml")

Points = dict[str | float, float]


class Grades(BaseModel):
    """The least points of each grade."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    A: float
    B: float
    C: float


class PointsCard(BaseModel):
    """The card of one kind of record: field → what it says → points."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    grades: Grades
    points: dict[str, dict[str | float, float]]


def card_text(own: Path | None) -> str:
    """The card in force as text: the company's file, or the one that comes with Farley."""
    return (own if own and own.exists() else _CARD).read_text(encoding="utf-8")


def read_cards(own: Path | None) -> Mapping[str, PointsCard]:
    """The cards by kind of record; those of the company's file `own` stand before the default ones.

    Raises:
        Invalid: the file is no card; says where.
    """
    return _parsed(card_text(None), _CARD.name) | _parsed(card_text(own), own.name if own else _CARD.name)


def points_model(card: PointsCard, names: Iterable[str], about: ModelCard) -> Model:
    """A model that adds up the card's points.

    Args:
        card: of the kind of record.
        names: the features that its rows have.
        about: what is known of the history, and why it is not learned from.

    Raises:
        Invalid: the card names a field that such records do not have.
    """
    _check_names(card, list(names))
    made = [_entry(name, points) for name, points in card.points.items()]
    return Model(
        status="points",
        features=tuple(feature for feature, _ in made),
        rung=Card(kind="points", base=0.0, table=tuple(row for _, row in made)),
        grades=(card.grades.A, card.grades.B, card.grades.C),
        card=about.model_copy(update={"rung": "points"}),
    )


def save_card(own: Path, text: str, names: Mapping[str, Collection[str]]) -> None:
    """Let `text` be the company's card from the next scoring on, if it is one.

    Args:
        own: the company's file.
        text: of the card, as YAML.
        names: by kind of record, the features that its rows have.

    Raises:
        Invalid: it is no card, or names something that is not there; says where.
        Unavailable: the file cannot be written.
    """
    for entity, card in _parsed(text, own.name).items():
        if entity not in names:
            raise Invalid(f"The points card names {entity!r}; it can hold {' and '.join(names)}.")
        _check_names(card, list(names[entity]))
        for name, points in card.points.items():
            _entry(name, points)
    new = own.with_name(f".{own.name}.new")
    try:
        new.unlink(missing_ok=True)
        new.touch(mode=0o600, exist_ok=False)
        new.write_text(text, encoding="utf-8")
        new.replace(own)
    except OSError as error:
        raise Unavailable(f"The points card cannot be written to {own}: {error.strerror}.") from error


def drop_card(own: Path) -> None:
    """Go back to the card that comes with Farley."""
    own.unlink(missing_ok=True)


def _check_names(card: PointsCard, known: Sequence[str]) -> None:
    for name in card.points:
        if name not in known:
            near = [match[0] for match in process.extract(name, known, limit=3, score_cutoff=60)]
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            raise Invalid(f"The points card names {name!r}, which such records do not have.{hint}")


def _parsed(text: str, name: str) -> dict[str, PointsCard]:
    try:
        raw = yaml.safe_load(text) or {}
        return {str(entity): PointsCard.model_validate(card) for entity, card in raw.items()}
    except ValidationError as error:
        first = error.errors()[0]
        raise Invalid(f"{name} is no points card: {'.'.join(map(str, first['loc']))}: {first['msg']}.") from error
    except (yaml.YAMLError, AttributeError) as error:
        raise Invalid(f"{name} is no points card: {' '.join(str(error).split())}.") from error


def _entry(name: str, points: Points) -> tuple[Feature, tuple[float, ...]]:
    """The feature and its points by bin; see `Feature` for the order of bins."""
    missing = points.get(MISSING, 0.0)
    said: dict[Any, float] = {key: value for key, value in points.items() if key != MISSING}
    if all(isinstance(key, int | float) for key in said):
        edges = sorted(said)
        return Feature(name=name, kind="number", edges=tuple(edges)), (missing, 0.0, *(said[edge] for edge in edges))
    if any(isinstance(key, int | float) for key in said):
        raise Invalid(f"The points card mixes numbers and words for {name!r}; give one or the other, beside 'missing'.")
    levels = tuple(str(key) for key in said if key != GIVEN)
    given = said.get(GIVEN, 0.0)
    return Feature(name=name, kind="category", levels=levels), (missing, *(said[level] for level in levels), given)
