"""Reader: somebody at a page as the records see them, and how values look to them."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from copilot.context import Lang
from copilot.labels import column_label, entity_label, labels
from copilot.offline.say.values import value_in_words
from crm_core.access import Actor
from crm_core.db import Store
from crm_core.errors import NotFound
from crm_core.models import Kind
from crm_core.query.result import Column, QueryResult, Row
from crm_core.query.run import run_query
from crm_core.query.spec import Filter, QuerySpec
from crm_core.query.words import spec_in_words
from crm_core.query.words.filters import Speaker, tell_filter
from crm_core.schema import Child, Field, Schema, pluralize
from integrations.records import Records
from integrations.web.desk import DOOR
from integrations.web.people import Person


@dataclass(frozen=True)
class Link:
    """A record that a value names."""

    entity: str
    id: int


@dataclass(frozen=True)
class Cell:
    """A value as it is shown: its text, empty where there is none, and the record that it names."""

    text: str
    link: Link | None = None


@dataclass(frozen=True)
class Reader:
    """Reads for one person at one moment.

    Attributes:
        store: of the company.
        actor: whose rights count.
        today: the day that it is.
        lang: in which things are called.
    """

    store: Store
    actor: Actor
    today: date
    lang: Lang

    @classmethod
    def of(cls, person: Person) -> "Reader":
        """Somebody at a page, with the rights that they have now."""
        return cls(person.desk.store, person.actor, person.desk.today(), person.lang)

    @property
    def schema(self) -> Schema:
        """The registry."""
        return self.store.schema

    def steady(self) -> AbstractContextManager[None]:
        """What is read inside is read at one moment of the store; see `ReadStore.steady`."""
        return self.store.steady(self.actor)

    def ask(self, spec: QuerySpec, *, only: Sequence[int] | None = None) -> QueryResult:
        """What a question finds among what the person may see."""
        return run_query(self.store, spec, actor=self.actor, today=self.today, only=only)

    def records(self, entity: str) -> Records:
        """Records of one kind, to be changed in the person's name."""
        return Records(self.store, entity, actor=self.actor, today=self.today, door=DOOR)

    def in_words(self, spec: QuerySpec) -> str:
        """A question as it was understood."""
        return spec_in_words(spec, self.schema, today=self.today, lang=self.lang, labels=labels(self.lang))

    def condition(self, entity: str, where: Filter) -> str:
        """A filter in words."""
        return tell_filter(Speaker(self.schema, self.lang, labels(self.lang)), entity, where)

    def kind(self, entity: str, *, count: int = 2) -> str:
        """What records of a kind are called."""
        return entity_label(entity, self.lang, count=count)

    def label_of(self, entity: str, record_id: int) -> str:
        """What a record is called; NotFound where the person may not see it."""
        of = self.schema.entity(entity)
        names = [name for name in of.title if name in of.fields] or ["external_id"]
        found = self.ask(QuerySpec(entity=entity, columns=names), only=[record_id])
        if not found.rows:
            raise NotFound(f"There is no such {entity}.")
        return next((str(value) for value in found.rows[0].values if value), f"#{record_id}")

    def label(self, field: Field) -> str:
        """What a field is called."""
        told = labels(self.lang).get(f"{field.entity}.{field.name}")
        return told or column_label(field.label, field.entity, self.lang)

    def children(self, child: Child) -> str:
        """What the records that point to another one are called."""
        word = child.words[0]
        return column_label(word if word == child.name else pluralize(word), child.entity, self.lang)

    def head(self, column: Column, entity: str) -> str:
        """What a column is called."""
        return column_label(column.label, entity, self.lang)

    def cell(self, columns: Sequence[Column], row: Row, at: int) -> Cell:
        """The value of a row at the place `at`; an amount among others in other currencies with the row's own."""
        column, linked = columns[at], row.ids.get(at)
        if column.kind is Kind.MONEY and column.currency is None:
            own = next((row.values[i] for i, one in enumerate(columns) if one.kind is Kind.CURRENCY), None)
            column = replace(column, currency=str(own) if own else None)
        link = Link(column.entity, linked) if column.entity and linked else None
        return Cell(self.value(row.values[at], column), link)

    def value(self, value: Any, column: Column) -> str:
        """A value as text; empty where there is none."""
        if value is None:
            return ""
        told = value_in_words(value, column, self.lang)
        return told if column.kind is Kind.LONG_TEXT else " ".join(told.split())
