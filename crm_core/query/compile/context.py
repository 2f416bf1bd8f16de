"""What a compilation carries along, and the tables that it reads from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Table, and_

from crm_core.access import Actor
from crm_core.errors import Invalid
from crm_core.schema import Entity, Field, Path, Schema

MOST_JOINS = 40  # SQLite joins 64 tables


@dataclass(frozen=True)
class Money:
    """What money is told in.

    Attributes:
        base: the store's own currency, which amounts without a currency are in.
        currency: of every total of this question.
        factors: what one minor unit of each currency is worth in minor units of `currency`; None: nothing has to be
            converted, for all amounts are in `currency`.
    """

    base: str
    currency: str
    factors: Mapping[str, Decimal] | None = None


@dataclass(frozen=True)
class MoneyUse:
    """A money field that a question computes with. `is_base`: of the rows that it is about."""

    entity: str
    field: str
    is_base: bool


@dataclass(frozen=True)
class Context:
    """One question's surroundings. `money_of` gathers the money fields that it computes with.

    `is_page`: of a limited list no total is wanted, and records that tie come in the order that an index gives.
    `is_few`: of a whole list only a few records are wanted, so nothing is worked out for all at once.
    """

    schema: Schema
    actor: Actor
    today: date
    dialect: str
    money: Money
    is_page: bool = False
    is_few: bool = False
    money_of: set[MoneyUse] = field(default_factory=set)
    aliases: dict[str, int] = field(default_factory=dict)

    def scope(
        self, entity: str, *, is_base: bool = False, is_raw: bool = False, is_wide: bool = False,
        is_led: bool = False,
    ) -> "Scope":  # fmt: skip
        """Fresh rows of an entity. For the other arguments see `Scope`."""
        declared = self.schema.entity(entity)
        self.aliases[entity] = at = self.aliases.get(entity, 0) + 1
        return Scope(
            self, declared, _alias(declared.table, at), is_base=is_base, is_raw=is_raw, is_wide=is_wide,
            is_led=is_led,
        )  # fmt: skip


@cache
def _alias(table: Table, at: int) -> FromClause:
    """The table's alias number `at`: making one costs more than the rest of a small question."""
    return table.alias(f"{table.name}_{at}")


@dataclass(frozen=True)
class Scope:
    """The rows of one entity within one FROM, and the records joined to them by reference.

    Attributes:
        table: the alias that this scope's columns are read from.
        path: the references walked from the FROM's first table.
        joins: what is joined, by path: one alias a path, shared by all scopes of this FROM.
        is_base: these are the rows that the question is about.
        is_raw: for the rules of access alone: sees through references regardless of rights and deletion.
        is_wide: so many rows that what their children add up to is better worked out for all at once.
        is_led: an index gives the rows already, so none is to be chosen for the rights.
        is_probed: the first few matches end it, so children are looked up record by record (PostgreSQL would hash
            them all first; an OFFSET keeps it from that).
    """

    context: Context
    entity: Entity
    table: FromClause
    path: tuple[str, ...] = ()
    joins: "dict[tuple[str, ...], Join]" = field(default_factory=dict)
    is_base: bool = False
    is_raw: bool = False
    is_wide: bool = False
    is_led: bool = False
    is_probed: bool = False

    @property
    def id(self) -> ColumnElement[int]:
        """The record's id."""
        return self.table.c.id

    def column(self, field: Field) -> ColumnElement[Any]:
        """A stored field as it stands in the table."""
        assert field.column is not None
        return self.table.c[field.column]

    def walk(self, dotted: str) -> Path:
        """The path of a dotted field from here."""
        return self.context.schema.path(self.entity.name, dotted)

    def reach(self, steps: Sequence[Field]) -> "Scope":
        """The record at the end of the references; all NULL where there is none that the actor may see."""
        at = self
        for step in steps:
            at = at._joined(step)
        return at

    def beyond(self, step: Field) -> "Scope":
        """Fresh rows of the entity that a reference points to, to be tested by a subquery."""
        assert step.target is not None
        return self.context.scope(step.target, is_raw=self.is_raw)

    def guard(self) -> list[ColumnElement[bool]]:
        """What keeps these rows to those that exist for the actor."""
        from crm_core.query.compile import filters  # which walks scopes: a filter can lead to other records

        return [] if self.is_raw else [self.table.c.deleted_at.is_(None), *filters.rights(self)]

    def source(self, start: FromClause | None = None) -> FromClause:
        """The table with everything that was joined to it so far."""
        if len(self.joins) > MOST_JOINS:
            raise Invalid("This question reaches into too many other records at once; ask for fewer columns.")
        source: FromClause = self.table if start is None else start
        for join in self.joins.values():
            source = source.outerjoin(join.table, join.condition)
        return source

    def attach(self, key: tuple[str, ...], table: FromClause, link: ColumnElement[Any]) -> FromClause:
        """A table with at most one row for each record, joined once under `key` by its column `link`."""
        path = (*self.path, *key)
        return self.joins.setdefault(path, Join(table, link == self.id)).table

    def attached(self, key: tuple[str, ...]) -> FromClause | None:
        """The table that was attached under `key`; None: none."""
        join = self.joins.get((*self.path, *key))
        return None if join is None else join.table

    def _joined(self, step: Field) -> "Scope":
        path = (*self.path, step.name)
        if path not in self.joins:
            fresh = self.beyond(step)
            on = and_(fresh.id == self.column(step), *fresh.guard())
            self.joins[path] = Join(fresh.table, on)
        target = self.context.schema.entities[step.target or ""]
        table = self.joins[path].table
        return Scope(self.context, target, table, path, self.joins, is_raw=self.is_raw, is_wide=self.is_wide)


@dataclass(frozen=True)
class Join:
    """A table and how it is joined."""

    table: FromClause
    condition: ColumnElement[bool]
