"""What the columns of a statement mean, and reading its rows back as values."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import repeat
from typing import Any

from sqlalchemy import Row as SqlRow
from sqlalchemy import Select

from crm_core.models import Kind
from crm_core.money import to_major
from crm_core.query.compile.context import MoneyUse
from crm_core.query.compile.stage import Term
from crm_core.query.result import Column, Row, Value
from crm_core.schema import Field, Path

_Columns = dict[str, tuple[Any, ...]]  # by label


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
class Parts:
    """What the parts of a long list in order are made of: statements of `record_id` and of what it is sorted by.

    Attributes:
        terms: the order, its last one by id.
        found: all that match.
        walked: the same, where an index gives the order and the rows are looked at one after another; None: none does.
        every: every row there is, whether or not it matches.
        show: gives such a statement the columns of the list.
    """

    terms: tuple[Term, ...]
    found: Select[Any]
    walked: Select[Any] | None
    every: Select[Any]
    show: Callable[[Select[Any]], Select[Any]]

    @property
    def keys(self) -> tuple[str, ...]:
        """The labels of what the records are sorted by before their ids."""
        return tuple(term.key for term in self.terms[:-1])


@dataclass(frozen=True)
class Compiled:
    """A statement and how to read it.

    Attributes:
        statement: the one SELECT.
        outputs: its columns.
        record_id, version, total: labels of the record's id and version and of the number of matches, in lists.
        counted_up_to: a larger total was not counted to its end; None: it was.
        missing: by measure, the label of how many records had no value.
        parts: makes what the parts of a long list are made of.
        money_of: the money fields that it computes with.
    """

    statement: Select[Any]
    outputs: tuple[Output, ...]
    record_id: str | None = None
    version: str | None = None
    total: str | None = None
    counted_up_to: int | None = None
    missing: dict[str, str] = field(default_factory=dict)
    parts: "Callable[[], Parts] | None" = None
    money_of: frozenset[MoneyUse] = frozenset()

    @property
    def columns(self) -> tuple[Column, ...]:
        """What the result will have."""
        return tuple(output.column for output in self.outputs)

    def read(self, found: Sequence[SqlRow[Any]]) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
        """Columns and rows; money in major units."""
        columns: _Columns = dict(zip(found[0]._fields, zip(*found, strict=True), strict=True)) if found else {}
        outputs = _with_currencies(self.outputs, columns)
        shown = tuple(output.column for output in outputs)
        if not found:
            return shown, ()
        values = zip(*[_values(output, columns) for output in outputs], strict=True)
        ids = [(place, columns[output.id]) for place, output in enumerate(outputs) if output.id]
        record_ids, versions = (columns[key] if key else repeat(None) for key in (self.record_id, self.version))
        read = [
            Row(told, record_id, version, {place: one[at] for place, one in ids if one[at] is not None})
            for at, (told, record_id, version) in enumerate(zip(values, record_ids, versions, strict=False))
        ]
        return shown, tuple(read)


def _with_currencies(outputs: Sequence[Output], columns: _Columns) -> list[Output]:
    """Settle each list column's currency; where it is mixed, a column says each row's own."""
    settled, mixed = [], None
    for output in outputs:
        if output.currency is None:
            settled.append(output)
            continue
        values, currencies = columns.get(output.value, ()), columns.get(output.currency, ())
        found = {currency for value, currency in zip(values, currencies, strict=True) if value is not None}
        one = found.pop() if len(found) == 1 else None if found else output.column.currency
        if found:
            mixed = mixed or output.currency
        settled.append(replace(output, column=replace(output.column, currency=one)))
    if mixed and not any(output.column.kind is Kind.CURRENCY for output in outputs):
        settled.append(Output(Column("currency", "currency", Kind.CURRENCY), mixed))
    return settled


def _values(output: Output, columns: _Columns) -> Sequence[Value]:
    """One column, read."""
    found, read = columns[output.value], _reader(output.column)
    if output.column.kind is Kind.MONEY:
        own = columns[output.currency] if output.currency and not output.column.currency else repeat(None)
        return _money(found, output.column.currency, own)
    return found if read is None else [None if one is None else read(one) for one in found]


def _money(found: Sequence[Any], currency: str | None, own: Iterable[str | None]) -> list[Value]:
    pairs = zip(found, own, strict=False)
    return [None if amount is None else to_major(amount, currency or code) for amount, code in pairs]


def _reader(column: Column) -> Callable[[Any], Value] | None:
    """What makes a value of what the database gives; None: it is one."""
    if column.bucket is not None:
        return str
    if column.is_ratio or column.kind is Kind.DECIMAL:
        return float
    return _READERS.get(column.kind)


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
