"""How files become records: an editable YAML file, guessed first."""

from decimal import Decimal
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crm_core.errors import Invalid
from crm_core.models import Kind, StageKind
from crm_core.transfer.dates import Order

CLOSE_DATE = "close_date"  # closed_on of a won or lost deal, closes_on of an open one
FIRST_NAME, LAST_NAME = "first_name", "last_name"  # together they make `name`
OUTCOME = "outcome"  # won, lost or open, beside the stage: a deal that has ended goes to the stage of its outcome
LOST_ON = "lost_on"  # closed_on of a lost deal, where won ones have a date of their own
EXPECTED = "expected_amount"  # the amount of a deal that has none yet
PSEUDO = frozenset({CLOSE_DATE, FIRST_NAME, LAST_NAME, OUTCOME, LOST_ON, EXPECTED})
FILE_NAME = "farley-map.yaml"

_HEAD = """\
# How Farley reads these files. Edit it and import again with --map.
# Each column has `field` (a field of the entity; also close_date, first_name, last_name, and of deals outcome, beside
# the stage, lost_on, beside the date of won ones, and expected_amount, for those without an amount), or `custom`
# (a new field), or `skip: true`. `keep` keeps the column's own words in a new field too (a site visit is a meeting).
# `fixed` says what every row of a file is (of several files of orders: Quote, Service contract).
# `scale` multiplies numbers; `dates` is mdy or dmy; `unknown` says what to do with a name that no record has: error
# (the row is not taken), create, or empty (the row is taken, its field left empty).
"""


Unknown = Literal["error", "create", "empty"]


class Part(BaseModel):
    """Base of every part of a map: nothing unknown."""

    model_config = ConfigDict(extra="forbid")


class CustomMap(Part):
    """A custom field to make from a column."""

    key: str
    label: str
    kind: Kind
    words: list[str] = []


class ColumnMap(Part):
    """Where a column goes, and how its values are written."""

    field: str | None = None
    custom: CustomMap | None = None
    keep: CustomMap | None = None
    skip: bool = False
    scale: Decimal = Decimal(1)
    currency: str | None = None
    dates: Order | None = None
    decimal_comma: bool = False
    unknown: Unknown | None = None

    @property
    def target(self) -> str | None:
        """The public name of the field that it fills, None when skipped."""
        return None if self.skip else self.custom.key if self.custom else self.field


class FixedMap(Part):
    """What every row of a file has in a field, or in a new one."""

    field: str | None = None
    custom: CustomMap | None = None
    value: str

    @property
    def target(self) -> str:
        """The public name of the field."""
        return self.custom.key if self.custom else str(self.field)


class FileMap(Part):
    """What a file holds."""

    entity: str | None = Field(None, description="none: the file is left out")
    columns: dict[str, ColumnMap] = {}
    fixed: list[FixedMap] = []

    def target(self, header: str) -> str | None:
        """The public name of the field that a column fills, None where it fills none."""
        column = self.columns.get(header)
        return column.target if column else None


class StageMap(Part):
    """A stage of the pipeline that deals go to."""

    name: str
    kind: StageKind = StageKind.OPEN
    probability_pct: int = Field(0, ge=0, le=100)


class PipelineMap(Part):
    """The pipeline that deals go to; what is missing in the store is made."""

    name: str
    stages: list[StageMap]


class ImportMap(Part):
    """How a set of files is read."""

    currency: str = "USD"
    files: dict[str, FileMap] = {}
    pipeline: PipelineMap | None = None
    same: dict[str, dict[str, str]] = Field({}, description="entity → name in a file → title of the record meant")


def save_map(mapping: ImportMap, path: Path) -> None:
    """Write `mapping` for a person to edit."""
    plain = mapping.model_dump(mode="json", exclude_defaults=True)
    text = yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=120)
    path.write_text(_HEAD + text, encoding="utf-8")


def load_map(path: Path) -> ImportMap:
    """Read a map file.

    Raises:
        Invalid: it is missing or malformed; the text names the place.
    """
    try:
        loaded = yaml.safe_load(path.read_text("utf-8"))
        return ImportMap.model_validate(loaded or {})
    except OSError as error:
        raise Invalid(f"The map {path} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Invalid(f"The map {path} is no YAML: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise Invalid(f"The map {path}, at {place}: {first['msg']}.") from error
