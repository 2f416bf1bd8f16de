"""What a store declares beyond the models: the company's own fields and words, which join the registry."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from crm_core.models import CompanyWord, CustomField, Kind
from crm_core.own_words import with_conditions, with_words
from crm_core.schema import Field, Schema, build_schema

_CUSTOM_FIELDS = select(
    CustomField.entity, CustomField.key, CustomField.kind, CustomField.label, CustomField.words
).order_by(CustomField.id)
_COMPANY_WORDS = select(CompanyWord.phrase, CompanyWord.target, CompanyWord.meaning).order_by(CompanyWord.id)


Declared = tuple[Sequence[Any], Sequence[Any]]  # custom fields, and the company's own words


def read_declared(connection: Connection) -> Declared:
    """As the rows stand."""
    return connection.execute(_CUSTOM_FIELDS).all(), connection.execute(_COMPANY_WORDS).all()


def make_schema(declared: Declared) -> Schema:
    """The registry with them."""
    fields, words = declared
    schema = build_schema(map(_custom_field, fields))
    schema = with_words(schema, [(row.phrase, row.target) for row in words])
    return with_conditions(schema, [(row.phrase, row.target, row.meaning) for row in words if row.meaning])


def _custom_field(row: Any) -> Field:
    words = tuple(dict.fromkeys([row.label.lower(), *row.words]))
    return Field(entity=row.entity, name=row.key, kind=Kind(row.kind), words=words, is_custom=True)
