"""What a question gives back: typed columns and rows, the records behind them, and what it looked at."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from crm_core.models import Kind
from crm_core.query.spec import QuerySpec

Value = str | int | float | Decimal | bool | date | datetime | None


@dataclass(frozen=True)
class Column:
    """A column of a result.

    Attributes:
        name: as the spec names it ("owner", "bookings").
        label: for a person ("rep", "bookings").
        kind: what the values are. MONEY values are Decimals in major units; PERCENT 0-100.
        is_ratio: the values are fractions (0.25 is told as 25%).
        currency: of MONEY values.
        unit: e.g. "days".
        entity: for a REFERENCE, the entity that the ids in `Row.ids` belong to.
    """

    name: str
    label: str
    kind: Kind
    is_ratio: bool = False
    currency: str | None = None
    unit: str | None = None
    entity: str | None = None
    bucket: str | None = None


@dataclass(frozen=True)
class Row:
    """One row.

    Attributes:
        values: one a column. References are labels; date buckets are "2017-03", "2017-Q1", "2017", "2017-W09"
            or an ISO day.
        record_id: in a list, the record that the row is of.
        version: that the record is at.
        ids: by column position, the record behind a REFERENCE value.
    """

    values: tuple[Value, ...]
    record_id: int | None = None
    version: int | None = None
    ids: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class QueryResult:
    """The answer to a spec.

    Attributes:
        spec: as it was asked.
        entity: what the rows are of.
        columns: in order.
        rows: in order.
        total: in a list, how many records match before `limit`; None where it was not counted.
        missing: by measure name, how many records had no value for it and were left out (a sum over deals of
            which 12 have no amount says so).
        keys: of a part of a sorted list, what each row is sorted by.
        sql: the one statement that was run, for `--explain` and tests.
    """

    spec: QuerySpec
    entity: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: int | None = None
    missing: dict[str, int] = field(default_factory=dict)
    keys: tuple[tuple[Value, ...], ...] = ()
    sql: str = ""
