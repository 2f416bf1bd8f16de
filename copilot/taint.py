"""Which messages hold untrusted text, and so taint every turn in which a language model reads them.

Untrusted is what somebody outside may have written: names, companies, notes, bodies, choices and custom text of
records that reps and imports make. Figures, dates and the company's own reference data are not: only an administrator
edits users, stages, products and quotas. The offline planner reads no record text at all, so it taints nothing.
"""

from langchain_core.messages import BaseMessage, ToolMessage

from copilot.fence import is_fenced
from crm_core.models import Kind
from crm_core.query.result import Column, QueryResult
from crm_core.schema import Schema

TAINT = "is_tainted"  # in a tool's artifact, or in `additional_kwargs` of a message that retells others (a summary)
_WORDS = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.CHOICE, Kind.EMAIL, Kind.PHONE, Kind.URL})


def is_tainted(message: BaseMessage) -> bool:
    """Whether `message` brings untrusted text before a model."""
    if message.additional_kwargs.get(TAINT):
        return True
    if not isinstance(message, ToolMessage):
        return False
    return bool((message.artifact or {}).get(TAINT)) or (message.status == "error" and is_fenced(str(message.content)))


def holds_untrusted(result: QueryResult, schema: Schema) -> bool:
    """Whether a result has words in it that somebody outside may have written."""
    loose = [at for at, column in enumerate(result.columns) if _is_loose(column, result.entity, schema)]
    return any(row.values[at] is not None for row in result.rows for at in loose)


def _is_loose(column: Column, entity: str, schema: Schema) -> bool:
    if column.bucket:
        return False
    if column.kind is Kind.REFERENCE:
        return bool(column.entity and schema.entities[column.entity].owned_by)
    return column.kind in _WORDS and bool(schema.entities[_owner(column.name, entity, schema)].owned_by)


def _owner(dotted: str, entity: str, schema: Schema) -> str:
    """The kind of record that a column's field belongs to; `entity` where the column is no field."""
    at = entity
    for step in dotted.split(".")[:-1]:
        field = schema.entities[at].fields.get(step)
        if field is None or field.target is None:
            return entity
        at = field.target
    return at
