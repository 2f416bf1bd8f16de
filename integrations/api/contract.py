"""JSON schemas of answers that are no records: tables, replies, change sets."""

from typing import Any

JsonSchema = dict[str, Any]
_TEXT: JsonSchema = {"type": "string"}
_TEXTS: JsonSchema = {"type": "array", "items": _TEXT}
_MAYBE: JsonSchema = {"type": ["string", "null"]}
_NUMBER: JsonSchema = {"type": "integer"}
_ANY_CELL: JsonSchema = {"type": ["string", "number", "boolean", "null"]}


def an_object(*optional: str, **members: JsonSchema) -> JsonSchema:
    """An object with these members; all but the optional ones are always there."""
    required = [name for name in members if name not in optional]
    return {"type": "object", "properties": members, "required": required}


def a_list(of: JsonSchema) -> JsonSchema:
    """A list."""
    return {"type": "array", "items": of}


COLUMN = an_object(label=_TEXT, kind=_TEXT, currency=_MAYBE, unit=_MAYBE, is_ratio={"type": "boolean"})
_TABLE: dict[str, JsonSchema] = {
    "columns": _TEXTS,
    "rows": a_list(a_list(_ANY_CELL)),
    "currency": {**_MAYBE, "description": "Of all amounts, where it is one."},
    "column_types": a_list(COLUMN),
}
RESULT = an_object(
    **_TABLE,
    record_ids=a_list({"type": ["integer", "null"]}),
    total={"type": ["integer", "null"], "description": "How many match, where a limit cut the list."},
    missing={"type": "object", "description": "By measure, how many records had no value.",
             "additionalProperties": _NUMBER},
    query_text=_TEXT,
)  # fmt: skip
CHANGE = an_object(
    "quote",
    op={"enum": ["create", "update", "delete", "restore"]},
    entity=_TEXT,
    record_id=_NUMBER,
    external_id=_MAYBE,
    label=_TEXT,
    currency=_MAYBE,
    set={"type": "object", "description": "Field → [old, new].",
         "additionalProperties": {"type": "array", "minItems": 2, "maxItems": 2}},
    quote=_TEXT,
)  # fmt: skip
PROPOSAL = an_object(
    id=_TEXT, sha256=_TEXT, risk={"enum": ["low", "medium", "high"]}, summary=_TEXT, changes=a_list(CHANGE),
    alike=_TEXTS, tainted={"type": "boolean"}, expires_at=_MAYBE,
)  # fmt: skip
CITATION = an_object(entity=_TEXT, id=_NUMBER, label=_TEXT, quote=_TEXT)
REPLY = an_object(
    id=_TEXT,
    status={"enum": ["answered", "proposed", "clarify", "cannot", "refused", "error"]},
    text=_TEXT,
    **_TABLE,
    query={"type": ["object", "null"]},
    query_text=_TEXT,
    citations=a_list(CITATION),
    proposals=a_list(PROPOSAL),
    options=_TEXTS,
    receipt=_TEXTS,
    suggestions=_TEXTS,
    chart={"type": ["object", "null"]},
    error_id=_MAYBE,
    elapsed_ms=_NUMBER,
)
CHANGE_SET_MEMBERS: dict[str, JsonSchema] = {
    "id": _TEXT,
    "state": {"enum": ["proposed", "withdrawn", "approved", "applied", "rejected", "expired", "superseded",
                       "conflicted", "undone"]},
    "kind": {"enum": ["edit", "import", "undo"]},
    "summary": _TEXT,
    "asked_by": _TEXT,
    "door": _TEXT,
    "created_at": {"type": "string", "format": "date-time"},
    "expires_at": {"type": ["string", "null"], "format": "date-time"},
    "tainted": {"type": "boolean"},
    "undoes": _MAYBE,
    "note": _MAYBE,
    "sha256": {**_TEXT, "description": "Of exactly these changes; an approval names it."},
}  # fmt: skip
CHANGE_SET = an_object(**CHANGE_SET_MEMBERS)
CHANGE_SETS = an_object(items=a_list(CHANGE_SET), next_cursor=_MAYBE)
CHANGE_SET_IN_FULL = an_object(**CHANGE_SET_MEMBERS, changes=a_list(CHANGE), next_cursor=_MAYBE)
UNDONE = an_object(
    undone=_TEXT,
    id={**_MAYBE, "description": "Of the undo, which can be undone; null where nothing could be put back."},
    records={"type": "object", "additionalProperties": _NUMBER},
    left=a_list(an_object(entity=_TEXT, record_id=_NUMBER, label=_TEXT, reason=_TEXT)),
)
