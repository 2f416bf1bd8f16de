"""The registry: what may be asked, edited and imported, read off the models and the store's custom fields.

It is the only list of entities and fields in the project. It knows no SQL and no language but the English words that
stand with the declarations; other languages join from `prompts/lexicon`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, TypeVar

from rapidfuzz import process
from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, Numeric, Table

from crm_core.errors import Invalid
from crm_core.models import RECORDS, FieldInfo, Kind, Record, Role
from crm_core.models.base import UtcDateTime
from crm_core.own_condition import OwnCondition
from crm_core.query.derived import DERIVED, Derived
from crm_core.query.metrics import METRICS, Metric

NUMERIC = frozenset({Kind.MONEY, Kind.INTEGER, Kind.DECIMAL, Kind.PERCENT, Kind.YEAR})
DATES = frozenset({Kind.DATE, Kind.DATETIME})

T = TypeVar("T")


@dataclass(frozen=True)
class Field:
    """One field of an entity, stored, custom, derived or a reference.

    Attributes:
        entity: that it belongs to.
        name: public name: `amount` for the column `amount_minor`, `owner` for `owner_id`.
        kind: what it holds.
        words: what people call it in English, its label first.
        column: the table's column, None for custom and derived fields.
        role: the part it plays.
        target: for a reference, the entity that it points to.
        is_custom: its value stands in the record's `custom` under `name`.
        derived: how it is worked out.
        ask, edit, mask: see `crm_core.models.base.field`.
    """

    entity: str
    name: str
    kind: Kind
    words: tuple[str, ...]
    column: str | None = None
    role: Role | None = None
    target: str | None = None
    is_custom: bool = False
    derived: Derived | None = None
    ask: bool = True
    edit: bool = True
    mask: bool = False
    unit: str | None = None
    is_ratio: bool = False

    @property
    def label(self) -> str:
        """What to call it in front of a person."""
        return self.words[0] if self.words else self.name.replace("_", " ")

    @property
    def is_numeric(self) -> bool:
        """Whether sums, averages and comparisons by size make sense."""
        return self.kind in NUMERIC

    @property
    def is_date(self) -> bool:
        """Whether it can be put into a period."""
        return self.kind in DATES


@dataclass(frozen=True)
class Child:
    """Records that point to an entity: `account` has children `deals` through `deal.account`."""

    name: str
    entity: str
    field: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Entity:
    """One kind of record."""

    name: str
    words: tuple[str, ...]
    model: type[Record]
    fields: dict[str, Field]
    children: dict[str, Child]
    owned_by: tuple[str, ...]
    title: tuple[str, ...]
    is_fact: bool

    @property
    def table(self) -> Table:
        """Its table."""
        table = self.model.__table__
        assert isinstance(table, Table)
        return table

    @property
    def plural(self) -> str:
        """The plural of its name, as in `deals`."""
        return pluralize(self.name)

    def by_role(self, role: Role) -> Field | None:
        """Its field that plays `role`, if any."""
        return next((f for f in self.fields.values() if f.role is role), None)


@dataclass(frozen=True)
class Path:
    """A dotted field walked from an entity: the references passed through, then the field at the end."""

    entity: str
    steps: tuple[Field, ...]
    field: Field

    @property
    def dotted(self) -> str:
        """As it is written: `account.parent.name`."""
        return ".".join([*(step.name for step in self.steps), self.field.name])


@dataclass(frozen=True)
class Schema:
    """All entities and metrics of one store; `own_words` are the company's words and what they mean.

    `own_conditions` are its words for some of the records of a kind, by phrase.
    """

    entities: dict[str, Entity]
    metrics: dict[str, Metric] = field(default_factory=lambda: METRICS)
    own_words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    own_conditions: dict[str, OwnCondition] = field(default_factory=dict)

    def entity(self, name: str) -> Entity:
        """The entity called `name`; Invalid with the closest right names otherwise."""
        return _pick(self.entities, name, what="kind of record")

    def metric(self, name: str) -> Metric:
        """The metric called `name`; Invalid with the closest right names otherwise."""
        return _pick(self.metrics, name, what="metric")

    def path(self, entity: str, dotted: str) -> Path:
        """Walk `dotted` from `entity`.

        Raises:
            Invalid: a step does not exist or is no reference; names what would be right.
        """
        *through, last = dotted.split(".")
        at, steps = self.entity(entity), []
        for name in through:
            step = _pick(at.fields, name, what=f"field of {at.name}")
            if step.target is None:
                raise Invalid(f"{at.name}.{name} is no reference to another record, so .{last} cannot follow it.")
            steps.append(step)
            at = self.entities[step.target]
        found = _pick(at.fields, last, what=f"field of {at.name}")
        if not found.ask:
            raise Invalid(f"{at.name}.{last} cannot be asked about.")
        return Path(entity=entity, steps=tuple(steps), field=found)

    def child(self, entity: str, name: str) -> Child:
        """The children of `entity` called `name`."""
        return _pick(self.entity(entity).children, name, what=f"child records of {entity}")

    def fields(self) -> Iterator[Field]:
        """Every field of every entity."""
        for entity in self.entities.values():
            yield from entity.fields.values()


def pluralize(word: str) -> str:
    """The English plural of the last word of a noun phrase: company → companies, boss → bosses."""
    if re.search(r"(s|x|z|ch|sh)$", word):
        return word if word.endswith("ies") else word + "es"
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    if word.endswith("person"):
        return word[:-6] + "people"
    return word + "s"


def build_schema(custom: Iterable[Field] = ()) -> Schema:
    """The registry of the models plus a store's custom fields."""
    base = _declared()
    entities = dict(base.entities)
    for extra in custom:
        entity = entities[extra.entity]
        entities[extra.entity] = replace(entity, fields={**entity.fields, extra.name: extra})
    return replace(base, entities=entities)


@cache
def _declared() -> Schema:
    by_table = {model.__tablename__: model.__entity__.name for model in RECORDS}
    entities = {model.__entity__.name: _entity(model, by_table) for model in RECORDS}
    for model in RECORDS:
        for column in _columns(model):
            info: FieldInfo = column.info["field"]
            if info.target and info.inverse:
                child = Child(
                    name=info.inverse,
                    entity=model.__entity__.name,
                    field=_public(column, info),
                    words=info.inverse_words or model.__entity__.words,
                )
                entities[by_table[info.target]].children[child.name] = child
    return Schema(entities)


def _entity(model: type[Record], by_table: dict[str, str]) -> Entity:
    info = model.__entity__
    fields = [_stored(info.name, column, by_table) for column in _columns(model)]
    fields += [_worked_out(d) for d in DERIVED if d.entity == info.name]
    title = next((f.name for f in fields if f.role is Role.TITLE), None)
    labels = info.title if info.title != ("name", "external_id") or title == "name" else (title or "external_id",)
    return Entity(
        name=info.name,
        words=info.words,
        model=model,
        fields={f.name: f for f in fields},
        children={},
        owned_by=info.owned_by,
        title=labels,
        is_fact=info.is_fact,
    )


def _columns(model: type[Record]) -> list[Column[Any]]:
    table = model.__table__
    assert isinstance(table, Table)
    return [column for column in table.c.values() if "field" in column.info]


def _public(column: Column[Any], info: FieldInfo) -> str:
    suffix = "_id" if info.target else "_minor" if info.kind is Kind.MONEY else ""
    return column.name.removesuffix(suffix) if suffix else column.name


def _stored(entity: str, column: Column[Any], by_table: dict[str, str]) -> Field:
    info: FieldInfo = column.info["field"]
    name = _public(column, info)
    plain = name.replace("_", " ")
    return Field(
        entity=entity,
        name=name,
        kind=info.kind or _kind_of(column),
        words=info.words if plain in info.words else (*info.words, plain),
        column=column.name,
        role=info.role,
        target=by_table[info.target] if info.target else None,
        ask=info.ask,
        edit=info.edit,
        mask=info.mask,
    )


def _worked_out(derived: Derived) -> Field:
    return Field(
        entity=derived.entity,
        name=derived.name,
        kind=derived.kind,
        words=derived.words,
        derived=derived,
        edit=False,
        unit=derived.unit,
        is_ratio=derived.is_ratio,
    )


def _kind_of(column: Column[Any]) -> Kind:
    kinds: tuple[tuple[type, Kind], ...] = (
        (Boolean, Kind.BOOLEAN),
        (Date, Kind.DATE),
        (UtcDateTime, Kind.DATETIME),
        (Numeric, Kind.DECIMAL),
        (Integer, Kind.INTEGER),
        (BigInteger, Kind.INTEGER),
    )
    return next((kind for sql_type, kind in kinds if isinstance(column.type, sql_type)), Kind.TEXT)


def _pick(known: dict[str, T], name: str, *, what: str) -> T:
    if name in known:
        return known[name]
    near = [match[0] for match in process.extract(name, list(known), limit=3, score_cutoff=60)]
    right = " or ".join(near) if near else "one of " + ", ".join(sorted(known))
    raise Invalid(f"There is no {what} {name!r}; did you mean {right}?", field=name)
