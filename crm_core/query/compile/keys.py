"""What rows are grouped by: plain fields, dates in buckets, and references told by their labels."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case

from crm_core.errors import Invalid
from crm_core.models import Kind
from crm_core.query.compile import dialect, fields, filters, values
from crm_core.query.compile.context import Scope
from crm_core.query.compile.outputs import Output, field_column
from crm_core.query.compile.stage import Term
from crm_core.query.spec import Bucket, Group, Side
from crm_core.schema import NUMERIC, Path

_BUCKETS = "day, week, month, quarter, half, year or weekday"
_MOST_CUTS = 100


@dataclass(frozen=True)
class Key:
    """One thing to group by. Its columns are labelled by its position: `key_0`, `label_0`, `place_0`."""

    at: int
    path: Path
    bucket: Bucket | None
    name: str
    cuts: tuple[float, ...] = ()
    sides: tuple[Side, ...] = ()

    @property
    def key(self) -> str:
        """The label of what is grouped by: the id of a reference, the start of a bucket, the value itself."""
        return f"key_{self.at}"

    @property
    def shown(self) -> str:
        """The label of what is shown."""
        return f"label_{self.at}"

    @property
    def place(self) -> str:
        """The label of the position of records that have one, such as stages."""
        return f"place_{self.at}"

    @property
    def target(self) -> str | None:
        """The entity whose records the values are, if they are records."""
        return None if self.sides else self.path.field.target

    @property
    def is_reference(self) -> bool:
        """Whether the values are records."""
        return self.target is not None

    @property
    def is_cut(self) -> bool:
        """Whether the values are bands or named parts, by their numbers."""
        return bool(self.cuts or self.sides)

    def is_placed(self, scope: Scope) -> bool:
        """Whether its records have a position to be sorted by."""
        return self.target is not None and "position" in scope.context.schema.entities[self.target].fields

    def is_in_order(self, scope: Scope) -> bool:
        """Whether its values have an order of their own that people expect: time, position, years."""
        return bool(self.bucket) or self.is_cut or self.path.field.kind is Kind.YEAR or self.is_placed(scope)

    def value(self, scope: Scope) -> ColumnElement[Any]:
        """What is grouped by, for each row."""
        if self.sides:
            return case(*((filters.holds(scope, side.where), at) for at, side in enumerate(self.sides)))
        value = fields.value_at(scope, self.path)
        if self.cuts:
            return self._band(scope, value)
        if self.bucket is None:
            return value
        day = fields.as_day(scope, self.path.field, value)
        return dialect.bucket_key(day, self.bucket, scope.context.dialect)

    def _band(self, scope: Scope, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """The number of the band that a value falls into, from 0."""
        bounds = [values.coerce(self.path.field, cut, scope.context.money.currency) for cut in self.cuts]
        below = [(value < bound, at) for at, bound in enumerate(bounds)]
        return case(*below, (value.is_not(None), len(bounds)))

    def band_label(self, key: ColumnElement[Any]) -> ColumnElement[str]:
        """What a band is called, by its name or as "≤ 30", "31 – 60", "≥ 61"; of amounts "< 1000" and "≥ 5000"."""
        if self.sides:
            return case({at: side.name or "…" for at, side in enumerate(self.sides)}, value=key)
        whole = self.path.field.kind is Kind.INTEGER
        first = f"≤ {self.cuts[0] - 1:g}" if whole else f"< {self.cuts[0]:g}"
        between = [f"{low:g} – {high - whole:g}" for low, high in pairwise(self.cuts)]
        return case(dict(enumerate([first, *between, f"≥ {self.cuts[-1]:g}"])), value=key)

    def terms(self, scope: Scope, *, descending: bool = False) -> list[Term]:
        """How to sort by it."""
        if self.is_placed(scope):
            return [Term(self.place, descending), *self._by_label(descending)]
        if self.bucket or self.is_cut or self.path.field.kind in NUMERIC | {Kind.DATE, Kind.DATETIME, Kind.BOOLEAN}:
            return [Term(self.key, descending)]
        return self._by_label(descending)

    def _by_label(self, descending: bool) -> list[Term]:
        return [Term(self.shown, descending, is_text=True), Term(self.key, descending)]

    def output(self, currency: str) -> Output:
        """The result's column."""
        column = replace(field_column(self.path, name=self.name, currency=currency), bucket=self.bucket)
        if self.is_cut:
            column = replace(column, kind=Kind.TEXT, is_ratio=False, currency=None, unit=None, entity=None)
        return Output(column, self.shown, self.key if self.is_reference else None)


def keys_of(scope: Scope, groups: Sequence[Group], *, need_buckets: bool = True) -> list[Key]:
    """The keys of a question's groups.

    Raises:
        Invalid: a date without a bucket, or a bucket of something else.
    """
    keys: list[Key] = []
    for at, group in enumerate(groups):
        path = scope.walk(group.field)
        if group.bucket is not None and not path.field.is_date:
            raise Invalid(f"{group.field} is no date, so it cannot be put into a {group.bucket}.")
        if group.bucket is None and path.field.is_date and need_buckets and not group.sides:
            raise Invalid(f"To group by the date {group.field}, give a bucket: {_BUCKETS}.")
        _check_cuts(group, path)
        _check_sides(group)
        taken = any(key.name == path.dotted for key in keys)
        name = f"{path.dotted}_{group.bucket or at}" if taken else path.dotted
        keys.append(Key(at, path, group.bucket, name, tuple(group.cuts), tuple(group.sides)))
    return keys


def _check_cuts(group: Group, path: Path) -> None:
    if not group.cuts:
        return
    if path.field.kind not in NUMERIC:
        raise Invalid(f"{group.field} is no number, so it cannot be cut into bands.")
    if len(group.cuts) > _MOST_CUTS or any(low >= high for low, high in pairwise(group.cuts)):
        raise Invalid(f"The cuts of {group.field} must rise, and be at most {_MOST_CUTS}.")


def _check_sides(group: Group) -> None:
    if group.sides and (group.bucket is not None or group.cuts):
        raise Invalid(f"{group.field} is grouped by a bucket, by cuts or by sides, only one of them.")
    if len({side.name for side in group.sides}) < len(group.sides) or len(group.sides) > _MOST_CUTS:
        raise Invalid(f"The sides of {group.field} need a name each, all different, and are at most {_MOST_CUTS}.")


def labels(scope: Scope, keys: Sequence[Key], groups: FromClause) -> tuple[FromClause, dict[str, ColumnElement[Any]]]:
    """The groups joined to the records behind them, and the columns that are shown."""
    source = groups
    columns: dict[str, ColumnElement[Any]] = {}
    for key in keys:
        value = groups.c[key.key]
        columns[key.key] = columns[key.shown] = value
        if key.bucket is not None:
            columns[key.shown] = dialect.bucket_label(value, key.bucket, scope.context.dialect)
        if key.is_cut:
            columns[key.shown] = key.band_label(value)
        if key.target is None:
            continue
        target = scope.context.scope(key.target)
        source = source.outerjoin(target.table, and_(target.id == value))
        columns[key.shown] = fields.label_of(target)
        if key.is_placed(scope):
            columns[key.place] = target.table.c.position
    return source, columns
