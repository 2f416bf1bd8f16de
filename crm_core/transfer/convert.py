"""A row's cells to field values, by the map."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Integer

from crm_core.changes.change import Json, exact_number
from crm_core.changes.layout import decimal_text, moment_text
from crm_core.models import Kind, StageKind
from crm_core.money import MOST_MINOR, to_minor
from crm_core.schema import Entity, Field
from crm_core.transfer.dates import parse_date, parse_moment
from crm_core.transfer.mapping import CLOSE_DATE, EXPECTED, FIRST_NAME, LAST_NAME, LOST_ON, OUTCOME, ColumnMap, FileMap
from crm_core.transfer.numbers import named_currency, parse_number
from crm_core.transfer.pipeline import stage_kind
from crm_core.transfer.references import SEVERAL, Directory
from crm_core.transfer.text import is_missing
from crm_core.transfer.words_in import text_reader

_MOST_CACHED = 20_000
_SHARED = "several"
_CLOSED = frozenset({StageKind.WON, StageKind.LOST})


class Problem(NamedTuple):
    """Why a row cannot be taken, or (`is_left`) why a field of it is left empty."""

    column: str
    value: str
    reason: str
    is_left: bool = False


@dataclass
class Lookups:
    """What references are resolved with.

    Attributes:
        directories: entity → its records, those of this import among them.
        same: entity → name in a file → title of the record meant.
        stage_kinds: stage id → open, won or lost, in the order of the pipeline.
        year_pivot: two-digit years are taken up to this year.
        currency: of amounts that name none.
    """

    directories: dict[str, Directory] = field(default_factory=dict)
    same: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    stage_kinds: dict[int, str] = field(default_factory=dict)
    year_pivot: int = 2070
    currency: str = "USD"

    def stage_of(self, kind: str) -> int | None:
        """The first stage of this kind."""
        return next((stage for stage, known in self.stage_kinds.items() if known == kind), None)

    def find(self, entity: str, text: str) -> int | None:
        """The record called `text`, or the one that a near miss stands for."""
        directory = self.directories[entity]
        found = directory.find(text)
        if found is None:
            meant = self.same.get(entity, {}).get(text.strip())
            found = directory.find_title(meant) if meant else None
        return found


class _Column(NamedTuple):
    at: int
    header: str
    target: str
    read: Callable[[str], Json]
    cache: dict[str, tuple[Json, str | None]]


class Converter:
    """Turns the rows of one file into values of its entity.

    Args:
        entity: of the registry, with the custom fields of this import.
        file_map: what each column is.
        header: the file's columns.
        lookups: shared by all files; filled as the import goes.
        late: a reference to the entity itself, left aside until all its records are known (see `late_text`).
        constants: values that every row has unless its cells say otherwise.
    """

    def __init__(
        self,
        entity: Entity,
        file_map: FileMap,
        header: Sequence[str],
        lookups: Lookups,
        *,
        late: str | None = None,
        constants: Mapping[str, Json] | None = None,
    ) -> None:
        self._entity = entity
        self._lookups = lookups
        self._columns: list[_Column] = []
        self._optional = {name for name, column in file_map.columns.items() if column.unknown == "empty"}
        self._constants = constants or {}
        self._late: int | None = None
        self._currency = next((i for i, name in enumerate(header) if file_map.target(name) == "currency"), None)
        currency = next((c.currency for c in file_map.columns.values() if c.currency), lookups.currency)
        for index, name in enumerate(header):
            column = file_map.columns.get(name)
            target = file_map.target(name)
            if target is not None and target == late:
                self._late = index
            elif column is not None and target is not None:
                self._columns.append(_Column(index, name, target, self._reader(target, column, currency), {}))
                if column.keep is not None:
                    kept = self._reader(column.keep.key, column, currency)
                    self._columns.append(_Column(index, name, column.keep.key, kept, {}))
        self._money = {c.target for c in self._columns if self._kind(c.target) is Kind.MONEY}
        has_money = bool(self._money) and "currency" in entity.fields and self._currency is None
        self.defaults: dict[str, Json] = {"currency": currency} if has_money else {}
        self._base_currency = currency

    def convert(self, cells: Sequence[str]) -> tuple[dict[str, Json], list[Problem]]:
        """The values of a row by public field name (blank cells left out), and what is wrong with it."""
        values: dict[str, Json] = dict(self._constants)
        problems: list[Problem] = []
        shared: list[tuple[str, Problem]] = []  # names that several records have
        for at, header, target, read, cache in self._columns:
            cell = cells[at]
            if not cell:
                continue
            if (known := cache.get(cell)) is None:
                known = _try(read, cell)
                if len(cache) < _MOST_CACHED:
                    cache[cell] = known
            value, problem = known
            if problem is not None:
                found = Problem(header, cell, problem, is_left=header in self._optional)
                shared.append((target, found)) if problem.startswith(_SHARED) else problems.append(found)
            elif value is not None:
                values[target] = value
                if target in self._money and self._currency is None:
                    self._name_currency(header, cell, values, problems)
        for target, found in shared:
            self._tell_apart(target, found, values, problems)
        self._settle(values, problems)
        return values, problems

    def _tell_apart(self, target: str, found: Problem, values: dict[str, Json], problems: list[Problem]) -> None:
        """A name that several records have is that of the row's own account, or its deal's."""
        account, deal, known = values.get("account"), values.get("deal"), self._entity.fields[target].target
        if account is None and isinstance(deal, int):
            account = self._lookups.directories["deal"].account_of(deal)
        directory = self._lookups.directories[str(known)]
        record = directory.find_within(found.value, account) if isinstance(account, int) else None
        if record:
            values[target] = record
        else:
            problems.append(found)

    def _name_currency(self, header: str, cell: str, values: dict[str, Json], problems: list[Problem]) -> None:
        """An amount that names another currency than its column gives it to the record: €500 is no $500."""
        named = named_currency(cell, self._base_currency)
        if named == self._base_currency:
            return
        if "currency" not in self._entity.fields or values.get("currency", named) != named:
            reason = f"is in {named}, and the record's other amounts are in another currency"
            problems.append(Problem(header, cell, reason))
        values["currency"] = named

    def late_text(self, cells: Sequence[str]) -> str | None:
        """The name in the column that refers to the entity itself."""
        text = cells[self._late] if self._late is not None else ""
        return None if is_missing(text) else text.strip()

    def _settle(self, values: dict[str, Json], problems: list[Problem]) -> None:
        outcome = values.pop(OUTCOME, None)
        if outcome in tuple(_CLOSED) and self._kind_of_stage(values) not in _CLOSED:
            values["stage"] = self._lookups.stage_of(str(outcome))
        if LOST_ON in values:
            values.setdefault("closed_on", values.pop(LOST_ON))
            values.pop(LOST_ON, None)
        if CLOSE_DATE in values:
            kind = self._kind_of_stage(values)
            values.setdefault("closed_on" if kind in _CLOSED else "closes_on", values.pop(CLOSE_DATE))
            values.pop(CLOSE_DATE, None)
        if EXPECTED in values:
            values.setdefault("amount", values[EXPECTED])
            del values[EXPECTED]
        if FIRST_NAME in values or LAST_NAME in values:
            values.setdefault("name", _join(values.pop(FIRST_NAME, None), values.pop(LAST_NAME, None)))
        if self._currency is not None:
            self._settle_money(values, problems)

    def _kind_of_stage(self, values: dict[str, Json]) -> str | None:
        return self._lookups.stage_kinds.get(values.get("stage") or 0)  # type: ignore[arg-type]  # stage ids

    def _settle_money(self, values: dict[str, Json], problems: list[Problem]) -> None:
        money = [name for name in self._money if name in values]
        currency = str(values.get("currency") or self._base_currency)
        if money and "currency" in self._entity.fields:
            values.setdefault("currency", currency)
        for name in money:
            try:
                values[name] = _minor(Decimal(str(values[name])), currency)
            except ValueError as error:
                problems.append(Problem(name, str(values.pop(name)), str(error)))

    def _kind(self, target: str) -> Kind | None:
        known = self._entity.fields.get(target)
        return Kind.MONEY if target == EXPECTED else known.kind if known else None

    def _reader(self, target: str, column: ColumnMap, currency: str) -> Callable[[str], Json]:
        known = self._entity.fields.get(target)
        if target == OUTCOME:
            return stage_kind
        if target == EXPECTED:
            return self._money_reader(column, currency)
        if target in (CLOSE_DATE, LOST_ON) or (known and known.kind is Kind.DATE):
            return self._date_reader(column)
        if known is None:
            return str.strip
        if known.kind is Kind.REFERENCE:
            return self._reference_reader(known)
        if known.kind is Kind.DATETIME:
            return self._moment_reader(column)
        if known.kind is Kind.MONEY:
            return self._money_reader(column, currency)
        if known.kind in (Kind.INTEGER, Kind.YEAR, Kind.DECIMAL, Kind.PERCENT):
            return lambda cell: _number(known, self._entity, _scaled(cell, column))
        return text_reader(known, is_kept=column.keep is not None)

    def _date_reader(self, column: ColumnMap) -> Callable[[str], Json]:
        order, pivot = column.dates or "mdy", self._lookups.year_pivot
        return lambda cell: parse_date(cell, order, year_pivot=pivot).isoformat()

    def _moment_reader(self, column: ColumnMap) -> Callable[[str], Json]:
        order, pivot = column.dates or "mdy", self._lookups.year_pivot
        return lambda cell: moment_text(parse_moment(cell, order, year_pivot=pivot))

    def _money_reader(self, column: ColumnMap, currency: str) -> Callable[[str], Json]:
        if self._currency is not None:
            return lambda cell: decimal_text(_scaled(cell, column))
        return lambda cell: _minor(_scaled(cell, column), named_currency(cell, currency))

    def _reference_reader(self, known: Field) -> Callable[[str], Json]:
        target = str(known.target)

        def read(cell: str) -> Json:
            found = self._lookups.find(target, cell)
            if found is None:
                raise ValueError(f"no {target} called {cell.strip()!r}")
            if found == SEVERAL:
                raise ValueError(f"{_SHARED} {target} records are called {cell.strip()!r}")
            return found

        return read


def _try(read: Callable[[str], Json], cell: str) -> tuple[Json, str | None]:
    if is_missing(cell):
        return None, None
    if "\0" in cell:
        return None, "holds a NUL character"
    try:
        return read(cell), None
    except (ValueError, ArithmeticError) as error:
        return None, str(error) or "is out of range"


def _scaled(cell: str, column: ColumnMap) -> Decimal:
    number = parse_number(cell, decimal_comma=column.decimal_comma)
    return number * column.scale if column.scale != 1 else number


def _minor(amount: Decimal, currency: str) -> int:
    minor = to_minor(amount, currency)
    if abs(minor) > MOST_MINOR:
        raise ValueError("the amount is too large")
    return minor


def _number(known: Field, entity: Entity, number: Decimal) -> Json:
    if abs(number) > MOST_MINOR:
        raise ValueError("the number is too large")
    column = None if known.is_custom else entity.table.c[str(known.column)]
    if known.kind in (Kind.INTEGER, Kind.YEAR) or (column is not None and isinstance(column.type, Integer)):
        if number != number.to_integral_value():
            raise ValueError(f"{number} is no whole number")
        return int(number)
    return exact_number(float(number)) if known.is_custom else decimal_text(number)


def _join(first: Json, last: Json) -> str:
    parts = [str(part) for part in (first, last) if part]
    if parts and all(not part.isascii() for part in parts) and max(map(len, parts)) <= 3:
        return "".join(reversed(parts))  # 姓 + 名
    return " ".join(parts)
