"""Which currencies a store's amounts are in, and what to tell a question's money in.

Nearly every store uses one currency, and then nothing has to be looked at or converted. Otherwise the rows behind the
question decide: one currency is told as it is, several are converted to the store's own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Float, Select, Table, exists, func, or_, select, type_coerce

from crm_core.access import Actor, Scope
from crm_core.errors import Invalid
from crm_core.models import ExchangeRate, Kind, StoreInfo
from crm_core.money import minor_digits
from crm_core.query.compile import Money, compile_spec
from crm_core.query.compile.context import Context, MoneyUse
from crm_core.query.compile.rows import currencies_behind, currencies_seen
from crm_core.query.spec import QuerySpec
from crm_core.schema import Entity, Schema


@dataclass(frozen=True)
class Currencies:
    """The store's own currency, and those that each entity's amounts are in (deleted ones too)."""

    base: str
    of: Mapping[str, frozenset[str]]

    @property
    def everywhere(self) -> frozenset[str]:
        """All of them."""
        return frozenset[str]().union(*self.of.values())


def read_currencies(connection: Connection, schema: Schema) -> Currencies:
    """What holds until the next write. Costs a few look-ups in the indexes on `currency`."""
    own = StoreInfo.__table__.c
    base = str(connection.execute(select(own.value).where(own.name == "base_currency")).scalar_one())
    holders = [entity for entity in schema.entities.values() if _has_currency(entity)]
    found = iter(connection.execute(_look_up(tuple(entity.table for entity in holders))).one())
    of = {}
    for entity, low, high, lacks in zip(holders, found, found, found, strict=False):
        one = {low} if low == high else _distinct(connection, entity)
        of[entity.name] = frozenset({code or base for code in one if code} | ({base} if lacks else set()))
    return Currencies(base, of)


def _has_currency(entity: Entity) -> bool:
    has_money = any(field.kind is Kind.MONEY and field.derived is None for field in entity.fields.values())
    return has_money and "currency" in entity.table.c


@cache
def _look_up(tables: tuple[Table, ...]) -> Select[Any]:
    """Made once: making it costs more than running it, and it runs after each write."""
    return select(*[part for table in tables for part in _ends(table)])


def _ends(table: Table) -> Iterator[ColumnElement[Any]]:
    own = table.c.currency
    yield select(func.min(own)).scalar_subquery()
    yield select(func.max(own)).scalar_subquery()
    yield exists().where(or_(own.is_(None), own == "")).select_from(table).is_(True)


def _distinct(connection: Connection, entity: Entity) -> set[str | None]:
    return set(connection.execute(select(entity.table.c.currency).distinct()).scalars())


def money_for(
    connection: Connection, spec: QuerySpec, *, schema: Schema, actor: Actor, today: date, known: Currencies
) -> Money:
    """What to tell the money of a question in.

    Raises:
        Invalid: it is in several currencies, and some have no exchange rate.
    """
    if len(known.everywhere) <= 1:
        return Money(known.base, next(iter(known.everywhere), known.base))
    plain = Money(known.base, known.base)
    flavour = connection.dialect.name
    uses = compile_spec(
        spec, schema=schema, actor=actor, today=today, dialect=flavour, base_currency=known.base
    ).money_of
    context = Context(schema, actor, today, flavour, plain)
    needed = _beyond(uses, known, connection, context)
    direct = sorted({use.field for use in uses if use.is_base})
    if direct:
        needed |= set(connection.execute(currencies_behind(context, spec, direct)).scalars())
    if len(needed) <= 1:
        return Money(known.base, next(iter(needed), known.base))
    return Money(known.base, known.base, _factors(connection, needed, known.base, today))


def _beyond(uses: Iterable[MoneyUse], known: Currencies, connection: Connection, context: Context) -> set[str]:
    """The currencies of records that a question reaches through others: of those alone that the actor may see."""
    entities = {use.entity for use in uses if not use.is_base}
    if context.actor.reads is Scope.ALL:
        return {code for name in entities for code in known.of.get(name, {known.base})}
    return {code for name in entities for code in connection.execute(currencies_seen(context, name)).scalars()}


def factors_to(
    connection: Connection, codes: Iterable[str], base: str, today: date
) -> tuple[dict[str, Decimal], list[str]]:
    """What one minor unit of each currency is worth in minor units of `base`, and the codes that have no rate."""
    rates = {**read_rates(connection, base, today), base: Decimal(1)}
    known = {code for code in codes if code in rates}
    scale = {code: Decimal(10) ** (minor_digits(base) - minor_digits(code)) for code in known}
    return {code: rates[code] * scale[code] for code in known}, sorted(set(codes) - known)


def _factors(connection: Connection, codes: Iterable[str], base: str, today: date) -> dict[str, Decimal]:
    factors, lacking = factors_to(connection, codes, base, today)
    if lacking:
        raise Invalid(
            f"These amounts are in several currencies, and there is no exchange rate to {base} for "
            f"{', '.join(lacking)} on or before {today}. Add the rates, or ask about one currency at a time."
        )
    return factors


def read_rates(connection: Connection, base: str, today: date) -> dict[str, Decimal]:
    """What one unit of each currency is worth in `base`: the latest rate, either way round."""
    table = ExchangeRate.__table__
    rate = type_coerce(table.c.rate, Float(asdecimal=False))
    given = select(table.c.from_currency, table.c.to_currency, rate).where(
        table.c.deleted_at.is_(None), table.c.valid_on <= today, table.c.rate > 0
    )
    known: dict[str, Decimal] = {}
    for source, target, worth in connection.execute(given.order_by(table.c.valid_on, table.c.id)):
        if target == base:
            known[source] = Decimal(str(worth))
        elif source == base:
            known[target] = 1 / Decimal(str(worth))
    return known
