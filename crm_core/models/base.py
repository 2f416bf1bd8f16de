"""How a field is declared: once, on its model. `crm_core.schema` reads these declarations.

Nothing else in the project lists fields: the query language, the planner's vocabulary, import
mapping, audit labels and docs all read what stands here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    TypeDecorator,
    func,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from crm_core.ids import new_id


class Kind(StrEnum):
    """What a field holds, as far as asking, editing and showing it goes."""

    TEXT = "text"  # short free text
    LONG_TEXT = "long_text"  # bodies and notes: untrusted, never a filter value of the planner
    CHOICE = "choice"  # few values that repeat; its values are words that people ask by
    MONEY = "money"  # whole minor units of the record's currency
    INTEGER = "integer"
    DECIMAL = "decimal"
    PERCENT = "percent"  # 0-100
    YEAR = "year"
    DATE = "date"
    DATETIME = "datetime"  # aware UTC
    BOOLEAN = "boolean"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    CURRENCY = "currency"  # ISO 4217
    REFERENCE = "reference"  # another record


class Role(StrEnum):
    """The part that a field plays in a sales question, whatever it is called."""

    TITLE = "title"  # what the record is called
    CODE = "code"  # its id in the system that it came from
    AMOUNT = "amount"  # the money that a fact is about
    OPENED = "opened"  # when it began
    CLOSED = "closed"  # when it ended
    DUE = "due"  # when it is expected to end
    HAPPENED = "happened"  # when it took place
    OWNER = "owner"  # whose it is
    STAGE = "stage"  # where it stands
    PLACE = "place"  # answers "where"
    PARENT = "parent"  # makes a tree of the entity


@dataclass(frozen=True)
class FieldInfo:
    """What a declaration says beyond the column itself. See `field` and `reference`."""

    words: tuple[str, ...]
    kind: Kind | None = None
    role: Role | None = None
    ask: bool = True
    edit: bool = True
    mask: bool = False
    target: str | None = None
    inverse: str | None = None
    inverse_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class EntityInfo:
    """What a model says of itself.

    Attributes:
        name: singular, as used in specs, commands and JSON.
        words: what people call it in English, singular; plurals are derived.
        owned_by: dotted relations to the users whose record this is; empty: company-wide reference data.
        title: public fields that make its label, the first that is filled wins.
        is_fact: something that happened or is worked on (a deal, an order), as opposed to a party or a list.
    """

    name: str
    words: tuple[str, ...]
    owned_by: tuple[str, ...] = ()
    title: tuple[str, ...] = ("name", "external_id")
    is_fact: bool = False


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC datetimes in Python; ISO text with milliseconds on SQLite, timestamptz on PostgreSQL."""

    impl = String(24)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Use the native type where there is one."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True))
        return dialect.type_descriptor(String(24))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse naive values: they would be read as another moment elsewhere."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: give it a time zone")
        value = value.astimezone(UTC)
        if dialect.name == "postgresql":
            return value
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Back to an aware datetime."""
        return datetime.fromisoformat(value) if isinstance(value, str) else value


SORTED_LENGTH = 100  # characters by which texts are told apart in an order; an index can hold so many of any alphabet


def sorted_text(words: ColumnElement[Any]) -> ColumnElement[str]:
    """What text is sorted by: case does not matter."""
    return func.lower(func.substr(words, text("1"), text(str(SORTED_LENGTH))), type_=String())


def label_of(columns: Sequence[ColumnElement[Any]]) -> ColumnElement[str]:
    """What a record is called: the first of these that is filled."""
    empty = text("''")  # no parameter, or no index would be found by it
    return columns[0] if len(columns) == 1 else func.coalesce(*(func.nullif(one, empty) for one in columns))


JsonObject = JSON().with_variant(JSONB(), "postgresql")

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the store, customer records and bookkeeping alike."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy's own contract)
        int: BigInteger().with_variant(Integer(), "sqlite"),
        str: String(),
        date: Date(),
        datetime: UtcDateTime(),
        Decimal: Numeric(18, 6),
        dict[str, Any]: JsonObject,
        list[str]: JsonObject,
    }


def field(
    *,
    words: Sequence[str] = (),
    kind: Kind | None = None,
    role: Role | None = None,
    ask: bool = True,
    edit: bool = True,
    mask: bool = False,
    **column: Any,
) -> Any:
    """A column that the product knows about.

    Args:
        words: what people call it in English, the label first; its own name is always among them.
        kind: only where the column's type does not say it (money, choice, email ...).
        role: the part it plays in a sales question.
        ask: may be asked about.
        edit: may be changed by a person or a proposal.
        mask: personal data (a person's name, email or phone) that leaves for a model vendor only as a stand-in.
        column: anything `mapped_column` takes.
    """
    info = FieldInfo(words=tuple(words), kind=kind, role=role, ask=ask, edit=edit, mask=mask)
    return mapped_column(info={"field": info}, **column)


def reference(
    target: str,
    *,
    words: Sequence[str] = (),
    role: Role | None = None,
    inverse: str | None = None,
    inverse_words: Sequence[str] = (),
    edit: bool = True,
    **column: Any,
) -> Any:
    """A column `<name>_id` that points to a record of the table `target`, known as `<name>`.

    Args:
        target: table name, e.g. "accounts".
        words: what people call the relation; the target's own words always work too.
        role: the part it plays (owner, stage, parent).
        inverse: what the target calls its children by this relation; None: they are not asked about.
        inverse_words: what people call those children, where it is not the child entity's own word.
        edit: may be changed.
        column: anything `mapped_column` takes, e.g. `nullable`, `index`.
    """
    column.setdefault("index", True)
    info = FieldInfo(
        words=tuple(words),
        kind=Kind.REFERENCE,
        role=role,
        edit=edit,
        target=target,
        inverse=inverse,
        inverse_words=tuple(inverse_words),
    )
    return mapped_column(ForeignKey(f"{target}.id"), info={"field": info}, **column)


class Record(Base):
    """A customer record: identified, versioned, dated, softly deleted, open to custom fields."""

    __abstract__ = True
    __entity__: EntityInfo

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=new_id, sort_order=-10)
    external_id: Mapped[str | None] = field(
        words=("id", "code", "number", "reference"), role=Role.CODE, edit=False, index=True, sort_order=-9
    )
    version: Mapped[int] = mapped_column(default=1, sort_order=90)
    created_at: Mapped[datetime] = field(words=("created", "added", "entered"), edit=False, sort_order=91)
    updated_at: Mapped[datetime] = field(
        words=("updated", "changed", "modified"), edit=False, index=True, sort_order=92
    )
    deleted_at: Mapped[datetime | None] = mapped_column(sort_order=93)
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict, sort_order=94)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """A stale write raises instead of overwriting."""
        return {"version_id_col": cls.__table__.c.version} if hasattr(cls, "__table__") else {}


def listed_by_name(model: type[Record], *names: str) -> Index:
    """An index in the order of what its records are called, for lists that grow long.

    Args:
        model: of the records.
        names: the columns that make their label; one where it is always filled.
    """
    table = model.__tablename__
    columns = model.__table__.c
    return Index(f"ix_{table}_label", sorted_text(label_of([columns[name] for name in names])))
