"""What every analysis stands on: one read of the store, the asker's rights, and what its currencies are worth."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, true

from crm_core.access import Actor
from crm_core.db import ReadStore
from crm_core.query.compile import Money, fields, filters
from crm_core.query.compile.context import Context, Scope
from crm_core.query.currencies import factors_to, read_currencies
from crm_core.query.spec import Filter


@dataclass(frozen=True)
class Ground:
    """One read of the store on behalf of somebody.

    Attributes:
        connection: that cannot write.
        context: the asker, the day and the store's registry; money is told in `context.money.currency`.
        worth: what one minor unit of each currency is worth in minor units of that one.
        lacking: currencies that amounts are in and that have no rate.
    """

    connection: Connection
    context: Context
    worth: dict[str, float]
    lacking: tuple[str, ...]

    @property
    def currency(self) -> str:
        """What all money is told in."""
        return self.context.money.currency

    def rows(self, entity: str) -> tuple[Scope, list[ColumnElement[bool]]]:
        """Records of a kind, and what keeps them to those that the asker may see."""
        scope = self.context.scope(entity, is_base=True, is_wide=True)
        return scope, scope.guard()

    def chosen(self, scope: Scope, where: Filter | None) -> ColumnElement[bool]:
        """Whether a record is among those asked about."""
        return true() if where is None else filters.holds(scope, where)

    def has_rate(self, scope: Scope) -> ColumnElement[bool]:
        """Whether the record's amounts can be told in `currency`."""
        return fields.currency_of(scope).not_in(self.lacking) if self.lacking else true()

    def value(self, scope: Scope, dotted: str) -> ColumnElement[Any]:
        """A field as a person reads it: a reference by its label."""
        path = scope.walk(dotted)
        holder = scope.reach(path.steps)
        return fields.label_of(holder.reach([path.field])) if path.field.target else fields.value_of(holder, path.field)


@contextmanager
def open_ground(store: ReadStore, *, actor: Actor, today: date) -> Iterator[Ground]:
    """Read the store for `actor` as of `today`; what is seen does not move while it is open."""
    with store.read(actor) as connection:
        schema = store.schema_at(connection)
        known = read_currencies(connection, schema)
        codes = frozenset({known.base}).union(*known.of.values())
        sold = known.of.get("deal", frozenset()) | known.of.get("quota", frozenset())
        if len(sold) == 1 and known.base not in sold:  # all of it is in one other currency: told as it is
            (only,) = sold
            factors, lacking = {only: Decimal(1)}, sorted(codes - sold)
            money = Money(known.base, only)
        else:
            factors, lacking = factors_to(connection, codes, known.base, today)
            money = Money(known.base, known.base, factors if len(codes) > 1 else None)
        context = Context(schema, actor, today, connection.dialect.name, money)
        yield Ground(connection, context, {code: float(one) for code, one in factors.items()}, tuple(lacking))


def labels_of(values: Sequence[Any]) -> tuple[str | None, ...]:
    """What groups are called."""
    return tuple(None if value in (None, "") else str(value) for value in values)


def day_or_never(day: date | None) -> int:
    """A day as a number; `NEVER` where there is none."""
    return NEVER if day is None else day.toordinal()


NEVER = 9_999_999  # a day after all days
