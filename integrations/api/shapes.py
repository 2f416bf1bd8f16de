"""JSON schemas of the records, read off the registry: what OpenAPI shows and what a test holds the answers to."""

from typing import Any

from crm_core.errors import Invalid
from crm_core.models import Kind
from crm_core.schema import Entity, Field, Schema
from integrations.records import stored_fields

JsonSchema = dict[str, Any]
Values = dict[str, Any]
REFERENCE: JsonSchema = {
    "type": "object",
    "description": "Another record.",
    "properties": {"id": {"type": "integer"}, "label": {"type": ["string", "null"]}},
    "required": ["id", "label"],
}
_TEXT: JsonSchema = {"type": "string"}
_TYPES: dict[Kind, JsonSchema] = {
    Kind.MONEY: {"type": "number"},
    Kind.INTEGER: {"type": "integer"},
    Kind.DECIMAL: {"type": "number"},
    Kind.PERCENT: {"type": "number"},
    Kind.YEAR: {"type": "integer"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.DATETIME: {"type": "string", "format": "date-time"},
    Kind.BOOLEAN: {"type": "boolean"},
}
_KEY: JsonSchema = {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}


def components(schema: Schema) -> dict[str, JsonSchema]:
    """The schemas of every kind of record, as it is shown and as it is written."""
    found: dict[str, JsonSchema] = {"Reference": REFERENCE}
    for entity in schema.entities.values():
        found[name_of(entity)] = shown(entity)
        found[f"{name_of(entity)}Edit"] = edited(entity)
    return found


def name_of(entity: Entity) -> str:
    """What its schema is called: `StageChange`."""
    return "".join(word.capitalize() for word in entity.name.split("_"))


def shown(entity: Entity) -> JsonSchema:
    """A record as it is answered."""
    fields = {field.name: _shown(field) for field in stored_fields(entity)}
    return {
        "type": "object",
        "description": f"A record of kind {entity.name}. Further members: fields asked for, and the company's own.",
        "properties": {"id": _KEY, "version": {"type": "integer"}, **fields},
        "required": ["id", "version"],
    }


def edited(entity: Entity) -> JsonSchema:
    """What may be set on a record."""
    fields = {field.name: _written(field) for field in entity.fields.values() if field.edit and not field.derived}
    return {"type": "object", "properties": fields, "additionalProperties": False, "minProperties": 1}


def checked(schema: Schema, kind: str, values: Values, *, within: str = "") -> Values:
    """The values of a request, as their schema says it of texts: whoever reads words would take a number for them too.

    Args:
        schema: the registry.
        kind: of the record.
        values: by field.
        within: where they stand in the request.

    Raises:
        Invalid: a number or a truth value where a text belongs.
    """
    fields = schema.entity(kind).fields
    for name, value in values.items():
        field = fields.get(name)
        is_text = field is not None and field.target is None and field.kind not in _TYPES
        if is_text and not isinstance(value, str | None):
            raise Invalid(f"{kind}.{name} is a text: put it in quotes.", field=within + name)
    return values


def _shown(field: Field) -> JsonSchema:
    if field.target:
        return {"anyOf": [{"$ref": "#/components/schemas/Reference"}, {"type": "null"}], "description": field.label}
    plain = _TYPES.get(field.kind, _TEXT)
    return {**plain, "type": [plain["type"], "null"], "description": _said(field)}


def _written(field: Field) -> JsonSchema:
    if field.target:
        said = f"{field.label}: its id, its name, or null"
        return {"anyOf": [_KEY, {"type": "string", "minLength": 1}, {"type": "null"}], "description": said}
    return _shown(field)


def _said(field: Field) -> str:
    return f"{field.label}, in major units of `currency`" if field.kind is Kind.MONEY else field.label
