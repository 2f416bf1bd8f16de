"""What the columns of a statement mean, and reading its rows back as values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Row as SqlRow
from sqlalchemy import Select

from crm_core.models import Kind
from crm_core.money import to_major
from crm_core.query.compile.context import MoneyUse
from crm_core.query.result import Column, Row, Value
from crm_core.schema import Field, Path

_Get = Callable[[SqlRow[Any]], Any]


@dataclass(frozen=True)
class Output:
    """A result column and where its parts stand in the statement, by label.

    Attributes:
        column: what it is.
        value: the label of its value; None: it is worked out from the others.
        id: the label of the record's id behind a reference.
        currency: the label of each row's own currency, in lists.
    """

    column: Column
    value: str
    id: str | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Compiled:
    """A statement and how to read it.

    Attributes:
        statement: the one SELECT.
        outputs: its columns.
        record_id, version, total: labels of the record's id and version and of the number of matches, in lists.
        counted_up_to: a larger total was not counted to its end; None: it was.
        missing: by measure, the label of how many records had no value.
        money_of: the money fields that it computes with.
    """

    statement: Select[Any]
    outputs: tuple[Output, ...]
    record_id: str | None = None
    version: str | None = None
    total: str | None = None
    counted_up_to: int | None = None
    missing: dict[str, str] = field(default_factory=dict)
    money_of: frozenset[MoneyUse] = frozenset()

    @property
    def columns(self) -> tuple[Column, ...]:
        """What the result will have."""
        return tuple(output.column for output in self.outputs)

    def read(self, found: Sequence[SqlRow[Any]]) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
        """Columns and rows; money in major units."""
        at = {key: place for place, key in enumerate(found[0]._fields)} if found else {}
        outputs = _with_currencies(self.outputs, found, at)
        shown = tuple(output.column for output in outputs)
        if not found:
            return shown, ()
        cells = [_cell(output, at) for output in outputs]
        ids = [(place, itemgetter(at[output.id])) for place, output in enumerate(outputs) if output.id]
        record_id, version = (itemgetter(at[key]) if key else _nothing for key in (self.record_id, self.version))
        read = [
            Row(
                values=tuple([cell(row) for cell in cells]),
                record_id=record_id(row),
                version=version(row),
                ids={place: found_id for place, id_in in ids if (found_id := id_in(row)) is not None},
            )
            for row in found
        ]
        return shown, tuple(read)


def _with_currencies(outputs: Sequence[Output], rows: Sequence[SqlRow[Any]], at: dict[str, int]) -> list[Output]:
    """Settle each list column's currency; where it is mixed, a column says each row's own."""
    settled, mixed = [], None
    for output in outputs:
        if output.currency is None:
            settled.append(output)
            continue
        found = {row[at[output.currency]] for row in rows if row[at[output.value]] is not None}
        one = found.pop() if len(found) == 1 else None if found else output.column.currency
        if found:
            mixed = mixed or output.currency
        settled.append(replace(output, column=replace(output.column, currency=one)))
    if mixed and not any(output.column.kind is Kind.CURRENCY for output in outputs):
        settled.append(Output(Column("currency", "currency", Kind.CURRENCY), mixed))
    return settled


def _cell(output: Output, at: dict[str, int]) -> Callable[[SqlRow[Any]], Value]:
    """Reads one column of a row."""
    value, read = itemgetter(at[output.value]), _reader(output.column)
    if output.column.kind is Kind.MONEY:
        return _money(value, output.column.currency, itemgetter(at[output.currency]) if output.currency else _nothing)
    if read is None:
        return value
    return lambda row: None if (found := value(row)) is None else read(found)


def _money(value: _Get, currency: str | None, own: _Get) -> _Get:
    return lambda row: None if (found := value(row)) is None else to_major(found, currency or own(row))


def _reader(column: Column) -> Callable[[Any], Value] | None:
    """What makes a value of what the database gives; None: it is one."""
    if column.bucket is not None:
        return str
    if column.is_ratio or column.kind is Kind.DECIMAL:
        return float
    return _READERS.get(column.kind)


def _nothing(_: Any) -> None:
    return None


def _whole(found: Any) -> int | float:
    return int(found) if found == int(found) else float(found)


def _day(found: Any) -> date:
    return date.fromisoformat(found) if isinstance(found, str) else found


def _moment(found: Any) -> datetime:
    return datetime.fromisoformat(found) if isinstance(found, str) else found


_READERS: dict[Kind, Callable[[Any], Value]] = {
    Kind.INTEGER: _whole,
    Kind.YEAR: _whole,
    Kind.PERCENT: _whole,
    Kind.DATE: _day,
    Kind.DATETIME: _moment,
    Kind.BOOLEAN: bool,
}


def field_column(path: Path, *, name: str | None = None, currency: str | None = None) -> Column:
    """The column of a field, told as people call it."""
    field = path.field
    return Column(
        name=name or path.dotted,
        label=path_label(path),
        kind=field.kind,
        is_ratio=field.is_ratio,
        currency=currency if field.kind is Kind.MONEY else None,
        unit=field.unit,
        entity=field.target,
    )


def path_label(path: Path) -> str:
    """What to call the field at the end of a path: "industry", "account owner", "owner's manager"."""
    if not path.steps:
        return path.field.label
    return f"{path.steps[-1].label} {path.field.label}" if _is_plain(path) else path.field.label


def _is_plain(path: Path) -> bool:
    step: Field = path.steps[-1]
    words = path.field.label.split()
    return step.label.split()[-1] not in words and step.target not in words
