"""Lists of records: a question of the language, and a part of its answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crm_core.errors import Invalid
from crm_core.models import Kind, Role
from crm_core.query import defaults
from crm_core.query.result import Column, QueryResult, Row
from crm_core.query.spec import All, Condition, Filter, Group, Measure, Order, QuerySpec
from crm_core.query.spec import Any as AnyOf
from crm_core.schema import Entity, Field
from integrations.filters import read_condition
from integrations.web.reader import Cell, Reader

PAGE = 50
MOST_COLUMNS = 20
MOST_OPTIONS = 50
_TEXTS = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.EMAIL, Kind.PHONE, Kind.URL})
_EMPTINESS = ("empty", "not_empty")


@dataclass(frozen=True)
class Head:
    """A column: `order` is "asc" or "desc" where the list is sorted by it; `is_whole`: no value goes over two lines."""

    name: str
    label: str
    is_number: bool
    order: str = ""
    is_whole: bool = False


@dataclass(frozen=True)
class Line:
    """A record in a list."""

    id: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Listed:
    """A part of a list.

    Attributes:
        heads: its columns.
        lines: its records.
        total: how many match in all; None: too many to count.
        page: which part, from 1.
        told: the question in words.
    """

    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    total: int | None
    page: int
    told: str

    @property
    def first(self) -> int:
        """The place of its first record in the whole list, from 1."""
        return (self.page - 1) * PAGE + 1

    @property
    def last(self) -> int:
        """The place of its last record."""
        return self.first + len(self.lines) - 1

    @property
    def has_more(self) -> bool:
        """Whether records come after it."""
        return len(self.lines) == PAGE if self.total is None else self.last < self.total


def plain_list(entity: Entity) -> QuerySpec:
    """A kind of record as it is listed where nobody asked for anything else."""
    return QuerySpec(entity=entity.name, columns=defaults.columns(entity), order_by=defaults.order(entity))


def read_list(reader: Reader, spec: QuerySpec, *, page: int = 1, limit: int = PAGE) -> Listed:
    """A part of the list that the question gives.

    Raises:
        Invalid: the question does not fit the store.
    """
    page = max(page, 1)
    part = spec.model_copy(update={"limit": limit, "offset": (page - 1) * limit})
    found = reader.ask(part)
    if any(column.kind is Kind.MONEY and column.currency is None for column in found.columns):
        found = reader.ask(_with_currency(reader, part))
    order = {one.by: "desc" if one.descending else "asc" for one in spec.order_by[:1]}
    heads = tuple(_head(reader, spec.entity, column, order.get(column.name, "")) for column in found.columns)
    lines = tuple(
        Line(row.record_id or 0, tuple(_cell(reader, found, row, at) for at in range(len(row.values))))
        for row in found.rows
    )
    return Listed(heads, lines, found.total, page, reader.in_words(spec))


def _head(reader: Reader, entity: str, column: Column, order: str) -> Head:
    is_number = column.kind in (Kind.MONEY, Kind.INTEGER, Kind.DECIMAL, Kind.PERCENT) or column.is_ratio
    is_whole = is_number or column.kind in (Kind.DATE, Kind.DATETIME, Kind.PHONE)
    return Head(column.name, reader.head(column, entity), is_number, order, is_whole)


def _with_currency(reader: Reader, spec: QuerySpec) -> QuerySpec:
    """With the currency that each record's amounts are in, for there are several."""
    has_one = "currency" in reader.schema.entity(spec.entity).fields and "currency" not in spec.columns
    return spec.model_copy(update={"columns": [*spec.columns, "currency"]}) if has_one and spec.columns else spec


def _cell(reader: Reader, found: QueryResult, row: Row, at: int) -> Cell:
    cell = reader.cell(found.columns, row, at)
    return cell if len(cell.text) <= 160 else Cell(cell.text[:160] + " …", cell.link)


def conditions_of(spec: QuerySpec) -> list[Filter]:
    """The tests of a list, one by one; all of them hold."""
    return list(spec.where.all) if isinstance(spec.where, All) else [spec.where] if spec.where is not None else []


def with_conditions(spec: QuerySpec, tests: Sequence[Filter]) -> QuerySpec:
    """The list with these tests instead of its own."""
    where = None if not tests else tests[0] if len(tests) == 1 else All(all=list(tests))
    return spec.model_copy(update={"where": where})


def add_condition(reader: Reader, spec: QuerySpec, name: str, op: str, value: str) -> QuerySpec:
    """The list with one test more.

    Raises:
        Invalid: the value makes no sense for the field.
    """
    if op not in _EMPTINESS and not value.strip():
        raise Invalid("Say which value.", field=name)
    schema = reader.schema
    test = read_condition(schema, schema.entity(spec.entity), name, op, value.strip())
    wanted = with_conditions(spec, [*conditions_of(spec), test])
    reader.ask(wanted.model_copy(update={"limit": 1}))
    return wanted


def with_words(spec: QuerySpec, entity: Entity, words: str) -> QuerySpec:
    """The list, narrowed to records with these words in their name."""
    told = " ".join(words.split())
    if not told:
        return spec
    named: list[Filter] = [Condition(field=name, op="contains", value=told) for name in _names(entity)]
    return with_conditions(spec, [*conditions_of(spec), named[0] if len(named) == 1 else AnyOf(any=named)])


def _names(entity: Entity) -> Iterator[str]:
    title = entity.by_role(Role.TITLE)
    yield title.name if title else "external_id"
    yield from (f.name for f in entity.fields.values() if f.kind is Kind.EMAIL and f.ask and f.column)
    if "account" in entity.fields:
        yield "account.name"


def sorted_by(spec: QuerySpec, name: str) -> QuerySpec:
    """The list sorted by a column: upwards, and downwards where it was sorted upwards before."""
    was_up = bool(spec.order_by) and spec.order_by[0] == Order(by=name)
    return spec.model_copy(update={"order_by": [Order(by=name, descending=was_up)]})


def columns_of(entity: Entity) -> list[Field]:
    """The fields that a list may show, stored ones before those that are worked out."""
    return sorted((f for f in entity.fields.values() if f.ask), key=lambda f: f.derived is not None)


def operators_for(field: Field) -> tuple[str, ...]:
    """The operators that make sense for a field, the usual one first."""
    if field.kind in _TEXTS:
        return ("contains", "eq", "starts_with", *_EMPTINESS)
    if field.is_numeric or field.is_date:
        return ("ge", "le", "eq", "between", *_EMPTINESS)
    if field.kind is Kind.BOOLEAN:
        return ("eq", *_EMPTINESS)
    tree = ("under",) if field.target and field.target == field.entity else ()
    return ("eq", "ne", "in", *tree, *_EMPTINESS)


def values_of(reader: Reader, field: Field) -> tuple[str, ...]:
    """The values that a field has, the usual ones first; none where they are told by typing."""
    if field.kind is Kind.BOOLEAN:
        return ("true", "false")
    if field.kind not in (Kind.CHOICE, Kind.CURRENCY, Kind.REFERENCE):
        return ()
    spec = QuerySpec(
        entity=field.entity, group_by=[Group(field=field.name)], measures=[Measure(fn="count")],
        order_by=[Order(by="count", descending=True)], limit=MOST_OPTIONS,
    )  # fmt: skip
    return tuple(str(row.values[0]) for row in reader.ask(spec).rows if row.values[0] is not None)
