"""How the columns of files are read, as a table that a person edits; it comes to an `ImportMap` again."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from crm_core.errors import NotFound
from crm_core.schema import Entity, Schema
from crm_core.transfer import FilePlan, ImportMap, ImportPlan
from crm_core.transfer.columns import map_column
from crm_core.transfer.mapping import CLOSE_DATE, FIRST_NAME, LAST_NAME, LOST_ON, OUTCOME, ColumnMap, FileMap
from crm_core.transfer.read import ERROR_COLUMNS
from crm_core.transfer.vocabulary import is_importable

SKIP, NEW = "-skip", "+new"  # choices beside the fields
_OF_DEALS, _OF_PEOPLE = (CLOSE_DATE, OUTCOME, LOST_ON), (FIRST_NAME, LAST_NAME)
_SAMPLES, _ROWS, _LONGEST = 3, 5, 80


@dataclass(frozen=True)
class ColumnLine:
    """One column: its header, some of its values, and what it becomes (a field, SKIP or NEW)."""

    header: str
    samples: tuple[str, ...]
    becomes: str
    made: str  # what a new field is called; "" where none is made
    kind: str


@dataclass(frozen=True)
class FileTable:
    """One file of a plan; `entity` "" where it is left out."""

    name: str
    entity: str
    rows: int
    columns: tuple[ColumnLine, ...]
    headers: tuple[str, ...]
    first: tuple[tuple[str, ...], ...]


def tables_of(plan: ImportPlan) -> list[FileTable]:
    """Every file of a plan with its columns, as the plan reads them."""
    return [_table(file) for file in plan.files]


def choices(entity: Entity) -> list[str]:
    """What a column of records of this kind may become."""
    further = _OF_DEALS if entity.name == "deal" else _OF_PEOPLE if entity.name in ("contact", "lead") else ()
    return [*(field.name for field in entity.fields.values() if is_importable(field)), *further]


def kinds_of(schema: Schema) -> list[str]:
    """What a file may hold."""
    return [name for name, entity in schema.entities.items() if any(map(is_importable, entity.fields.values()))]


def with_kind(mapping: ImportMap, file: str, entity: str | None) -> ImportMap:
    """The map with another kind of record for a file, whose columns are then guessed anew; None: it is left out."""
    return _with_file(mapping, file, FileMap(entity=entity))


def with_column(plan: ImportPlan, schema: Schema, file: str, header: str, becomes: str) -> ImportMap:
    """The plan's map with another use of a column; how its values are written is found out anew.

    Raises:
        NotFound: there is no such file or column.
    """
    found = next((one for one in plan.files if one.name == file), None)
    profile = found.profile.column(header) if found else None
    if found is None or profile is None:
        raise NotFound(f"There is no column {header!r} in {file}.")
    if becomes == SKIP:
        column = ColumnMap(skip=True)
    else:
        entity = plan.schema(schema).entity(found.entity)
        column = map_column(profile, entity, None if becomes == NEW else becomes, plan.custom)
    columns = {**found.map.columns, header: column}
    return _with_file(plan.mapping, file, found.map.model_copy(update={"columns": columns}))


def _with_file(mapping: ImportMap, name: str, file: FileMap) -> ImportMap:
    """Names that were taken for one another are looked up again."""
    return mapping.model_copy(update={"files": {**mapping.files, name: file}, "pipeline": None})


def _table(file: FilePlan) -> FileTable:
    width = len(file.source.headers)
    rows = tuple(tuple([*map(_cut, row.cells), *[""] * width][:width]) for row in islice(file.source.rows(), _ROWS))
    return FileTable(file.name, file.entity, file.profile.rows, tuple(_lines(file)), file.source.headers, rows)


def _lines(file: FilePlan) -> Iterator[ColumnLine]:
    for header, column in file.map.columns.items():
        if header in ERROR_COLUMNS:
            continue
        profile = file.profile.column(header)
        samples = tuple(_cut(value) for value, _ in profile.distinct.most_common(_SAMPLES)) if profile else ()
        made = column.custom
        becomes = NEW if made else column.target or SKIP
        yield ColumnLine(header, samples, becomes, made.label if made else "", str(made.kind) if made else "")


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
